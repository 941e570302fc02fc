"""Words of what was predicted and how surprising what came is."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.evidence.observed import BandEvidence
from grading.evidence.predicted.rows import Foretold
from grading.evidence.shown.words import ENDPOINTS, share_text
from grading.evidence.support import ANY, GRADE2

DIRECTIONS: Mapping[str, Promise] = {
    "more": _l("%(bits)s bits, more events than predicted"), "fewer": _l("%(bits)s bits, fewer events than predicted"),
    "as": _l("%(bits)s bits, as predicted"),
}  # fmt: skip
TAKEN_FROM: Mapping[str, Promise] = {"prior": _l("the prior"), "posterior": _l("the posterior")}
PREDICTED_ENDPOINTS: Mapping[str, str] = {"grade2plus": GRADE2}


def band_text(band: BandEvidence) -> str:
    """What was frozen and when, of which endpoint, and how old what was learned is."""
    values = {
        "draws": band.draws, "from": TAKEN_FROM[band.taken_from], "at": f"{band.frozen_at:%Y-%m-%d %H:%M}",
        "endpoint": ENDPOINTS[PREDICTED_ENDPOINTS.get(band.endpoint, ANY)], "waiting": band.waiting,
        "computed": "" if band.computed_at is None else f"{band.computed_at:%Y-%m-%d %H:%M}",
    }  # fmt: skip
    text = _(
        "%(endpoint)s, for the doses really given: %(draws)s draws of %(from)s, frozen %(at)s UTC, before any data. "
        "1 bit is what half of all true predictions do; from 4.3 bits (two-sided p 0.05) people look, and several "
        "rows are several chances. It stops nothing by itself."
    )
    if band.computed_at is None:
        learned = _("What the outcomes leave of the model was not computed yet.")
    else:
        learned = _("What the outcomes leave of the model was computed %(computed)s UTC.") % values
    return f"{text % values} {learned}"


def behind_text(band: BandEvidence) -> str:
    """What is shown is older than the facts."""
    if band.computed_at is None:
        return _("It waits for its first computation in the background; participants without a prediction: %(n)s.") % {
            "n": band.waiting
        }
    return _("Facts changed since it was computed: it is computed again in the background. Counts are those of now.")


def expected_text(of: Foretold) -> str:
    low, high = of.interval
    return _("%(expected)s of %(n)s (%(low)s–%(high)s)") % {
        "expected": f"{of.expected:.1f}", "n": of.n, "low": low, "high": high,
    }  # fmt: skip


def surprise_text(of: Foretold) -> str:
    if of.bits is None:
        return _("no draw allows such a count")
    return str(DIRECTIONS[of.direction]) % {"bits": f"{of.bits:.1f}"}


def mean_text(of: Foretold) -> str:
    low, high = of.mean_interval
    return _("%(mean)s (%(low)s–%(high)s)") % {
        "mean": share_text(of.mean), "low": f"{100 * low:.1f}", "high": share_text(high),
    }  # fmt: skip
