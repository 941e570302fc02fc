"""A regimen as a protocol appendix: sections of rows, in English, as the sources say it. One structure for the page,
the Markdown, the HTML and the difference of two versions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regimens.library import Document, plan_of
from regimens.rules.plan import Cycles, Plan, PlannedStep

NOT_FOUND_WINDOW = "not found: the study that adopts the regimen gives it"

Data = Mapping[str, Any]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`rows`: one text a column; what is not known is an empty text."""

    title: str
    columns: Row
    rows: tuple[Row, ...]


def number(value: object) -> str:
    """A number of the document as people write it: no exponent, no trailing zero. Empty: there is none."""
    if value is None:
        return ""
    exact = Decimal(str(value)).normalize()
    return f"{exact:f}"


def sections_of(document: Document, variant: str | None = None) -> list[Section]:
    """`variant`: only this region's label; None: all. Raises KeyError for one that the document has not."""
    data, plan = document.data, plan_of(document)
    regions = {variant: data["variants"][variant]} if variant else dict(data.get("variants", {}))
    made = [
        Section(title="Regimen", columns=("What", "As published", "Source"),
                rows=tuple(_about(data, variant, regions))),
        Section(title="Schedule", columns=_SCHEDULE, rows=tuple(_schedule(data, plan, variant, regions))),
        Section(title="Doses by weight", columns=("Who", "Step", "Dose", "Condition", "As published", "Source"),
                rows=tuple(_by_weight(data))),
        Section(title="Cohorts", columns=("Cohort", "Doses", "Staggering", "Sentinel"), rows=tuple(_cohorts(data))),
        Section(title="Premedication", columns=("When", "Step", "Drug", "Dose", "Timing", "Remark", "Source"),
                rows=tuple(_premedication(data))),
        Section(title="Observation", columns=("Label of", "After", "Hours", "From", "Where", "As published", "Source"),
                rows=tuple(_observation(regions))),
        Section(title="Looks", columns=("Step", "Vital signs every", "Neuro assessment every", "Risk window"),
                rows=tuple(_looks(data))),
        Section(title="Tocilizumab on site", columns=("Before", "Doses", "Label of", "As published", "Source"),
                rows=tuple(_on_site(data, variant))),
        Section(title="Restart after a delay", columns=_RESTART,
                rows=tuple(_restart(data))),
        Section(title="Next dose by grade", columns=_GRADES,
                rows=(*_grade_rules(data, variant), *_tables_not_found(data))),
        Section(title="Published figures", columns=("About", "Of", "Figure", "Denominator", "Remark", "Source"),
                rows=tuple(_figures(data))),
        Section(title="Remarks", columns=("Remark", "Source"),
                rows=tuple((note["text"], _cited(note)) for note in data.get("notes", ()))),
        Section(title="Not found", columns=("What the sources read do not say",),
                rows=tuple((text,) for text in data.get("not_found", ()))),
        Section(title="Sources", columns=("Key", "What", "Address"),
                rows=tuple((key, s["what"], s.get("url") or "") for key, s in sorted(data["sources"].items()))),
    ]  # fmt: skip
    return [section for section in made if section.rows]


_RESTART = ("After a last dose of", "Days since", "What follows", "As published", "Source")
_GRADES = ("After", "What follows", "Free for", "In hospital", "Label of", "As published", "Source")
_SCHEDULE = (
    "Step", "Day", "Dose", "Kind", "Infusion", "Since the dose before", "Repeats", "Condition", "Remark", "Source",
)  # fmt: skip


def _cited(data: Data) -> str:
    return ", ".join(data[key] for key in ("source", "source2") if key in data)


def _about(data: Data, variant: str | None, regions: Mapping[str, Data]) -> Iterator[Row]:
    for name in ("id", "title", "drug", "brand", "target", "route"):
        if name in data:
            yield name.capitalize(), str(data[name]), ""
    if "cycle_d" in data:
        yield "Cycle", f"{data['cycle_d']} d", ""
    if regions:
        yield "Label of", variant or ", ".join(sorted(regions)), ""
    for name in ("indication", "dosing_weight", "infusion_rule", "boxed_warning"):
        if name in data:
            yield name.replace("_", " ").capitalize(), data[name]["text"], _cited(data[name])
    if "washout" in data:
        hours = {"tocilizumab": data["washout"].get("tocilizumab_h"), "steroid": data["washout"].get("steroid_h")}
        washouts = [f"{number(h)} h after {drug}" for drug, h in hours.items() if h is not None]
        yield "Wash-out", "; ".join(washouts), data["washout"]["source"]
    if "notice" in data:
        yield "Notice", data["notice"], ""


def _schedule(data: Data, plan: Plan, variant: str | None, regions: Mapping[str, Data]) -> Iterator[Row]:
    for step, raw in zip(plan.steps, data["steps"], strict=True):
        printing = [code for code, one in regions.items() if step.label in one.get("days", {}).get("planned", {})]
        sources = [step.source, step.interval.source, *(_cited(regions[code]["days"]) for code in printing)]
        yield (
            step.label, _days(plan, step, variant, regions), dose_text(step.dose, step.unit), kind_text(raw),
            _infusion(step, raw), interval_text(plan, step, raw, variant, regions), _repeats(step),
            step.condition or "", raw.get("note", ""), ", ".join(dict.fromkeys(sources)),
        )  # fmt: skip


def _days(plan: Plan, step: PlannedStep, variant: str | None, regions: Iterable[str]) -> str:
    """The day of the label that is asked for; of all: the regimen's own, and where a region prints another."""
    if variant:
        return number(plan.day_of(step, variant))
    others = [f"{code}: {day}" for code in regions if (day := plan.day_of(step, code)) != step.day]
    return "; ".join(filter(None, [number(step.day), *others]))


def _infusion(step: PlannedStep, raw: Data) -> str:
    """The hours that the bedside reckons with, and beside them how they are printed."""
    printed = raw.get("infusion_text")
    hours = f"{number(step.infusion_h)} h" if step.infusion_h is not None else ""
    return f"{hours} (“{printed} h”)".strip() if printed else hours


def _repeats(step: PlannedStep) -> str:
    """`times` of a step that does not repeat is no regimen; it is told as it is written."""
    return ", ".join(filter(None, ["yes" if step.repeats else "", f"{step.times} times" if step.times else ""]))


def dose_text(dose: object, unit: str) -> str:
    return f"{number(dose)} {unit}" if dose is not None else ""


def kind_text(step: Data) -> str:
    """What kind of dose it is, as the page and the appendix say it."""
    kinds = [text for name, text in _KINDS.items() if step.get(name)]
    if "split_with" in step:
        kinds.append(f"split with {step['split_with']}")
    if "short" in step:
        kinds.append(f"“{step['short']}” in exports")
    return ", ".join(kinds)


_KINDS = {
    "pretreatment": "pretreatment (opens no dose period)",
    "step_up": "step-up",
    "target": "target",
    "rate_segment": "rate of a continuous infusion",
}


def interval_text(plan: Plan, step: PlannedStep, raw: Data, variant: str | None, regions: Iterable[str]) -> str:
    """What lies before the step. `variant`: of this region's label; None: of all, where they differ."""
    interval = step.interval
    parts = [_cycle_text(one) for one in step.cycles]
    planned = plan.planned_d(step, variant)
    if planned is not None:
        parts.append(f"planned {planned} d")
    if variant is None:
        others = {code: plan.planned_d(step, code) for code in regions}
        parts += [f"{code}: planned {days} d" for code, days in others.items() if days not in (planned, None)]
    if interval.min_d is not None:
        parts.append(f"at least {interval.min_d} d")
    if interval.latest_d is not None:
        parts.append(f"at most {interval.latest_d} d")
    printed = raw.get("interval", {}).get("text")
    return ", ".join(parts) + (f" (“{printed}”)" if printed else "")


def _cycle_text(one: Cycles) -> str:
    cycles = f"C{one.first}" if one.last == one.first else f"C{one.first}-C{one.last}" if one.last else f"C{one.first}+"
    return f"{cycles} on day {', '.join(map(str, one.days))}"


def _by_weight(data: Data) -> Iterator[Row]:
    for band in data.get("by_weight", ()):
        bounds = (("from", band.get("from_kg")), ("below", band.get("below_kg")))
        weight = " ".join(f"{side} {number(kg)} kg" for side, kg in bounds if kg is not None)
        for label, dose in band["doses"].items():
            yield band["label"], label, dose_text(dose, band["unit"]), weight, band["text"], band["source"]


def _cohorts(data: Data) -> Iterator[Row]:
    units = {step["label"]: step["unit"] for step in data["steps"]}
    for cohort in data.get("cohorts", ()):
        ladder = "; ".join(
            f"{label} {dose_text(dose, units.get(label, ''))}" for label, dose in cohort["ladder"].items()
        )
        hours = cohort.get("staggering_h")
        yield cohort["name"], ladder, f"{number(hours)} h" if hours is not None else "", _yes(cohort.get("sentinel"))


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _premedication(data: Data) -> Iterator[Row]:
    """`Step`: those at which it is said; empty: at every one."""
    for one in data.get("premedication", ()):
        steps = ", ".join(one.get("steps", ()))
        yield (
            one.get("when") or steps, steps, one["drug"], one.get("dose", ""), one.get("timing", ""),
            one.get("note", ""), _cited(one),
        )  # fmt: skip


_CLOCKS = {"infusion_start": "start of infusion", "infusion_end": "end of infusion", "administration": "administration"}
_PLACES = {"hospital": "in hospital", "near_facility": "near the facility", "outpatient": "outpatient"}


def _observation(regions: Mapping[str, Data]) -> Iterator[Row]:
    for code in sorted(regions):
        for one in regions[code].get("observation", ()):
            hours = f"{number(one['hours'])} h" if one.get("hours") is not None else "not found"
            yield (
                code, ", ".join(one["steps"]), hours, _CLOCKS[one.get("clock", "administration")],
                _PLACES.get(one.get("setting", ""), "not found"), one["text"], one["source"],
            )  # fmt: skip


def _looks(data: Data) -> Iterator[Row]:
    """What a study's own file says of the looks at the bedside; no label does. A risk window is asked for, then."""
    silent = [step["label"] for step in data["steps"] if not step.get("pretreatment") and "risk_window_h" not in step]
    for step in data["steps"]:
        every = [step.get(name) for name in ("vitals_every_h", "neuro_every_h", "risk_window_h")]
        if any(hours is not None for hours in every):
            yield step["label"], *(f"{number(hours)} h" if hours is not None else "" for hours in every)
    if silent:
        yield ", ".join(silent), "", "", NOT_FOUND_WINDOW


def _on_site(data: Data, variant: str | None) -> Iterator[Row]:
    one = data.get("on_site")
    if one is None or (variant and variant not in one.get("variants", [variant])):
        return
    regions = ", ".join(one.get("variants", [])) or "all"
    yield ", ".join(one["steps"]), number(one["doses"]), regions, one["text"], one["source"]


def _restart(data: Data) -> Iterator[Row]:
    for row in data.get("restart", {}).get("rows", ()):
        days = f"{row['from_d']} to {row['to_d']}" if "to_d" in row else f"{row['from_d']} and more"
        follows = f"restart at {row['restart_at']}" if "restart_at" in row else "go on as planned"
        yield (
            ", ".join(row["last"]),
            days,
            follows if row.get("known", True) else "not found",
            row["text"],
            row["source"],
        )
    if data.get("restart", {}).get("from_interruption"):
        yield "all", "", "days count from the interruption of the infusion, not from the last dose", "", ""
    if note := data.get("restart", {}).get("note"):
        yield "all", "", "", note, ""


_OUTCOMES = {
    "when_resolved": "give when resolved",
    "repeat_step": "same dose again",
    "restart": "restart at {step}",
    "stop": "permanently discontinue",
    "unknown": "not found",
}


def _grade_rules(data: Data, variant: str | None) -> Iterator[Row]:
    for rule in data.get("grade_rules", ()):
        regions = rule.get("variants", [])
        if variant and regions and variant not in regions:
            continue
        low, high = rule["grades"]
        after = f"{rule['after'].upper()} grade {low if low == high else f'{low} to {high}'}"
        after += ", recurrent" if rule.get("recurrent") else ""
        after += f", before {', '.join(rule['next_steps'])}" if "next_steps" in rule else ""
        free, stay = ((f"{number(rule[k])} h" if k in rule else "") for k in ("resolved_h", "inpatient_h"))
        follows = _OUTCOMES[rule["outcome"]].format(step=rule.get("step"))
        yield after, follows, free, stay, ", ".join(regions) or "all", rule["text"], rule["source"]


def _tables_not_found(data: Data) -> Iterator[Row]:
    for after in data.get("grade_tables_not_found", ()):
        follows = "not found: grades 1 and 2 go on when resolved (a convention), the gate holds above"
        yield f"{after.upper()}, any other grade", follows, "", "", "all", "", ""


def _figures(data: Data) -> Iterator[Row]:
    for rate in data.get("published", {}).get("rates", ()):
        count = "" if "n" not in rate else f"{rate['n']} of {rate['of']}" if "of" in rate else f"n = {rate['n']}"
        percent = [f"{rate_text} %" for rate_text in (number(rate.get("pct")), rate.get("pct_text")) if rate_text]
        value = ", ".join(filter(None, [*percent, _measure(rate)]))
        out_of = "" if count or "of" not in rate else f" (of {rate['of']})"
        figure = f"{value} ({count})" if value and count else (value or count) + out_of
        yield (
            _subject(rate), _which(rate), figure, rate["denominator"], _remark(rate), rate["source"],
        )  # fmt: skip
    for time in data.get("published", {}).get("times", ()):
        median = f"median {number(time['median'])} {time['unit']}" if "median" in time else ""
        spread = f"range {time['range']}" + ("" if median else f" {time['unit']}") if "range" in time else ""
        since = f"from {time['from']}" if "from" in time else ""
        values = ", ".join(filter(None, (median, _measure(time) if "value" in time else "", spread, since)))
        yield f"{_subject(time)}: {time['what']}", _which(time), values, "", _remark(time), time["source"]


def _measure(figure: Data) -> str:
    return " ".join(filter(None, (number(figure.get("value")), figure.get("unit", ""))))


def _subject(figure: Data) -> str:
    about = figure["about"].upper() if figure["about"] in ("crs", "icans") else figure["about"]
    grade = figure.get("grade")
    return (
        about
        if grade is None
        else f"{about} {grade}"
        if grade in ("any", "recurrent", "serious")
        else f"{about} grade {grade}"
    )


def _which(figure: Data) -> str:
    return "; ".join(filter(None, (", ".join(figure.get("steps", ())), figure.get("which", ""))))


def _remark(figure: Data) -> str:
    return "; ".join(filter(None, (figure.get("data_set", ""), figure.get("note", ""))))


def rows_by_name(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows under their first column."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row[0], []).append(row)
    return by_name
