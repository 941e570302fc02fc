"""The order of the board: by bed or by urgency, one's own first; and what a participant's page shows first."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from crsmonitor.audit.acting import acting
from grading.bedside.selectors.board_order import BoardOrder, in_order
from grading.bedside.selectors.ward import BoardGrade, BoardRow, NextSetDue
from regimens.models import Participant
from tests.builders import World, hour, kept, stay, vitals


def row(pk: int, *, crs: int | None = 0, at_most: int | None = None, alerts: int = 0, late_min: int = -60) -> BoardRow:
    def shown(grade: int | None) -> BoardGrade | None:
        if grade is None:
            return None
        most = grade if at_most is None else at_most
        return BoardGrade(kind="crs", grade=grade, at_least=max(grade, 0), at_most=most, at=hour(0))

    late = timedelta(minutes=late_min)
    return BoardRow(
        participant=Participant(pk=pk), ward="7B", bed=str(pk), step_label=None, dose_number=None, dose_at=None,
        since_dose=None, in_window=True, window_ends_at=None, window_left=None, vitals={}, vitals_at=None,
        crs=shown(crs), crs_episode_since=None, crs_flags=[], icans=shown(0) if at_most is None else None,
        icans_episode_since=None, vitals_due=NextSetDue(at=hour(0) - late, late_by=late),
        neuro_due=NextSetDue(), open_alerts=alerts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(1), row(2, crs=3), row(3, crs=1)], [2, 3, 1]),  # the worse grade first
        ([row(1, crs=3), row(2, alerts=1)], [2, 1]),  # who waits for an answer before all
        ([row(1, crs=1), row(2, crs=-1, at_most=4)], [2, 1]),  # what it may be, where it cannot be told
        ([row(1), row(2, crs=None)], [2, 1]),  # nobody looked is not well
        ([row(1), row(2, late_min=5), row(3, late_min=90)], [3, 2, 1]),  # late the longest
        ([row(1), row(2)], [1, 2]),  # else by bed
    ],
)
def test_the_most_urgent_first(rows, expected):
    ordered = in_order(rows, BoardOrder.URGENCY, own=frozenset())

    assert [one.participant.pk for one in ordered] == expected


@pytest.mark.parametrize(("order", "expected"), [(BoardOrder.BED, [2, 1, 3]), (BoardOrder.URGENCY, [2, 3, 1])])
def test_ones_own_come_before_the_others(order, expected):
    rows = [row(1), row(2), row(3, crs=2)]

    assert [one.participant.pk for one in in_order(rows, order, own=frozenset({2}))] == expected


def beds(page: str) -> list[str]:
    return [part.split(">")[1].split("<")[0] for part in page.split('class="place-bed"')[1:]]


@pytest.fixture
def two(dosed: World) -> World:
    """Bed 12 has a set of the charge nurse, bed 03 nothing yet."""
    with acting(by="test", reason="enrolled"):
        other = Participant.objects.create(study=dosed.study, site=dosed.site, number="DEMO-002", regimen=dosed.regimen)
    kept(stay(dosed, participant=other, bed="03"), dosed)
    now = timezone.now()
    kept(vitals(dosed, 0, observed_at=now - timedelta(minutes=10), temperature_c=38.2), dosed, by=dosed.charge_nurse)
    return dosed


@pytest.mark.django_db
def test_a_choice_of_order_lasts_for_the_session(nurse, two):
    assert beds(nurse.get(reverse("board")).content.decode()) == ["03", "12"]

    assert beds(nurse.get(reverse("board"), {"order": "urgency"}).content.decode()) == ["12", "03"]
    assert beds(nurse.get(reverse("board"), headers={"X-By-Itself": "1"}).content.decode()) == ["12", "03"]
    assert beds(nurse.get(reverse("board"), {"order": "no such"}).content.decode()) == ["12", "03"]
    assert beds(nurse.get(reverse("board"), {"order": "bed"}).content.decode()) == ["03", "12"]


@pytest.mark.django_db
def test_who_looked_after_somebody_in_this_shift_finds_her_first_and_marked(client, two):
    client.force_login(two.charge_nurse)

    page = client.get(reverse("board")).content.decode()

    assert beds(page) == ["12", "03"]
    assert page.count("yours") == 1


@pytest.mark.django_db
def test_a_participants_page_begins_with_the_newest_set_beside_what_was_before(nurse, dosed):
    now = timezone.now()
    earlier = {"temperature_c": 37.2, "sbp": 120, "dbp": 70, "spo2": 97}
    kept(vitals(dosed, 0, observed_at=now - timedelta(minutes=50), **earlier), dosed)
    kept(vitals(dosed, 0, observed_at=now - timedelta(minutes=5), temperature_c=38.6, sbp=95, dbp=70, spo2=None), dosed)

    page = nurse.get(reverse("participant", args=[dosed.participant.pk])).content.decode()
    text = " ".join(unescape(strip_tags(page)).split())

    for words in (
        "Temperature 38.6 °C ↑ higher was: 37.2",
        "Systolic 95 mmHg ↓ lower was: 120",
        "Diastolic 70 mmHg = the same was: 70",
        "SpO₂ – was: 97",  # not measured is no value, and has no arrow
        "CRS at least grade 1 Nobody has answered yet",  # without a saturation it may be 2
    ):
        assert words in text, words
