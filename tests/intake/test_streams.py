"""Temperatures of devices: kept as a series, thinned by the stated rule, and told where a fever lasts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from grading.intake.services.automatic import sign_policy
from grading.intake.streams.services import SentReading, keep_series, thin_lately
from grading.models import DeviceReading, Episode, IntakeBatch, IntakeRow
from grading.rules.intake.streams.thinning import StreamReading, ThinnedBy, thin
from tests.builders import dose, hour, kept, stay
from tests.stages import stage

T = datetime(2026, 3, 2, 12, tzinfo=UTC)


def series(*celsius: str, start: datetime = T, every: int = 2) -> list[StreamReading]:
    step = timedelta(minutes=every)
    return [StreamReading(start + i * step, Decimal(value)) for i, value in enumerate(celsius)]


def thinned(readings, until=T + timedelta(hours=8)):
    return [(one.by.value, (one.reading.at - T) // timedelta(minutes=1), str(one.reading.celsius))
            for one in thin(readings, until=until)]  # fmt: skip


@pytest.mark.parametrize(("name", "celsius", "rows"), [
    ("three in a row at 38.0 cross; the highest of the quarter that a neighbour confirms",
     ("37.5", "38.0", "38.0", "38.2", "38.9", "38.5", "37.4"), [("crossing", 2, "38.0"), ("slot", 10, "38.5")]),
    ("a spike alone is asked about", ("37.5", "39.5", "37.5", "37.4"), [("spike", 2, "39.5")]),
    ("without a fever: one in four hours", ("36.5", "37.1", "37.0", "36.5"), [("quiet", 4, "37.0")]),
    ("a probe that fell out is no temperature", ("36.9", "24.0", "25.0", "36.9"), []),
    ("two at 38.0 do not cross, and their quarter counts", ("37.9", "38.0", "38.1", "37.9"), [("slot", 2, "38.0")]),
])  # fmt: skip
def test_the_rule_sentence_by_sentence(name, celsius, rows):
    chosen = [row for row in thinned(series(*celsius)) if row[0] != "quiet" or "without" in name]

    assert chosen == rows or (name.startswith("a probe") and all(row[2] == "36.9" for row in chosen))


def test_a_quarter_is_told_once_it_is_over_a_crossing_at_once_and_the_first_one_without_a_fever():
    readings = series(*["38.4"] * 8, *["37.5"] * 15)

    assert thinned(readings, until=T + timedelta(minutes=10)) == [("crossing", 0, "38.4")]
    assert thinned(readings) == [("crossing", 0, "38.4"), ("slot", 16, "37.5")]


def test_readings_far_apart_confirm_nothing():
    assert thinned(series("38.2", "38.4", "38.3", every=10)) == [("spike", 10, "38.4"), ("spike", 20, "38.3")]


CELSIUS = st.decimals("35", "41", places=1)


@given(st.lists(CELSIUS, min_size=1, max_size=200))
def test_no_fever_of_the_series_is_lost_and_thinning_more_often_gives_the_same(celsius):
    readings = series(*map(str, celsius))
    rows = thin(readings, until=T + timedelta(hours=24))

    def slots(some):
        return {one.at.replace(minute=one.at.minute // 15 * 15) for one in some if one.celsius >= 38}

    assert slots(one.reading for one in rows) == slots(readings)
    early = thin(readings, until=T + timedelta(hours=1))
    assert {one for one in early if one.by is not ThinnedBy.CROSSING} <= set(rows)
    assert all(one.reading in readings for one in rows)


# --- Kept and proposed --------------------------------------------------------------------------------------------


@stage
def dosed(world):
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def subject(world) -> str:
    return f"DEMO-DEMO-TPE-{world.participant.number}"


def sent(world, *celsius: str, start: float = 10) -> list[SentReading]:
    return [SentReading(subject=subject(world), at=hour(start) + timedelta(minutes=2 * i), celsius=Decimal(one))
            for i, one in enumerate(celsius)]  # fmt: skip


@pytest.mark.django_db
def test_a_series_is_kept_once_and_a_lasting_fever_is_in_the_queue_at_once(dosed):
    readings = sent(dosed, "37.5", "38.2", "38.3", "38.4")
    readings += [SentReading(subject="X-Y-1", at=hour(10), celsius=Decimal(37)),
                 SentReading(subject=subject(dosed), at=hour(30), celsius=Decimal(37)),
                 SentReading(subject=subject(dosed), at=hour(9), celsius=Decimal(99))]  # fmt: skip

    counts = keep_series("patch-1", readings, by=dosed.nurse, at=hour(10.2))

    assert counts == {"received": 7, "kept": 4, "known": 0, "unknown_participant": 1, "in_future": 1,
                      "outside_human_range": 1}  # fmt: skip
    row = IntakeRow.objects.get()
    assert (row.state, row.proposed, row.observed_at) == (
        "proposed", {"temperature_c": "38.2"}, hour(10) + timedelta(minutes=2))  # fmt: skip
    assert keep_series("patch-1", readings[:4], by=dosed.nurse, at=hour(10.3))["known"] == 4
    assert (DeviceReading.objects.count(), IntakeBatch.objects.count()) == (4, 1)


@pytest.mark.django_db
def test_the_clock_thins_what_came_lately_once_and_a_spike_waits_for_a_person(dosed):
    keep_series("patch-1", sent(dosed, "37.0", "39.6", "37.1", "37.0"), by=dosed.nurse, at=hour(10.2))
    sign_policy(
        dosed.study, doors=["stream"], because="validated", by=dosed.investigator, at=hour(10), proof=Proof.PASSWORD
    )

    assert [thin_lately(at=hour(10.6)) for _ in range(2)] == [1, 0]
    row = IntakeRow.objects.get()
    assert (row.state, row.proposed, [one["code"] for one in row.reasons]) == (
        "held", {"temperature_c": "39.6"}, ["not_confirmed"])  # fmt: skip
    assert not Episode.objects.exists()


@pytest.mark.django_db
def test_where_the_study_lets_it_in_a_lasting_fever_is_graded(dosed):
    sign_policy(
        dosed.study, doors=["stream"], because="validated", by=dosed.investigator, at=hour(9), proof=Proof.PASSWORD
    )
    keep_series("patch-1", sent(dosed, "38.2", "38.3", "38.4"), by=dosed.nurse, at=hour(10.2))

    assert Episode.objects.get().max_grade == 1
    fact = dosed.participant.vitalsigns_facts.get()
    assert (fact.temperature_c, fact.sbp, fact.source) == (Decimal("38.2"), None, "import")


@pytest.mark.django_db
def test_by_api_for_who_may_record_and_the_picture_for_who_sees_the_ward(dosed):
    def of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    body = {"device": "patch-1", "readings": [
        {"participant": subject(dosed), "at": hour(10).isoformat(), "temperature_c": "36.9"}]}  # fmt: skip
    address = "/api/v1/temperature-readings/"
    answers = [of(user).post(address, body, content_type="application/json")
               for user in (dosed.nurse, dosed.outsider, dosed.sponsor)]  # fmt: skip
    assert [one.status_code for one in answers] == [200, 200, 403]
    assert (answers[0].json()["kept"], answers[1].json()["unknown_participant"]) == (1, 1)
    wrong = of(dosed.nurse).post(address, body | {"readings": [{"at": "x"}]}, content_type="application/json")
    assert wrong.status_code == 400
    page = f"/participants/{dosed.participant.pk}/temperatures/"
    pages = [of(user).get(page) for user in (dosed.nurse, dosed.sponsor)]
    assert [one.status_code for one in pages] == [200, 403]
