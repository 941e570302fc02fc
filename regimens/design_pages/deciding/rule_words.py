"""A rule of a version in sentences, each number with what it does: for a page, a print and a protocol."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from regimens.charts.figures import percent, plain
from regimens.design.evidence import EvidenceRule

# What stands at the box of each number of the escalation rule: its name, and what a larger one does.
RULE_BOXES: dict[str, tuple[Promise, Promise]] = {
    "grade2_above": (
        _l("Event: limit"), _l("share of people (0 to 1) in the worst dose period above which a rung is too toxic"),
    ),
    "grade2_confidence": (
        _l("Event: probability"),
        _l("not allowed from this probability on that the limit is passed; lower is stricter"),
    ),
    "grade3_above": (_l("Grade 3: limit"), _l("share of people with grade 3 or more, over all dose periods")),
    "grade3_confidence": (
        _l("Grade 3: probability"), _l("not allowed from this probability on that the limit is passed"),
    ),
    "share_a": (_l("Share of grade 3, prior a"), _l("Beta prior of the share of events that are grade 3 or more: a")),
    "share_b": (
        _l("Share of grade 3, prior b"),
        _l("and b; 0.8 and 9.2 are worth 10 events, of which 0.8 are grade 3"),
    ),
    "least_at_current": (
        _l("Least before a higher rung"), _l("participants observed in every dose period of the one given now"),
    ),
    "most_rungs_up": (_l("Rungs at a time"), _l("at most so many up")),
    "most_fold": (_l("Largest fold"), _l("of the largest dose, at most; left empty: any")),
    "value_until_d": (_l("Worth until day"), _l("the rung of the highest exposure to this day is recommended")),
    "stop_after": (
        _l("Stop after"), _l("participants: where no rung is allowed; before, it falls back to the lowest"),
    ),
    "stop_at": (_l("Stop at"), _l("this probability that the lowest rung passes the limit of the event")),
}  # fmt: skip
EVIDENCE_BOXES: dict[str, tuple[Promise, Promise]] = {
    "any_below": (_l("Any grade: below"), _l("share of people with CRS of any grade (0 to 1)")),
    "any_confidence": (_l("Any grade: probability"), _l("that it is below, at least")),
    "grade2_below": (_l("Grade 2 or more: below"), _l("share of people (0 to 1)")),
    "grade2_confidence": (_l("Grade 2 or more: probability"), _l("that it is below, at least")),
}


def rule_sentences(rule: Mapping[str, Any], event: Promise | str) -> list[str]:
    """All numbers of the escalation rule."""
    share_a, share_b = (plain(float(value)) for value in rule["grade3_share_prior"])
    sentences = [
        _(
            "A rung is not allowed where the probability is %(confidence)s %% or more that its worst dose period has"
            " %(event)s in more than %(limit)s %% of people."
        )
        % {"confidence": percent(rule["grade2_confidence"]), "event": event, "limit": percent(rule["grade2_above"])},
        _(
            "Nor where it is %(confidence)s %% or more that more than %(limit)s %% of people have grade 3 or more; the"
            " share of events that are grade 3 or more has the prior Beta(%(a)s, %(b)s)."
        )
        % {
            "confidence": percent(rule["grade3_confidence"]), "limit": percent(rule["grade3_above"]), "a": share_a,
            "b": share_b,
        },
        _(
            "A higher rung only after %(least)s participants were observed in every dose period of the one given now,"
            " and at most %(most)s up at a time."
        )
        % {"least": rule["least_at_current"], "most": rule["most_rungs_up"]},
    ]  # fmt: skip
    if rule["most_fold"] is not None:
        sentences.append(
            _("The largest dose of a higher rung is at most %(fold)s-fold that of the one given now.")
            % {"fold": plain(float(rule["most_fold"]))}
        )
    return [
        *sentences,
        _("Of the allowed rungs the one with the highest exposure to day %(days)s is recommended.")
        % {"days": plain(float(rule["value_until_d"]))},
        _(
            "It stops where the probability is %(at)s %% or more that the lowest rung is too toxic, or where no rung is"
            " allowed and %(after)s participants or more were observed. With fewer it falls back to the lowest rung."
        )
        % {"at": percent(rule["stop_at"]), "after": rule["stop_after"]},
    ]


def evidence_sentence(given: Mapping[str, Any]) -> str:
    """The evidence rule, the contract's number where none is given. It is asked of counts alone: no model answers."""
    rule = asdict(EvidenceRule()) | dict(given)
    return _(
        "From a dose on, less intense monitoring is supported where, for it and every later dose, the model-free"
        " probability is %(any_confidence)s %% or more that CRS of any grade is below %(any_below)s %%, and"
        " %(grade2_confidence)s %% or more that grade 2 or more is below %(grade2_below)s %%."
    ) % {name: percent(float(value)) for name, value in rule.items()}


class DefaultTried(NamedTuple):
    """What a rule did in 50 simulated trials of one truth. Texts, as they are printed."""

    truth: Promise
    rule: Promise
    highest: str
    none: str
    participants: str
    over: str


# Of this project: cohorts of 3, at most 30 participants, rungs 0.16/0.8/x/x mg with x of 6, 12, 24 and 48.
DEFAULTS_TRIED = (
    DefaultTried(
        _l("published hazard (over all dose periods: 25 %)"), _l("grade 3: limit 0.05, stops at once"),
        "0.60", "0.36", "22", "0",
    ),
    DefaultTried(_l("published hazard"), _l("grade 3: limit 0.05, stop after 6"), "0.70", "0.22", "26", "0"),
    DefaultTried(
        _l("published hazard"), _l("the default: limit 0.10, stop after 6, stop at 0.8"), "0.82", "0.08", "28", "0"
    ),
    DefaultTried(_l("published hazard"), _l("grade 3: limit 0.10, stop after 9"), "0.94", "0.00", "30", "0"),
    DefaultTried(
        _l("SMAX x 3 (upper rungs: 28 to 32 %)"), _l("the default"), "0.02", "0.84", "12", "0.22"
    ),
    DefaultTried(_l("SMAX x 8 (every rung: 43 to 64 %)"), _l("the default"), "0", "1.00", "4", "1"),
    DefaultTried(
        _l("slow tolerance, Kin 0.2 (22 to 42 %)"), _l("the default"), "0", "0.68", "17", "0.44"
    ),
    DefaultTried(_l("SMAX / 3"), _l("the default"), "1.00", "0", "30", "0"),
)  # fmt: skip
