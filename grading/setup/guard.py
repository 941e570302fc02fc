"""What keeps anybody from being enrolled at a site, as the checklist says it: handed to the guard of enrolment."""

from collections.abc import Iterator
from datetime import datetime

from crsmonitor.errors import Message
from grading.setup.readiness import checklist, missing_at
from grading.setup.selectors import facts_of
from regimens.models import Site, Study


def not_ready(study: Study, site: Site, at: datetime) -> Iterator[Message]:
    """A message for each thing that is missing at this site. None: it is ready."""
    facts = facts_of(study, at=at)
    if site.code not in [one.code for one in facts.sites]:
        yield Message("not_a_site_of_the_study", {"site": site.code})
    for shortfall in missing_at(checklist(facts), site.code):
        yield Message("setup_shortfall", {"shortfall": shortfall})
