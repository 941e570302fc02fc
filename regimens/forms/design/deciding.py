"""The ladder, what is believed, the rules and counts for a what-if: what the page Decide is about."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regimens.charts.figures import plain
from regimens.design.adaptive.decisions import EscalationRule
from regimens.design.contract.comparison import learned_from
from regimens.design.contract.kinds import read
from regimens.design.evidence import EvidenceRule
from regimens.design.parameters import drug
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.typed import TypedBox, TypedForm
from regimens.rules.reading import CaseError

# As in the contract; the pair has two boxes.
RULE = (
    "grade2_above", "grade2_confidence", "grade3_above", "grade3_confidence", "least_at_current", "most_rungs_up",
    "most_fold", "value_until_d", "stop_after", "stop_at",
)  # fmt: skip
SHARE_PRIOR = ("share_a", "share_b")
EVIDENCE = ("any_below", "any_confidence", "grade2_below", "grade2_confidence")
PRIOR = ("ln_smax", "ln_s50", "ln_kin")
SPREADS = (1.0, 1.0, 0.5)  # of the published hazard; a new molecule has twice these
PUBLISHED = "epcoritamab"
DIGITS = 4  # after the point, of a mean that is proposed
PUBLISHED_MEANS = (0.0539, round(math.log(0.0943), DIGITS), -0.832)
BOXLESS = ("i50_over_s50", "hill", "pk_patients", "population", "seed")  # a program may have said them
IN_DATA = re.compile(r"data\[(\d+)\](?:\.(\w+))?")
IN_LADDER = re.compile(r"ladder(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """The boxes of a dose period of a regimen."""

    number: int
    from_d: float
    to_d: float
    n: TypedBox
    events: TypedBox


class DecideForm(TypedForm):
    """`comparison`: the regimens of the version. `periods`: of each, from and to. `kept`: its rule, of which what has
    no box stays as it is. None: it has no rule."""

    def __init__(
        self, values: Mapping[str, str], comparison: Mapping[str, Any], periods: Sequence[Sequence[Sequence[float]]],
        kept: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(values)
        self.comparison, self.periods, self.kept = comparison, periods, kept or {}
        self.names: list[str] = [one["name"] for one in comparison["regimens"]]
        self.filled = [place for place in range(len(self.names)) if self.text(f"ladder-{place}")]
        self.counted: list[tuple[int, int]] = [
            (place, period)
            for place, spans in enumerate(periods)
            for period in range(1, len(spans) + 1)
            if self.text(f"data-{place}-{period}-n").strip() or self.text(f"data-{place}-{period}-events").strip()
        ]

    @property
    def ladder(self) -> list[TypedBox]:
        return [self.box[f"ladder-{place}"] for place in range(len(self.names))]

    @property
    def most_periods(self) -> range:
        """The numbers of dose periods of the regimen that has most."""
        return range(1, max(map(len, self.periods)) + 1)

    @property
    def counts(self) -> list[tuple[str, list[CountedPeriod]]]:
        return [
            (name, [self._counted(place, number, span) for number, span in enumerate(self.periods[place], start=1)])
            for place, name in enumerate(self.names)
        ]

    @property
    def is_emptied(self) -> bool:
        """No regimen is on the ladder: the version has no rule then."""
        return not self.filled

    def document(self) -> dict[str, Any] | None:
        """The input of `escalation`. None: the ladder is empty, or boxes say what is wrong."""
        document = self._typed()
        if self.is_faulty or self.is_emptied:
            return None
        try:
            read("escalation", document)
        except CaseError as error:
            self._take(error)
            return None
        return document

    def evidence_rule(self) -> dict[str, Any] | None:
        """None: its boxes say what is wrong."""
        given = self.group("evidence", EVIDENCE)
        try:
            read("evidence", {"doses": [{"dose": 1, "n": 0}], "rule": given})
        except CaseError as error:
            self.blame(f"evidence-{(error.field or '').rpartition('.')[2]}", fault_text(error))
        return None if any(name.startswith("evidence-") for name in self.faults) else given

    def _typed(self) -> dict[str, Any]:
        document = {name: self.kept[name] for name in BOXLESS if name in self.kept} | learned_from(self.comparison)
        prior = {name: [self.number(f"prior-{name}-mean"), self.number(f"prior-{name}-sd")] for name in PRIOR}
        for name, pair in prior.items():
            for part, value in zip(("mean", "sd"), pair, strict=True):
                if value is None and f"prior-{name}-{part}" not in self.faults and not self.is_emptied:
                    self.blame(f"prior-{name}-{part}", _("This is missing."))
        document["prior"] = prior
        document["data"] = [self._row(*one) for one in self.counted]
        document["ladder"] = [self.text(f"ladder-{place}") for place in self.filled]
        document["current"] = self.text("current") or (document["ladder"] or [""])[0]
        document["grade3"] = self.group("grade3", ("events", "of")) or {"events": 0, "of": 0}
        rule = self.group("rule", RULE)
        shares = [self.number(f"rule-{name}") for name in SHARE_PRIOR]
        for name, value in zip(SHARE_PRIOR, shares, strict=True):
            if value is None and f"rule-{name}" not in self.faults and any(one is not None for one in shares):
                self.blame(f"rule-{name}", _("This is missing."))
        if None not in shares:
            rule["grade3_share_prior"] = shares
        document["rule"] = rule
        return document

    def _row(self, place: int, period: int) -> dict[str, Any]:
        return {"regimen": self.names[place], "period": period} | self.group(f"data-{place}-{period}", ("n", "events"))

    def _counted(self, place: int, number: int, span: Sequence[float]) -> CountedPeriod:
        box = f"data-{place}-{number}"
        return CountedPeriod(number, span[0], span[1], self.box[f"{box}-n"], self.box[f"{box}-events"])

    def _take(self, error: CaseError) -> None:
        """At its box; a fault of what has no box above the form."""
        path, text = error.field or "", fault_text(error)
        box = path.replace(".", "-")
        if match := IN_DATA.fullmatch(path):
            place, period = self.counted[int(match[1])]
            box = f"data-{place}-{period}-{match[2] or 'n'}"
        elif match := IN_LADDER.fullmatch(path):
            box = f"ladder-{self.filled[int(match[1] or 0)]}"
        elif path.startswith("rule.grade3_share_prior"):
            box = f"rule-{SHARE_PRIOR[path.endswith('[1]')]}"
        elif path.startswith("prior."):
            name, _dot, at = path.removeprefix("prior.").partition("[")
            box = f"prior-{name}-{'sd' if at.startswith('1') else 'mean'}"
        known = box in ("current", "grade3-events", "grade3-of") or box.startswith(
            ("data-", "ladder-", "rule-", "prior-")
        )
        self.blame(box if known else "", text)


def proposed(comparison: Mapping[str, Any]) -> dict[str, str]:
    """What the boxes begin with where nobody has saved a rule: the columns in their order, and the defaults."""
    names = [one["name"] for one in comparison["regimens"]]
    typed = {f"ladder-{place}": name for place, name in enumerate(names)} | {"current": names[0]}
    return typed | _rule_typed({}) | _prior_typed(usual_prior(comparison)) | evidence_typed(None)


def as_typed(comparison: Mapping[str, Any], escalation: Mapping[str, Any]) -> dict[str, str]:
    """What the boxes show of a rule that was kept."""
    names = [one["name"] for one in comparison["regimens"]]
    typed = {f"ladder-{place}": name for place, name in enumerate(escalation["ladder"])}
    typed |= {"current": escalation["current"]}
    prior = {name: tuple(map(float, pair)) for name, pair in (escalation.get("prior") or {}).items()}
    typed |= _prior_typed(usual_prior(comparison) | prior) | _rule_typed(escalation.get("rule") or {})
    for (place, period), row in _added(escalation["data"], names).items():
        typed |= {f"data-{place}-{period}-{name}": str(value) for name, value in row.items()}
    if any(escalation["grade3"].values()):
        typed |= {f"grade3-{name}": str(value) for name, value in escalation["grade3"].items()}
    return typed


def usual_prior(comparison: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    """Means and standard deviations: the published ones, twice as wide for another molecule's hazard.

    Empty: there is no hazard to begin from.
    """
    given, name = comparison.get("hazard"), comparison.get("drug")
    if given is None and name == PUBLISHED:
        return dict(zip(PRIOR, zip(PUBLISHED_MEANS, SPREADS, strict=True), strict=True))
    own = drug(name).hazard if name else None
    if given is not None:
        values = (given["smax_per_d"], given["s50_ug_ml"], given.get("kin_per_d") or 0.435)
    elif own is not None:
        values = (own.smax, own.s50, own.kin)
    else:
        return {}
    means = [round(math.log(float(value)), DIGITS) for value in values]
    return {name: (mean, 2 * sd) for name, mean, sd in zip(PRIOR, means, SPREADS, strict=True)}


def evidence_typed(rule: Mapping[str, Any] | None) -> dict[str, str]:
    whole = asdict(EvidenceRule()) | dict(rule or {})
    return {f"evidence-{name}": plain(float(whole[name])) for name in EVIDENCE}


def _rule_typed(rule: Mapping[str, Any]) -> dict[str, str]:
    whole = asdict(EscalationRule()) | dict(rule)
    typed = {f"rule-{name}": plain(float(whole[name])) for name in RULE if whole[name] is not None}
    shares = zip(SHARE_PRIOR, whole["grade3_share_prior"], strict=True)
    return typed | {f"rule-{name}": plain(float(value)) for name, value in shares}


def _prior_typed(prior: Mapping[str, tuple[float, ...]]) -> dict[str, str]:
    parts = ("mean", "sd")
    return {
        f"prior-{name}-{part}": plain(value)
        for name, pair in prior.items()
        for part, value in zip(parts, pair, strict=True)
    }


def _added(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[tuple[int, int], dict[str, int]]:
    """Rows of one dose period as one: a page has one pair of boxes for it."""
    sums: dict[tuple[int, int], dict[str, int]] = {}
    for row in rows:
        one = sums.setdefault((names.index(row["regimen"]), int(row["period"])), {"n": 0, "events": 0})
        one["n"] += int(Decimal(str(row["n"])))
        one["events"] += int(Decimal(str(row["events"])))
    return sums
