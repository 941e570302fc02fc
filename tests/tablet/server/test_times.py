"""A night without a network: nobody is asked why it comes late, and what a clock says is kept and not believed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from crsmonitor.audit.acting import acting
from grading.models import Alert, TabletEntry, VitalSigns
from regimens.models import Dose, Participant
from tests.builders import hour, kept, stay, vitals
from tests.dosing.conftest import NEXT, library_world, ready  # noqa: F401
from tests.pages import as_read
from tests.tablet.server.entries import MORNING, NIGHT, answers_to, entry, states, without

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def doubts_of(one):
    return TabletEntry.objects.get(pk=one["id"]).doubts


def test_a_set_of_the_night_is_not_late_in_the_morning_and_its_alert_is(nurse, ward):
    kept(vitals(ward, 14.9), ward, by=ward.charge_nurse)
    one = entry(ward)

    assert states(nurse, one) == ["kept"]
    fact, came = VitalSigns.objects.get(pk=one["id"]), TabletEntry.objects.get()
    assert (fact.observed_at, fact.recorded_at, fact.reason) == (NIGHT - timedelta(minutes=1), MORNING, "")
    assert (came.kept_at, came.received_at, came.skew, came.doubts) == (NIGHT, MORNING, timedelta(0), [])
    assert {alert.late for alert in Alert.objects.all()} == {True}


def test_what_was_late_when_it_was_kept_says_why(nurse, ward):
    late = without(entry(ward), when=["other"], observed_on=["2026-03-03"], observed_time=["01:30"])

    [answer] = answers_to(nurse, late)
    assert (answer["state"], list(answer["errors"])) == ("needs_you", ["reason"])
    assert states(nurse, without(late, reason=["resuscitation next door"])) == ["kept"]


def test_what_was_on_paper_comes_by_the_outbox_as_by_its_page(nurse, ward):
    """Written down at 20:00, entered on the tablet at 02:10: the sheet says why it is late."""
    typed = {"when": ["other"], "observed_on": ["2026-03-02"], "observed_time": ["20:00"], "from_paper": ["on"]}
    one = without(entry(ward), **typed)

    assert states(nurse, one, one) == ["kept", "kept"]
    fact = VitalSigns.objects.get(pk=one["id"])
    assert (fact.source, fact.observed_at, fact.reason) == ("paper", hour(3), "")
    assert TabletEntry.objects.get().kept_at == NIGHT


@pytest.mark.req("R15")
@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_clock_an_hour_off_is_kept_and_named(nurse, ward, off):
    one = entry(ward, kept_at=NIGHT + off, now=MORNING + off)

    assert states(nurse, one) == ["kept"]
    came = TabletEntry.objects.get()
    assert (came.skew, came.doubts) == (off, ["clock_off"])
    assert VitalSigns.objects.get().observed_at == NIGHT + off - timedelta(minutes=1)  # as it was said


def test_a_bedside_time_ahead_of_the_server_is_put_back_by_the_clocks_error(nurse, ward):
    one = entry(ward, kept_at=MORNING + HOUR, now=MORNING + HOUR)

    assert states(nurse, one, one) == ["kept", "kept"]
    assert VitalSigns.objects.get().observed_at == MORNING - timedelta(minutes=1)
    assert doubts_of(one) == ["clock_off", "observed_moved"]


def test_kept_in_the_future_or_before_it_was_opened_explains_nothing(nurse, ward):
    future = entry(ward, kept_at=MORNING + HOUR, opened_at=NIGHT)
    before = entry(ward, kept_at=NIGHT, opened_at=NIGHT + HOUR)

    assert [list(one["errors"]) for one in answers_to(nurse, future)] == [["reason"]]
    assert [list(one["errors"]) for one in answers_to(nurse, before)] == [["reason"]]
    for one, doubt in ((future, "kept_in_future"), (before, "kept_before_opened")):
        assert states(nurse, without(one, reason=["no network"])) == ["kept"]
        assert doubts_of(one) == [doubt]


def test_the_hour_that_came_twice_is_that_of_the_night(client, ward):
    """In Paris 02:30 comes twice on 2026-10-25; kept during the first, the second was still to come. An hour later the
    second is meant.
    """
    with acting(by="test", reason="a bed in Paris"):
        one = Participant.objects.create(
            study=ward.study, site=ward.other_site, number="DEMO-777", regimen=ward.regimen
        )  # fmt: skip
    kept(stay(ward, participant=one), ward, by=ward.outsider)
    first = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)  # 02:40 by the clock that is put back at 03:00
    hers = entry(ward, kept_at=first, now=first + 6 * HOUR, participant=one.pk, person=ward.outsider.pk)
    typed = {"when": ["other"], "observed_on": ["2026-10-25"], "observed_time": ["02:30"], "confirm_number": ["777"]}
    with time_machine.travel(first + 6 * HOUR, tick=False):
        client.force_login(ward.outsider)
        assert states(client, without(hers, **typed)) == ["kept"]
        late = entry(ward, kept_at=first + HOUR, now=first + 6 * HOUR, participant=one.pk, person=ward.outsider.pk)
        second = without(late, **typed | {"observed_time_turn": ["2"]})
        assert states(client, second) == ["kept"]
        assert VitalSigns.objects.get(pk=second["id"]).observed_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert VitalSigns.objects.get(pk=hers["id"]).observed_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


# --- A dose -------------------------------------------------------------------------------------------------


def dose_entry(world, **changes):
    step = world.steps[1]
    fields = {
        "step": step.pk, "status": "GIVEN", "amount": f"{step.planned_dose.normalize():f}", "unit": "mg/kg",
        "route": "SUBCUTANEOUS",
    }  # fmt: skip
    return entry(world, "dose", fields, kept_at=hour(NEXT), now=hour(NEXT + 4), **changes)


def shown_gate(answer="go", *, tapped_again=True):
    return {"answer": answer, "as_of": hour(NEXT - 1).isoformat(), "tapped_again": tapped_again}


@pytest.fixture
def held(client, ready):  # noqa: F811
    """By the time that the tablet is heard again, a fever is on record which it did not know of: the gate holds."""
    kept(vitals(ready, NEXT - 0.5, temperature_c=38.9, sbp=84, hypotension=True), ready)
    with time_machine.travel(hour(NEXT + 4), tick=False):
        client.force_login(ready.nurse)
        yield client


def test_a_dose_on_the_tablets_go_is_kept_with_that_answer_and_its_age(held, ready):  # noqa: F811
    one = dose_entry(ready, gate=shown_gate())

    assert states(held, one) == ["kept"]
    fact = Dose.objects.get(pk=one["id"])
    assert fact.despite_gate == "Without a network: on the tablet the gate said go, as of Thu 2026-03-05 16:00."
    assert TabletEntry.objects.get().gate == shown_gate()


@pytest.mark.parametrize("gate", [None, shown_gate("hold")])
def test_without_that_go_the_gate_asks_why_as_on_its_page(held, ready, gate):  # noqa: F811
    one = dose_entry(ready, gate=gate)

    assert [list(answer["errors"]) for answer in answers_to(held, one)] == [["despite_gate"]]
    assert states(held, without(one, despite_gate=["as ordered"])) == ["kept"]


def test_without_the_second_tap_no_dose_is_taken(held, ready):  # noqa: F811
    one = dose_entry(ready, gate=shown_gate(tapped_again=False))

    [answer] = answers_to(held, one)
    assert (answer["state"], list(answer["errors"])) == ("needs_you", [""])
    assert not Dose.objects.filter(pk=one["id"]).exists()


# --- What is shown of it ------------------------------------------------------------------------------------


def shown_of(client, ward):
    return as_read(client.get(f"/participants/{ward.participant.pk}/").content.decode())


def test_the_page_shows_how_it_came_and_what_does_not_fit(nurse, ward):
    one = entry(ward, kept_at=NIGHT + HOUR, now=MORNING + HOUR)
    given = entry(ward, "treatment", {"drug": "paracetamol", "dose": "1000", "unit": "mg", "indication": "crs"})
    assert states(nurse, one, given) == ["kept", "kept"]

    page = shown_of(nurse, ward)

    assert page.count("kept on a tablet Tue 03:10 by its clock, received Tue 08:00; its clock was 1 h 0 min ahead") == 1
    assert page.count("kept on a tablet Tue 02:10 by its clock, received Tue 08:00") == 1
    nurse.cookies["django_language"] = "zh-hant"
    assert "平板時鐘快 1" in shown_of(nurse, ward)


def test_what_was_sent_at_once_by_a_clock_that_is_right_needs_no_words(nurse, ward):
    assert states(nurse, entry(ward, kept_at=MORNING)) == ["kept"]
    assert "kept on a tablet" not in shown_of(nurse, ward)
