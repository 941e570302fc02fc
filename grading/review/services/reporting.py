"""What is said of an episode as an event must be about one that is there, and a correction about the same."""

from crsmonitor.errors import InvalidInput
from grading.models import Episode
from grading.models.reports.event_reports import EpisodeFact


def check_about(draft: EpisodeFact) -> None:
    """Raises InvalidInput. An episode that is gone since can still have taken back what was said of it."""
    before = draft.supersedes
    if isinstance(before, type(draft)):
        if (str(before.about_root), before.kind) != (str(draft.about_root), draft.kind):
            raise InvalidInput.at("supersedes", "correction_keeps_ledger")
        return
    about = {"participant": draft.participant_id, "kind": draft.kind, "root": draft.about_root}
    if not Episode.objects.filter(**about).exists():
        raise InvalidInput.at("about_root", "no_such_set_or_episode")
