"""When each dose of the published regimens is planned, against the days and cycles that regimens.yaml prints."""

from datetime import timedelta
from decimal import Decimal

import pytest

from regimens.library import names, plan_named, read
from regimens.library.protocol import sections_of
from regimens.picture import picture_of
from regimens.rules.gate.case import Case, Given
from regimens.rules.gate.steps import planned_days, planned_next

WEEKLY, EVERY_2_WEEKS, EVERY_4_WEEKS = 7, 14, 28


def days_in(cycle_d: int, cycles: range, *days: int) -> list[int]:
    """Printed days of these cycles, counted from day 1 of the first."""
    return [(cycle - 1) * cycle_d + day for cycle in cycles for day in days]


def every(step: int, after: int, times: int) -> list[int]:
    return [after + step * turn for turn in range(1, times + 1)]


# regimen, region: the day of each dose, as the source prints them; None: it cannot be told, and nothing after it
DAYS: dict[tuple[str, str | None], list[int | None]] = {
    # 1, 8, 15; weekly from the first 200 mg on, n 10; every 2 weeks
    ("linvoseltamab", None): [1, 8, 15, *every(WEEKLY, 15, 10), *every(EVERY_2_WEEKS, 85, 3)],
    ("teclistamab", None): [1, 4, 7, *every(7, 7, 3)],  # offset_prev_d 7
    ("teclistamab", "US"): [1, 4, 7, *every(7, 7, 3)],
    ("teclistamab", "EU"): [1, 3, 5, *every(7, 5, 3)],  # "EU-type labels print days 1, 3, 5"
    ("talquetamab_weekly", "US"): [1, 4, 7, *every(WEEKLY, 7, 3)],
    ("talquetamab_weekly", "EU"): [1, 3, 5, *every(WEEKLY, 5, 3)],
    ("talquetamab_biweekly", "US"): [1, 4, 7, 10, *every(EVERY_2_WEEKS, 10, 3)],
    ("talquetamab_biweekly", "EU"): [1, 3, 5, 7, *every(EVERY_2_WEEKS, 7, 3)],
    ("elranatamab", "US"): [1, 4, 8, *every(WEEKLY, 8, 3)],  # every 2 weeks only where a person says so
    # cycle_d 28; C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1
    ("epcoritamab_LBCL", "US"): [
        1, 8, 15, 22, *days_in(28, range(2, 4), 1, 8, 15, 22), *days_in(28, range(4, 10), 1, 15),
        *days_in(28, range(10, 13), 1),
    ],
    # C2-3 weekly, then d1 of C4 alone and with R2; after that they differ (d15 or C5 d1)
    ("epcoritamab_FL", "US"): [1, 8, 15, 22, *days_in(28, range(2, 4), 1, 8, 15, 22), 3 * 28 + 1, None],
    # cycle_d 21; obinutuzumab on day 1; C3-C12 d1, and nothing after
    ("glofitamab", "CH"): [1, 8, 15, 22, *days_in(21, range(3, 13), 1)],
    ("mosunetuzumab_IV", "US"): [1, 8, 15, 22, *days_in(21, range(3, 6), 1)],  # cycle_d 21; C3+ D1
    ("tarlatamab", "US"): [1, 8, 15, *days_in(28, range(2, 7), 1, 15)],  # cycle_d 28; C2+ D1, D15
    ("tebentafusp", "US"): [1, 8, 15, *every(7, 15, 3)],  # offset_prev_d 7
    # cycle_d 21; C2-C4 D1,8,15; every 2 weeks
    ("odronextamab_FL", "EU"): [
        1, 2, 8, 9, 15, 16, *days_in(21, range(2, 5), 1, 8, 15), *every(EVERY_2_WEEKS, 3 * 21 + 15, 2),
    ],
    ("odronextamab_DLBCL", None): [1, 2, 8, 9, 15, 16, None],  # C2 D1: how long a cycle is, is not said
    ("blinatumomab_RR_ALL", "US"): [1, 8],
}  # fmt: skip


def planned(name: str, region: str | None, doses: int) -> list[int | None]:
    """The day of each of the first doses, each given on its planned day."""
    plan, day = plan_named(name), 1
    given, days = [Given(step=plan.steps[0].label, t_hours=Decimal(0))], [1]
    while len(days) < doses:
        case = Case(plan=plan, variant=region, now_h=given[-1].t_hours, doses=tuple(given))
        slot = planned_next(case)
        assert slot is not None
        since = planned_days(case, slot, region)
        if since is None:
            return [*days, None]
        day += since
        days.append(day)
        given.append(Given(step=slot.label, t_hours=Decimal(timedelta(days=day - 1) // timedelta(hours=1))))
    return days


def test_no_regimen_is_left_out():
    assert {name for name, _ in DAYS} == set(names())


@pytest.mark.parametrize(("name", "region"), DAYS)
def test_every_dose_is_planned_on_its_printed_day(name, region):
    wanted = DAYS[name, region]

    assert planned(name, region, len(wanted)) == wanted


def test_after_the_last_printed_cycle_of_glofitamab_there_is_no_dose():
    plan = plan_named("glofitamab")
    ten = tuple(Given(step="C3-C12 d1", t_hours=Decimal(turn)) for turn in range(10))

    assert planned_next(Case(plan=plan, now_h=Decimal(11), doses=ten)) is None


def test_within_a_cycle_of_unknown_length_the_days_are_known():
    """Odronextamab in DLBCL: D1, 8 and 15 are 7 days apart; from D15 to the next D1 is not said."""
    plan = plan_named("odronextamab_DLBCL")

    assert plan.gaps(plan.step("C2-C4 D1,8,15")) == [7, 7, None, 7, 7, None, 7, 7]


EVERY_4 = [("linvoseltamab", "every 4 weeks"), ("elranatamab", "every 4 weeks")]
EVERY_2 = [("linvoseltamab", "every 2 weeks"), ("elranatamab", "every 2 weeks"), ("teclistamab", "every 2 weeks")]


@pytest.mark.parametrize(
    ("name", "label", "days"),
    [*((*one, EVERY_4_WEEKS) for one in EVERY_4), *((*one, EVERY_2_WEEKS) for one in EVERY_2)],
)
def test_a_step_that_a_person_chooses_is_planned_by_its_name(name, label, days):
    plan = plan_named(name)
    case = Case(plan=plan, now_h=Decimal(0), doses=(Given(step=label, t_hours=Decimal(0)),))

    assert planned_days(case, plan.step(label), None) == days


# --- In the picture and the appendix --------------------------------------------------------------------------

SHOWN = [
    ("teclistamab", "EU", ["", "+2", "+2", "↻ 7", "↻ 14"]),
    ("teclistamab", "US", ["", "+3", "+3", "↻ 7", "↻ 14"]),
    ("teclistamab", None, ["", "+3", "+3", "↻ 7", "↻ 14"]),
    ("talquetamab_biweekly", "EU", ["", "+2", "+2", "+2", "↻ 14"]),
    ("epcoritamab_LBCL", "US", ["", "+7", "+7", "+7", "↻ 7–28"]),
    ("epcoritamab_FL", "US", ["", "+7", "+7", "+7", "↻ 7, ?"]),
    ("odronextamab_FL", "EU", ["", "+1", "+6", "+1", "+6", "+1", "↻ 7", "↻ 14"]),
    ("odronextamab_DLBCL", None, ["", "+1", "+6", "+1", "+6", "+1", "↻ 7, ?", "↻ 14"]),
]


@pytest.mark.parametrize(("name", "region", "since"), SHOWN)
def test_the_picture_says_the_days_of_the_region(name, region, since):
    assert [column.since for column in picture_of(plan_named(name), region).columns] == since


# --- At which steps premedication is said ---------------------------------------------------------------------

LATER_LBCL = "C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1"
PREMEDICATION = [  # regimen, drug as the source writes it, a step that its "when" names
    ("glofitamab", "IV glucocorticoid", "C3-C12 d1"),  # "C1D8, C1D15, C2D1, C3D1 all patients"
    ("mosunetuzumab_IV", "dexamethasone 20 mg IV or methylprednisolone 80 mg IV", "C3+ D1"),  # "C3+ if any CRS"
    ("epcoritamab_LBCL", "steroid + antihistamine + antipyretic", LATER_LBCL),  # "later only after G2-3 CRS"
    ("odronextamab_FL", "steroid/antihistamine/antipyretic (row doses not fully visible)", "C2-C4 D1,8,15"),
]


@pytest.mark.parametrize(("name", "drug", "label"), PREMEDICATION)
def test_premedication_is_said_at_every_step_that_its_text_names(name, drug, label):
    row = next(one for one in read(name).data["premedication"] if one["drug"] == drug)

    assert label in row["steps"]


def schedule(name: str, region: str | None) -> dict[str, tuple[str, str]]:
    """Step: its day, and what lies before it, as the appendix says."""
    section = next(one for one in sections_of(read(name), region) if one.title == "Schedule")
    day, since = section.columns.index("Day"), section.columns.index("Since the dose before")
    return {row[0]: (row[day], row[since]) for row in section.rows}


EU_DAYS = [  # "EU-type labels print days 1, 3, 5 instead of 1, 4, 7"
    ("EU", ("3", "planned 2 d, at least 2 d")),
    ("US", ("4", "planned 3 d, at least 2 d")),
    (None, ("4; EU: 3", "planned 3 d, EU: planned 2 d, at least 2 d")),
]


@pytest.mark.parametrize(("region", "words"), EU_DAYS)
def test_the_appendix_says_the_days_of_the_region(region, words):
    day, since = schedule("teclistamab", region)["step-up 2"]

    assert (day, since.split(", at most")[0]) == words


def test_the_appendix_says_the_days_of_cycles():
    assert schedule("epcoritamab_LBCL", "US")[LATER_LBCL][1] == (
        "C2-C3 on day 1, 8, 15, 22, C4-C9 on day 1, 15, C10+ on day 1"
    )
