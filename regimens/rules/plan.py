"""A step-up regimen as planned: what a library file or a study's own file says, read and checked. Pure.

Made by `regimens.library.read` only. Days are calendar days in the site's zone, hours are elapsed hours. None means
that the source does not say: a rule that needs such a number answers "unknown", which holds, and never guesses.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ObservationClock(StrEnum):
    """What hours of observation are counted from."""

    INFUSION_START = "infusion_start"
    INFUSION_END = "infusion_end"
    ADMINISTRATION = "administration"


class Setting(StrEnum):
    """Where the participant is observed."""

    HOSPITAL = "hospital"
    NEAR_FACILITY = "near_facility"
    OUTPATIENT = "outpatient"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """Where a number was read. `url` None: no address is known."""

    key: str
    what: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Days since the dose before. `latest_d`: the regimen itself lets the dose wait so long, beyond is a delay."""

    min_d: int | None
    planned_d: int | None
    latest_d: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycles:
    """Printed days of a step that repeats, in cycles `first` to `last` (None: without end)."""

    first: int
    last: int | None
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step: a dose, or a dose that is given again and again.

    `day` 1 is the day of the first dose; None where the plan counts from the dose before (`interval.planned_d`).
    `dose` None: the source has no figure for it. `times` None with `repeats`: until something else is decided.
    `opens_period` False: a pretreatment that is no T-cell engager. `condition`: a person must say that it holds
    before this step follows the one before; the plan never moves to it by itself. `cycles`: where the source prints
    days of cycles, the days between doses follow from them, and `interval.planned_d` is None.
    """

    label: str
    position: int
    day: int | None
    dose: Decimal | None
    unit: str
    is_step_up: bool
    is_target: bool
    opens_period: bool
    infusion_h: Decimal | None
    rate_segment: bool
    split_with: str | None
    repeats: bool
    times: int | None
    condition: str | None
    interval: Interval
    source: str
    cycles: tuple[Cycles, ...] = ()

    def printed(self, number: int) -> tuple[int, int] | None:
        """Cycle and day of dose `number` (0 is the first) of this step in a row. None: the source prints none."""
        for one in self.cycles:
            cycles = None if one.last is None else one.last - one.first + 1
            if cycles is None or number < cycles * len(one.days):
                return one.first + number // len(one.days), one.days[number % len(one.days)]
            number -= cycles * len(one.days)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Observation after a dose of `steps`. `hours` None: it is asked for, and its length was not found.

    `setting` None: where was not found either.
    """

    steps: tuple[str, ...]
    hours: Decimal | None
    clock: ObservationClock
    setting: Setting | None
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What one region's label says differently. `days`: planned day by step label where it prints other days."""

    code: str
    days: dict[str, int]
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartRow:
    """After a last dose of one of `last`, `from_d` to `to_d` days ago (both included; None: without end).

    `restart_at`: the step to go on from. None with `known`: go on as planned. `known` False: the table has the row,
    what it says was not found.
    """

    last: tuple[str, ...]
    from_d: int
    to_d: int | None
    restart_at: str | None
    known: bool
    text: str
    source: str


class Outcome(StrEnum):
    """What a rule on an earlier grade asks of the next dose."""

    WHEN_RESOLVED = "when_resolved"  # give it when resolved (for `resolved_h` where given)
    REPEAT_STEP = "repeat_step"  # give the same dose again, do not escalate
    RESTART = "restart"  # go back to `step`
    STOP = "stop"  # permanently discontinue
    UNKNOWN = "unknown"  # the label has a row for it that was not found


class After(StrEnum):
    """Of which event a grade rule speaks."""

    CRS = "crs"
    ICANS = "icans"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRule:
    """What follows a highest grade of `from_grade` to `to_grade` in the last dose period.

    `recurrent`: only when at least two events of grade 3 or more have been. `variants` empty: in every region.
    `inpatient_h`: hours in hospital with the next dose. `next_steps`: only where the next dose is one of these;
    empty: whichever it is.
    """

    after: After
    from_grade: int
    to_grade: int
    recurrent: bool
    outcome: Outcome
    step: str | None
    resolved_h: Decimal | None
    inpatient_h: Decimal | None
    variants: tuple[str, ...]
    text: str
    source: str
    next_steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSite:
    """Tocilizumab that must be there before a dose of `steps`. `variants` empty: in every region."""

    steps: tuple[str, ...]
    doses: int
    text: str
    source: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Washout:
    """Hours since the last anticytokine or steroid given as treatment, before the next dose. None: no rule names it."""

    tocilizumab_h: Decimal | None
    steroid_h: Decimal | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightBand:
    """Other doses by step label, for participants of a weight from `from_kg` (included) to `below_kg` (not included).

    None: no bound on that side.
    """

    label: str
    from_kg: Decimal | None
    below_kg: Decimal | None
    doses: dict[str, Decimal]
    unit: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A cohort of a first-in-human study: its own dose by step label, where it has one.

    `staggering_h`: between the first doses of two participants. `sentinel`: the first one's window is waited for.
    """

    name: str
    ladder: dict[str, Decimal]
    staggering_h: Decimal | None
    sentinel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of a regimen. `restart` None: the restart table was not found. `restart_from_interruption`: its
    days count from the interruption of a continuous infusion, not from the last dose. `grade_tables_not_found`: the
    label has a next-dose table by grade after these, and it was not found, or not all of it. `cycle_d` None: how long
    a cycle is was not found.
    """

    id: str
    drug: str
    title: str
    route: str
    steps: tuple[PlannedStep, ...]
    variants: tuple[Variant, ...]
    restart: tuple[RestartRow, ...] | None
    restart_from_interruption: bool
    grade_rules: tuple[GradeRule, ...]
    on_site: OnSite | None
    washout: Washout | None
    sources: dict[str, SourceDocument]
    by_weight: tuple[WeightBand, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    grade_tables_not_found: frozenset[After] = frozenset()
    cycle_d: int | None = None

    def step(self, label: str) -> PlannedStep:
        """The step of this label. Raises KeyError."""
        for step in self.steps:
            if step.label == label:
                return step
        raise KeyError(label)

    def variant(self, code: str) -> Variant:
        """The variant of this region. Raises KeyError."""
        for variant in self.variants:
            if variant.code == code:
                return variant
        raise KeyError(code)

    @property
    def labels_differ(self) -> bool:
        """Whether it matters which region's label is followed."""
        if len(self.variants) < 2:
            return False
        printed = {repr((one.days, one.observations)) for one in self.variants}
        regional = any(rule.variants for rule in self.grade_rules) or (self.on_site and self.on_site.variants)
        return len(printed) > 1 or bool(regional)

    def window_known(self, label: str, variant: str | None) -> bool:
        """Whether this region's label says how long to observe after a step, or that it names no such window."""
        labelled = next((one for one in self.variants if one.code == variant), None)
        if labelled is None or not labelled.observations:
            return False
        return all(one.hours is not None for one in labelled.observations if label in one.steps)

    def day_of(self, step: PlannedStep, variant: str | None) -> int | None:
        """The day that this region's label prints for a step, or else the regimen. None: it is counted otherwise."""
        own = next((one.days for one in self.variants if one.code == variant), {})
        return own.get(step.label, step.day)

    def planned_d(self, step: PlannedStep, variant: str | None) -> int | None:
        """Days from the step before to this one: a region's own days decide where its label prints any."""
        before = next((one for one in self.steps if one.position == step.position - 1), None)
        own = next((one.days for one in self.variants if one.code == variant), {})
        if before is not None and (step.label in own or before.label in own):
            days = self.day_of(before, variant), self.day_of(step, variant)
            if days[0] is not None and days[1] is not None:
                return days[1] - days[0]
        return step.interval.planned_d

    def days_between(self, before: tuple[int, int], then: tuple[int, int]) -> int | None:
        """Days between two pairs of cycle and day. None: not to be told without the length of a cycle."""
        cycles = then[0] - before[0]
        if cycles and self.cycle_d is None:
            return None
        return cycles * (self.cycle_d or 0) + then[1] - before[1]

    def gaps(self, step: PlannedStep) -> list[int | None]:
        """Days between the doses of a step that cycles print, each of them once where the cycles have no end.

        The last is None where more doses follow than the source prints days of.
        """
        printed = sum((1 if c.last is None else c.last - c.first + 1) * len(c.days) for c in step.cycles)
        endless = bool(step.cycles) and step.cycles[-1].last is None
        turns = printed if endless or step.times is None else step.times - 1
        days: list[int | None] = []
        for turn in range(turns):
            before, then = step.printed(turn), step.printed(turn + 1)
            days.append(None if before is None or then is None else self.days_between(before, then))
        return days
