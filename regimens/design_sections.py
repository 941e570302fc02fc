"""What a protocol says of a version that was made of a design: as sections beside those of its document, in English.

Pages round to what intervals justify; doses and what was typed keep every digit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import translation

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from regimens.charts.figures import percent, plain, span
from regimens.design.contract import kinds
from regimens.design_pages.answers import answered
from regimens.design_pages.assumptions import of_comparison
from regimens.design_pages.deciding.operating import ENDS
from regimens.design_pages.decision_words import DECISION_MARKS
from regimens.design_pages.escalating import endpoint_of, evidence_rule_of, rule_of
from regimens.design_pages.words import ENDPOINTS
from regimens.library.protocol import Row, Section
from regimens.models import DesignedRegimen, DesignRun, Regimen
from regimens.rules.reading import CaseError
from regimens.rules.runs import RunState
from regimens.selectors import studies_for
from regimens.selectors.decided import decisions_of_design
from regimens.selectors.designs import origin_for

MOST_PATHS = 256  # outcomes of the next participants: three of four dose periods
STOPS = "no rung"
RESEARCH = (
    "A model's number never releases a dose, shortens a window, silences an alert or stops a trial: a person decides "
    "and signs."
)
_LINES = ("Line", "Formula", "Inputs", "Value")
_TRIAL = ("Regimen", "Dose period", "Days", "Mean", "Between people (5 to 95 %)", "Not knowing the parameters",
          "Chance in n people")  # fmt: skip
_TYPICAL = ("Regimen", "Dose period", "Days", "Typical person")
_OPERATING = ("Design", "Selected", "None", "Participants: median (10 to 90 %); mean", "Events", "Grade 3 or more",
              "Over-treated", "Why trials ended")  # fmt: skip
_DECISIONS = ("When (UTC)", "Rung", "Recommended", "Known until", "Why", "By", "Facts (SHA-256)")


def design_sections(version: Regimen, *, user: User | None) -> list[Section]:
    """Empty: it was made of none, or its designs are not for this user. `user` None: whoever operates the server."""
    designed = _origin(version, user)
    if designed is None:
        return []
    with translation.override("en"):
        return [one for one in _sections(designed, user) if one.rows]


def _origin(version: Regimen, user: User | None) -> DesignedRegimen | None:
    if user is not None:
        return origin_for(user, version.pk)
    related = ("version__design", "band")
    return DesignedRegimen.objects.select_related(*related).filter(regimen=version).first()


def _sections(designed: DesignedRegimen, user: User | None) -> list[Section]:
    contents = designed.version.contents
    comparison, escalation = contents.get("comparison"), contents.get("escalation")
    trial, operating = (_finished(designed, kind) for kind in ("trial", "operating"))
    return [
        Section(title="Design", columns=("What", "Value"), rows=tuple(_about(designed))),
        Section(title="Starting dose", columns=_LINES, rows=tuple(_starting_dose(contents.get("starting_dose")))),
        Section(title="Model and assumptions", columns=("What rests on it", "Assumption", "Source"),
                rows=tuple(_assumptions(comparison or escalation))),
        Section(title="Predicted CRS by dose", columns=_TRIAL if trial else _TYPICAL,
                rows=tuple(_trial(trial) if trial else _typical(comparison or escalation))),
        Section(title="Escalation rule", columns=("Number", "Value"), rows=tuple(_rule(escalation))),
        Section(title="Operating characteristics", columns=_OPERATING, rows=tuple(_operating(operating))),
        Section(title="Pathways", columns=("Events in each dose period", "Decision", "Recommended"),
                rows=tuple(_pathways(escalation))),
        Section(title="Evidence rule", columns=("Number", "Value"),
                rows=tuple((name.replace("_", " "), plain(one)) for name, one in
                           evidence_rule_of(designed.version).items())),
        Section(title="Decisions", columns=_DECISIONS, rows=tuple(_decisions(designed, user))),
    ]  # fmt: skip


def _finished(designed: DesignedRegimen, kind: str) -> DesignRun | None:
    """The run that was shown when it was drafted, else the newest of this version."""
    done = DesignRun.objects.filter(version=designed.version, kind=kind, progress__state=RunState.DONE)
    runs = done.select_related("result").order_by("-queued_at")
    return runs.filter(pk=designed.run_id).first() or runs.first()


def _about(designed: DesignedRegimen) -> Iterator[Row]:
    version, band = designed.version, getattr(designed, "band", None)
    yield "Design", f"{version.design.name}, version {version.number}"
    yield "SHA-256 of the version", version.sha256
    for cohort, regimen in designed.rungs.items():
        yield f"Cohort {cohort}" if cohort else "Regimen", regimen
    if designed.run_id is not None:
        yield "Run that was shown", str(designed.run_id)
    if band is not None:
        yield "Band of what is predicted", f"{len(band.draws)} draws of the {band.taken_from}, frozen {_at(band.at)}"
        yield "Engine", band.engine
    yield "Research software", RESEARCH


def _at(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _starting_dose(given: Mapping[str, Any] | None) -> Iterator[Row]:
    if not given:
        return
    for one in answered("starting_dose", given)["steps"]:
        inputs = ", ".join(f"{name} = {plain(value)}" for name, value in one["inputs"].items())
        yield one["name"], one["formula"], inputs, f"{plain(one['value'])} {one['unit']}".strip()


def _assumptions(compared: Mapping[str, Any] | None) -> Iterator[Row]:
    if compared:
        yield "every probability", str(ENDPOINTS[endpoint_of({"comparison": compared})]), ""
        for one in of_comparison(compared, hazard=True):
            yield str(one.rests), str(one.text), str(one.source)


def _trial(run: DesignRun | None) -> Iterator[Row]:
    if run is None:
        return
    for regimen in run.result.contents["regimens"]:
        for place, one in enumerate([*regimen["periods"], regimen["total"]], 1):
            whole = "from_d" not in one
            people, count = one.get("patients"), one["count_interval"]
            yield (
                regimen["name"], "all" if whole else str(place), "" if whole else _days(one),
                f"{percent(one['mean'])} %", f"{span(people[0], people[-1])} %" if people else "",
                f"{span(*one['mean_interval'])} %" if one["mean_interval"] else "",
                f"{count[0]}–{count[1]} of {run.fields.get('n')}" if count else "",
            )  # fmt: skip


def _days(period: Mapping[str, Any]) -> str:
    return f"{plain(period['from_d'])}–{plain(period['to_d'])}"


def _typical(compared: Mapping[str, Any] | None) -> Iterator[Row]:
    """Where no virtual trial is finished: the typical person alone, by the point parameters."""
    shared = ("drug", "pk", "patient", "hazard", "horizon_d", "last_period_d")
    common = {name: value for name, value in (compared or {}).items() if name in shared}
    for regimen in (compared or {}).get("regimens", ()):
        try:
            answer = answered("risk", common | {"doses": regimen["doses"]})
        except CaseError:
            return  # no hazard: no probability is told
        for place, one in enumerate(answer["periods"], 1):
            yield regimen["name"], str(place), _days(one), f"{percent(one['p'])} %"


def _rule(escalation: Mapping[str, Any] | None) -> Iterator[Row]:
    if escalation:
        yield "ladder", " → ".join(escalation["ladder"])
        for name, value in rule_of(escalation).items():
            yield name.replace("_", " "), _number(value)


def _number(value: Any) -> str:
    if value is None:
        return "none"
    return " and ".join(map(plain, value)) if isinstance(value, list | tuple) else plain(value)


def _operating(run: DesignRun | None) -> Iterator[Row]:
    """As its page has it. A run of an engine that told neither quantiles nor why trials ended has its means alone."""
    for one in () if run is None else run.result.contents["designs"]:
        spread = one.get("quantiles", {})
        yield (
            one["design"], "; ".join(f"{rung['name']} {_pct(rung['share'])}" for rung in one["selected"]),
            _pct(one["none"]),
            *(_over_trials(spread.get(of), f"{one[of]:.1f}", plain) for of in ("participants", "events", "grade3")),
            _over_trials(spread.get("over_share"), _pct(one["over_share"]), _pct),
            "; ".join(f"{ENDS[end['because']]} {_pct(end['share'])}" for end in one.get("ends", ()) if end["share"]),
        )  # fmt: skip


def _pct(share: float) -> str:
    return f"{percent(share)} %"


def _over_trials(quantiles: Sequence[float] | None, mean: str, text_of: Callable[[float], str]) -> str:
    if quantiles is None:
        return f"mean {mean}"
    low, median, high = map(text_of, quantiles)
    return f"{median} ({low}–{high}); mean {mean}"


def _pathways(escalation: Mapping[str, Any] | None) -> Iterator[Row]:
    """Every outcome of the next participants on the first rung: three of them, or as many as give few enough rows."""
    if not escalation:
        return
    current = escalation["current"]
    for n in (3, 2, 1):
        question = {**escalation, "next": {"regimen": current, "n": n}}
        try:
            outcomes = kinds.size_of("pathways", kinds.read("pathways", question))
        except CaseError:
            continue  # more outcomes than the contract tells
        if outcomes <= MOST_PATHS:
            yield f"{n} more on {current}", "", ""
            for one in answered("pathways", question)["paths"]:
                yield (
                    ", ".join(map(str, one["events"])), str(DECISION_MARKS[one["decision"]].word),
                    one["recommended"] or STOPS,
                )  # fmt: skip
            return


def _decisions(designed: DesignedRegimen, user: User | None) -> Iterator[Row]:
    """Names and reasons for whoever sees the study's staff, which a sponsor does not."""
    study = designed.version.design.study
    named = user is None or studies_for(user, Act.SEE_WARD).contains(study)
    for one in decisions_of_design(designed.version.design, user=user):
        against = " (against the recommendation)" if one.is_against else ""
        yield (
            _at(one.at), (one.rung or STOPS) + against, one.recommended or STOPS, _at(one.cut),
            one.reason if named else "", one.decided_by.get_username() if named else "", one.facts_sha256,
        )  # fmt: skip
