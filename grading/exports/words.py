"""Words of exports: what a recipient is told of doses, and what to look at before a packet is used."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from regimens.blinding import Profile

# Profile.OPEN is of no export (regimens/blinding.of_exports).
PROFILES: dict[Profile, Promise] = {
    Profile.BLINDED: _l("blinded: no cohort, regimen, step or dose"),
    Profile.DOSES: _l("regimen, steps and doses; no cohort"),
}
# Of dose periods, as MANIFEST.json counts them.
WARNINGS: dict[str, Promise] = {
    "open_periods": _l("dose periods that are still open"),
    "periods_without_observation": _l("dose periods without a set of vital signs: CRS is not known"),
    "periods_whose_crs_is_not_known": _l("dose periods that have only sets with data missing: CRS is not known"),
    "periods_to_be_judged": _l("dose periods with an episode that is to be judged"),
}
