"""Words of the escalation rule: what it recommends, and why a rung is not allowed, with the numbers behind."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from regimens.charts.figures import chance, percent, plain


class DecisionMark(NamedTuple):
    """Told by letter and shape, never by colour alone."""

    letter: str
    shape: str
    word: Promise


DECISION_MARKS: dict[str, DecisionMark] = {
    "escalate": DecisionMark("E", "▲", _l("escalate: a higher rung")),
    "stay": DecisionMark("S", "■", _l("stay on the rung")),
    "deescalate": DecisionMark("D", "▼", _l("de-escalate: a lower rung")),
    "stop": DecisionMark("X", "✕", pgettext_lazy("the rule", "stop: no rung is recommended")),
}
RECOMMENDED: dict[str, Promise] = {
    "escalate": _l("The rule recommends to go up to %(regimen)s."),
    "stay": _l("The rule recommends to stay on %(regimen)s."),
    "deescalate": _l("The rule recommends to go down to %(regimen)s."),
    "stop": _l("The rule recommends to stop: it recommends no rung."),
}
PARAMETERS: dict[str, tuple[str, str]] = {
    "ln_smax": ("SMAX", "/d"), "ln_s50": ("S50", "µg/mL"), "ln_kin": ("Kin", "/d"),
}  # fmt: skip


class TrialStanding(NamedTuple):
    """What of the trial so far the reasons speak of. `at_current`: the fewest observed in a dose period of it."""

    current: str
    at_current: int
    in_all: int
    places: Mapping[str, int]


def reason_text(
    code: str, rung: Mapping[str, Any], rule: Mapping[str, Any], standing: TrialStanding, event: Promise | str
) -> str:
    """Why the rung is not allowed, in a sentence."""
    if code == "grade2_too_likely":
        return _(
            "That its worst dose period has %(event)s in more than %(limit)s %% of people has a probability of"
            " %(p)s %%: it must be below %(asked)s %%."
        ) % {
            "event": event, "limit": percent(rule["grade2_above"]), "p": chance(rung["over_grade2"]),
            "asked": percent(rule["grade2_confidence"]),
        }  # fmt: skip
    if code == "grade3_too_likely":
        return _(
            "That more than %(limit)s %% of people have grade 3 or more has a probability of %(p)s %%: it must be"
            " below %(asked)s %%."
        ) % {
            "limit": percent(rule["grade3_above"]), "p": chance(rung["over_grade3"]),
            "asked": percent(rule["grade3_confidence"]),
        }  # fmt: skip
    if code == "too_few_at_current":
        return _("%(n)s observed in every dose period of %(current)s: %(least)s are asked before a higher rung.") % {
            "n": standing.at_current, "current": standing.current, "least": rule["least_at_current"],
        }  # fmt: skip
    if code == "too_many_rungs":
        return _("%(up)s rungs above %(current)s: at most %(most)s at a time.") % {
            "up": standing.places[rung["name"]] - standing.places[standing.current], "current": standing.current,
            "most": rule["most_rungs_up"],
        }  # fmt: skip
    if code == "too_many_fold":
        return _("Its largest dose is more than %(fold)s-fold that of %(current)s.") % {
            "fold": plain(float(rule["most_fold"])), "current": standing.current,
        }  # fmt: skip
    return code


def recommendation_text(answer: Mapping[str, Any], rule: Mapping[str, Any], standing: TrialStanding) -> list[str]:
    """What is recommended, and what of it is no good news."""
    lowest, recommended = answer["regimens"][0], answer["recommended"]
    texts = [str(RECOMMENDED[answer["decision"]]) % {"regimen": recommended}]
    if answer["decision"] == "stop":
        if lowest["over_grade2"] >= rule["stop_at"]:
            texts.append(
                _("The lowest rung is too likely to be too toxic: %(p)s %%, and from %(asked)s %% on it stops.")
                % {"p": chance(lowest["over_grade2"]), "asked": percent(rule["stop_at"])}
            )
        else:
            texts.append(
                _("No rung is allowed, and %(n)s participants were observed: from %(asked)s on it stops.")
                % {"n": standing.in_all, "asked": rule["stop_after"]}
            )
    elif not any(one["allowed"] for one in answer["regimens"]):
        texts.append(
            _(
                "NO RUNG IS ALLOWED. It falls back to the lowest since only %(n)s of %(asked)s participants were"
                " observed."
            )
            % {"n": standing.in_all, "asked": rule["stop_after"]}
        )
    return texts
