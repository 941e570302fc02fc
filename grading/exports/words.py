"""Words of exports: what a recipient is told of doses, and what to look at before a packet is used."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from regimens.blinding import Profile

# Profile.OPEN is of no export (regimens/blinding.of_exports).
PROFILES: dict[Profile, Promise] = {
    Profile.BLINDED: _l("blinded: no cohort, regimen, step or dose"),
    Profile.DOSES: _l("regimen, steps and doses; no cohort"),
    Profile.DMC: _l("data monitoring committee: cohort, regimen, steps and doses, also of a blinded study"),
}
# Of dose periods, as MANIFEST.json counts them.
WARNINGS: dict[str, Promise] = {
    "open_periods": _l("dose periods that are still open"),
    "periods_without_observation": _l("dose periods without a set of vital signs: CRS is not known"),
    "periods_whose_crs_is_not_known": _l("dose periods that have only sets with data missing: CRS is not known"),
    "periods_without_risk_window": _l(
        "dose periods of a step without a risk window: RISKWCFL and CENSFL are empty. The next version gives it."
    ),
    "periods_to_be_judged": _l("dose periods with an episode that is to be judged"),
}


def warning_words(counts: Mapping[str, int]) -> list[tuple[Promise, int]]:
    """The words of those that are said of any period at all, with of how many."""
    return [(WARNINGS[name], count) for name, count in counts.items() if count]


# Of a dose period, on the page of what is new since a cut.
CHANGES: dict[str, Promise] = {
    "new": pgettext_lazy("dose period", "new"),
    "changed": pgettext_lazy("dose period", "changed"),
    "gone": pgettext_lazy("dose period", "no longer there"),
}
# Of the picture of rows by step, in the order of a bar.
STEP_PARTS: dict[str, Promise] = {
    "crs": _l("CRS"),
    "none": _l("no CRS"),
    "so_far": _l("no CRS so far, still open"),
    "unknown": _l("CRS is not known"),
    "not_given": _l("dose not given"),
}
# What a column is needed for, in the dictionary.
NEEDS: dict[str, Promise] = {"key": pgettext_lazy("column", "key"), "core": pgettext_lazy("column", "core")}
