"""The one table of simulation settings. None of them is a clinical fact: nobody published them for this purpose."""

from dataclasses import dataclass
from decimal import Decimal

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
RESOLUTION_H = 24  # S4, the default of a study: how long all signs must be seen absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """Everything about a simulated trial that no label gives. Ranges include both ends, percents are 0 to 100.

    `grades`: peak grade -> weight. `repeats`: doses of the first step that repeats. `watched_h`: sets are taken at
    least so long after a dose, and until a day after CRS is over. `stop_from_grade`: no dose follows such an event.
    """

    missing_percent: Decimal = Decimal(10)  # of sets and assessments: nobody came
    partial_percent: Decimal = Decimal(0)  # of those taken: one part was left out; no source says how often
    grades: tuple[tuple[int, int], ...] = ((1, 70), (2, 25), (3, 4), (4, 1))
    onset_h: tuple[int, int] = (2, 36)
    interrupted_percent: Decimal = Decimal(0)  # of infusions: stopped early, not resumed; no source says how often
    duration_h: tuple[int, int] = (14, 60)
    vitals_every_h: int = 4
    neuro_every_h: int = 8
    risk_window_h: int = 168  # so that the simulated study is ready to enrol; no source says how long
    jitter_min: int = 10  # nobody is there to the minute
    watched_h: int = 48
    delayed_percent: Decimal = Decimal(5)  # of doses, for a reason that is not CRS
    delay_d: tuple[int, int] = (1, 35)
    repeats: int = 2
    stop_from_grade: int = 4
    neurotoxic_percent: Decimal = Decimal(10)  # of events: ICE 8 while it is worst
    weight_kg: tuple[int, int] = (50, 95)
    on_site_doses: int = 2  # tocilizumab in the pharmacy
    first_doses_within_d: int = 28  # of all participants
