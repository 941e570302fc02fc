"""Shifts in the site's time, and the hours that nobody covers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.on_call.contacts import has_tested
from grading.rules.alerting.on_call.rota import NotCallable, OnCallRole, Shift, gaps, keys_on_call, why_not_callable

DAY = datetime(2026, 3, 2, tzinfo=UTC)
NURSE, ON_CALL = OnCallRole.ASSIGNED_NURSE, OnCallRole.ON_CALL_INVESTIGATOR


def h(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def shift(start: float, end: float, *, on_call_role: OnCallRole = NURSE, person: int = 1) -> Shift:
    return Shift(on_call_role=on_call_role, person=person, starts_at=h(start), ends_at=h(end))


def hours(gap_list: list) -> list[tuple[float, float]]:
    return [((g.starts_at - DAY) / timedelta(hours=1), (g.ends_at - DAY) / timedelta(hours=1)) for g in gap_list]


@pytest.mark.parametrize(
    ("at", "people"),
    [(7.99, []), (8, [1]), (15.99, [1]), (16, [2]), (23.99, [2]), (24, [])],
)
def test_a_shift_holds_from_its_start_up_to_its_end(at, people):
    assert keys_on_call([shift(8, 16), shift(16, 24, person=2)], NURSE, at=h(at)) == people


def test_another_role_is_not_this_one():
    assert keys_on_call([shift(0, 24, on_call_role=ON_CALL)], NURSE, at=h(1)) == []


def test_two_may_share_a_role():
    assert keys_on_call([shift(0, 24, person=2), shift(6, 12, person=1)], NURSE, at=h(8)) == [1, 2]


@pytest.mark.parametrize(
    ("shifts", "uncovered"),
    [
        ([], [(0, 24)]),
        ([shift(0, 24)], []),
        ([shift(-8, 30)], []),
        ([shift(8, 16)], [(0, 8), (16, 24)]),
        ([shift(0, 8), shift(8, 16), shift(16, 24)], []),
        ([shift(0, 8), shift(9, 24)], [(8, 9)]),
        ([shift(0, 20), shift(2, 4), shift(22, 26)], [(20, 22)]),
        ([shift(24, 30), shift(-4, 0)], [(0, 24)]),
    ],
)
def test_what_no_shift_covers_is_a_gap(shifts, uncovered):
    assert hours(gaps(shifts, [NURSE], start=h(0), end=h(24))) == uncovered


def test_each_role_has_its_own_gaps():
    uncovered = gaps([shift(0, 24)], [NURSE, ON_CALL], start=h(0), end=h(24))

    assert [(gap.on_call_role, gap.starts_at, gap.ends_at) for gap in uncovered] == [(ON_CALL, h(0), h(24))]


spans = st.tuples(st.integers(-10, 40), st.integers(1, 20)).map(lambda s: shift(s[0], s[0] + s[1]))


@given(st.lists(spans, max_size=6), st.integers(0, 23))
def test_an_hour_is_in_a_gap_exactly_where_nobody_is_on_call(shifts, hour):
    at = h(hour)
    uncovered = gaps(shifts, [NURSE], start=h(0), end=h(24))

    assert any(g.starts_at <= at < g.ends_at for g in uncovered) is (keys_on_call(shifts, NURSE, at=at) == [])


# --- Who counts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_active", "may_answer", "tested", "why"),
    [
        (True, True, True, None),
        (False, True, True, NotCallable.DEACTIVATED),
        (True, False, True, NotCallable.MEMBERSHIP_ENDED),
        (True, True, False, NotCallable.NO_TESTED_CHANNEL),
        (False, False, False, NotCallable.DEACTIVATED),
    ],
)
def test_who_on_the_rota_counts_as_nobody(is_active, may_answer, tested, why):
    assert why_not_callable(is_active=is_active, may_answer=may_answer, tested=tested) is why


@dataclass(frozen=True, kw_only=True)
class Known:
    channel: str
    address: str
    tested_at: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
    ended_at: datetime | None = None


@pytest.mark.parametrize(
    ("contact", "counts"),
    [
        (Known(channel="email", address="a@example.org"), True),
        (Known(channel="email", address="a@example.org", tested_at=None), False),
        (Known(channel="email", address="a@example.org", ended_at=datetime(2026, 2, 1, tzinfo=UTC)), False),
        (Known(channel="gateway", address="pager"), True),
        (Known(channel="gateway", address="gone"), False),  # not configured any more
    ],
)
def test_a_tested_way_that_still_leads_somewhere(contact, counts):
    assert has_tested([contact], gateways=["pager"]) is counts
