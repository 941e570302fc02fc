"""QRYOPENN: the queries of each dose period that were opened and not closed by the cut, counted by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grading.exports.packet.known_at import known_at
from grading.models import VitalSigns
from grading.rules.queries.thread import QueryMove
from regimens.models import Dose
from tests.builders import World, dose, hour, kept, vitals
from tests.exports.reading import picked, rows
from tests.queries.moves import asks, moved

pytestmark = pytest.mark.django_db


def counted(world: World, cut: float) -> list[tuple[str, ...]]:
    """By dose period."""
    return [picked(row, "DOSENUM", "QRYOPENN") for row in rows(world, hour(cut))]


def test_a_cut_counts_what_waited_then_in_the_period_asked_about(seen):
    first = VitalSigns.objects.get()
    kept(dose(seen, 200, step=1), seen)
    kept(vitals(seen, 204), seen)
    second = VitalSigns.objects.get(observed_at=hour(204))
    one = asks(seen, first, 210)
    asks(seen, first, 211, field="sbp")
    asks(seen, second, 212)
    asks(seen, Dose.objects.get(step=seen.steps[1]), 213, field="amount")
    moved(one, QueryMove.ANSWERED, seen.nurse, 220)
    moved(one, QueryMove.CLOSED, seen.data_manager, 230)
    moved(one, QueryMove.REOPENED, seen.data_manager, 240)

    by_cut = {209: ("0", "0"), 210: ("1", "0"), 212: ("2", "1"), 213: ("2", "2"), 221: ("2", "2"), 231: ("1", "2"),
              241: ("2", "2")}  # fmt: skip
    for cut, (of_first, of_second) in by_cut.items():
        assert counted(seen, cut) == [("1", of_first), ("2", of_second)], cut


def test_a_past_cut_knows_no_query_of_later(seen):
    first, cut = VitalSigns.objects.get(), timezone.now()
    asks(seen, first, at=cut)
    asks(seen, first, at=cut + timedelta(microseconds=1))

    with known_at(seen.study, cut):
        assert picked(rows(seen, cut + timedelta(hours=1))[0], "QRYOPENN") == ("1",)
    assert picked(rows(seen, cut + timedelta(hours=1))[0], "QRYOPENN") == ("2",)


def test_a_record_that_was_moved_to_another_period_is_asked_about_where_it_was(seen):
    first = VitalSigns.objects.get()
    kept(dose(seen, 200, step=1), seen)
    asks(seen, first, 210)
    kept(vitals(seen, 204, temperature_c=38.6, supersedes=first, reason="wrong day"), seen, at=hour(211))

    assert counted(seen, 220) == [("1", "1"), ("2", "0")]


def test_a_query_of_a_dose_is_its_own_also_where_it_was_not_given(seen):
    held = kept(dose(seen, 200, step=1, status="NOT GIVEN", amount=None, not_given_because="held"), seen).fact
    asks(seen, held, 210)

    assert counted(seen, 220) == [("1", "0"), ("2", "1")]
