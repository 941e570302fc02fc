"""What the gate is asked: the plan, what was given, when the next dose would be given, and what is known by then."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from regimens.rules.plan import Plan, PlannedStep

MICROSECONDS_PER_HOUR = Decimal(3_600_000_000)
NINE = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - hour 0 where a case does not say: a local time, of any day


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A dose that was given, `t_hours` after hour 0."""

    step: str
    t_hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known at the time the next dose would be given. None is not known, and never "fine".

    Grades are the highest of the last dose period (0: none); hours are elapsed hours.
    """

    crs_open: bool | None = None
    hours_since_crs_resolved: Decimal | None = None
    last_crs_grade: int | None = None
    grade3_plus_crs_events: int | None = None
    longest_grade3_plus_h: Decimal | None = None
    icans_open: bool | None = None
    hours_since_icans_resolved: Decimal | None = None
    last_icans_grade: int | None = None
    ice_at_baseline: bool | None = None
    window_complete: bool | None = None
    indeterminate_sets: bool | None = None
    hours_since_tocilizumab: Decimal | None = None
    hours_since_steroid_treatment: Decimal | None = None
    tocilizumab_on_site: int | None = None
    active_infection: bool | None = None
    # Ours, beside the contract's: only a regimen whose restart table counts from an interruption asks for it.
    hours_since_infusion_stopped: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question. `doses` in order of time, `zero_local` the site's wall clock at hour 0, without a zone.

    `variant` None: it is not known which region's label is followed.
    """

    plan: Plan
    now_h: Decimal
    variant: str | None = None
    zero_local: datetime = NINE
    doses: tuple[Given, ...] = ()
    state: State = field(default_factory=State)

    @property
    def last(self) -> Given | None:
        return self.doses[-1] if self.doses else None

    @property
    def last_step(self) -> PlannedStep | None:
        return self.plan.step(self.doses[-1].step) if self.doses else None

    @property
    def opened(self) -> bool:
        """Whether a dose period was opened: a pretreatment that is no T-cell engager opens none."""
        return any(self.plan.step(dose.step).opens_period for dose in self.doses)

    @property
    def days_since_last(self) -> int | None:
        """Calendar days at the site, by its dates."""
        return None if self.last is None else self.days_since(self.last.t_hours)

    @property
    def stopped_h(self) -> Decimal | None:
        """When the infusion of the last dose was stopped. None: it runs, it is no infusion, or it is not known."""
        since = self.state.hours_since_infusion_stopped
        return None if since is None or self.last is None else self.now_h - since

    @property
    def variants(self) -> tuple[str | None, ...]:
        """The regions whose label may be followed."""
        if self.variant is not None or not self.plan.variants:
            return (self.variant,)
        return tuple(variant.code for variant in self.plan.variants)

    def source(self, key: str) -> str:
        """Where a number was read, in words; the key where the plan has no such source."""
        return self.plan.sources[key].what if key in self.plan.sources else key

    def date_at(self, hours: Decimal) -> date:
        return (self.zero_local + timedelta(microseconds=round(hours * MICROSECONDS_PER_HOUR))).date()

    def days_since(self, hours: Decimal) -> int:
        """Calendar days at the site from that hour to now."""
        return (self.date_at(self.now_h) - self.date_at(hours)).days

    def midnight_h(self, days: int, *, since_h: Decimal | None = None) -> Decimal:
        """The hour at which the day begins that is so many days after that of `since_h`; None: the last dose."""
        assert self.last is not None
        day = self.date_at(self.last.t_hours if since_h is None else since_h) + timedelta(days=days)
        since = datetime.combine(day, time()) - self.zero_local
        return Decimal(since // timedelta(microseconds=1)) / MICROSECONDS_PER_HOUR
