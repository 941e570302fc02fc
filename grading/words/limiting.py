"""The rules of a study for dose-limiting toxicity, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regimens.models import Study


def limiting_text(study: Study) -> str:
    """Each pair of grade and hours, the highest grade first: any of them limits the dose."""
    return pgettext("between rules of which one is enough", ", or ").join(
        _("grade %(grade)s or above for %(hours)s h") % {"grade": grade, "hours": hours}
        if hours
        else _("grade %(grade)s or above, however short") % {"grade": grade}
        for grade, hours in study.limiting_rules
    )
