"""The rules of a study for dose-limiting toxicity, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regimens.models import Study, Syndrome


def limiting_text(study: Study, syndrome: str) -> str:
    """Each pair of grade and hours for this syndrome, the highest grade first: any of them limits the dose."""
    return pgettext("between rules of which one is enough", ", or ").join(
        _("grade %(grade)s or above for %(hours)s h") % {"grade": grade, "hours": hours}
        if hours
        else _("grade %(grade)s or above, however short") % {"grade": grade}
        for grade, hours in study.limiting_rules(syndrome)
    )


def limiting_of_both(study: Study) -> str:
    """Said once where the same holds of both syndromes, else of each."""
    crs, icans = (limiting_text(study, one.value) for one in Syndrome)
    return crs if crs == icans else _("CRS: %(crs)s; ICANS: %(icans)s") % {"crs": crs, "icans": icans}
