"""The page of the observation window: countdown, slot_states, why nobody looked, its end; and the stays beside it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from regimens.models import MissedObservationReason, Site, Stay, StayEnd, Step, WindowCompletion
from tests.bedside.posted import common, text_of, url
from tests.builders import dose, kept, signature, stay, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db


def ago(**how_long):
    return timezone.now() - timedelta(**how_long)


@stage
def nine_hours_on(world):
    """Vital signs at 4 h after the dose, none at 8 h."""
    for fact in (
        stay(world, observed_at=ago(hours=10)),
        dose(world, observed_at=ago(hours=9)),
        vitals(world, 0, observed_at=ago(hours=5)),
    ):
        kept(fact, world)
    return world


@pytest.fixture
def watched(client, nine_hours_on):
    """The nurse is signed in."""
    client.force_login(nine_hours_on.nurse)
    return nine_hours_on


@stage
def dosed(world):
    """Forty hours ago, and nobody looked since."""
    kept(dose(world, observed_at=ago(hours=40)), world)
    return world


@pytest.fixture
def over(client, dosed):
    """The same; the investigator is signed in."""
    client.force_login(dosed.investigator)
    return dosed


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def sent(do, **values):
    return {"do": do, "id": str(uuid4()), "opened_at": timezone.now().isoformat()} | values


def test_the_countdown_and_the_slot_states_are_text(client, watched):
    page = words(client.get(url(watched, "window")))

    assert re.search(r"ends in 14 h 59 min ?, \w{3} \d{4}-\d\d-\d\d \d\d:\d\d Asia/Taipei \+08:00", page)
    assert re.search(r"● \w{3} \d\d:\d\d on time looked at", page)
    assert re.search(r"◎ \w{3} \d\d:\d\d overdue 1 h 0 min late", page)
    assert re.search(r"○ \w{3} \d\d:\d\d to come due in 2 h 59 min", page)


def test_what_is_not_planned_says_so_and_never_that_nothing_was_missed(client, world):
    with acting(by="test", reason="no plan"):
        Step.objects.filter(regimen=world.regimen).update(vitals_every_h=None)
    kept(dose(world, observed_at=ago(hours=9)), world)
    client.force_login(world.nurse)

    assert "Not planned: the step names no interval." in text_of(client.get(url(world, "window")))


def test_before_the_first_dose(client, world):
    client.force_login(world.nurse)

    page = words(client.get(url(world, "window")))
    assert "No dose was given yet." in page
    assert "STEP-UP 1 – – –" in page


def test_a_refresh_by_the_page_itself_gets_the_slot_states_alone(client, watched):
    answer = client.get(url(watched, "window"), headers={"X-By-Itself": "1"})

    assert "ends in" in text_of(answer)
    assert "<html" not in text_of(answer)


def test_a_slot_is_excused_with_a_reason(client, watched):
    form = client.get(url(watched, "window")).context["missed_observation"]
    (value,) = [v for v, label in form.fields["slot"].choices if v.startswith("vitals")]  # fmt: skip
    assert (
        client.post(url(watched, "window"), sent("missed_observation", slot=value, because="off_ward")).status_code
        == 302
    )

    assert MissedObservationReason.objects.get().because == "off_ward"
    assert "off the ward, said by demo.nurse" in text_of(client.get(url(watched, "window")))


def test_a_sleeping_participant_still_gets_neuro_checks(client, watched):
    slots = client.get(url(watched, "window")).context["missed_observation"].fields["slot"].choices
    neuro = next(value for value, _ in slots if value.startswith("neuro"))
    answer = client.post(url(watched, "window"), sent("missed_observation", slot=neuro, because="asleep"))

    assert answer.status_code == 400
    assert "A sleeping participant still gets neuro checks." in text_of(answer)


def test_a_slot_that_is_not_there_is_refused(client, watched):
    answer = client.post(
        url(watched, "window"), sent("missed_observation", slot="vitals|2026-01-01T00:00:00+00:00", because="refused")
    )

    assert (answer.status_code, MissedObservationReason.objects.count()) == (400, 0)


def test_complete_is_refused_with_the_list_and_incomplete_says_why(client, over):
    refused = client.post(url(over, "window"), sent("close", complete="yes", **signature(over.investigator)))
    assert refused.status_code == 400
    assert len(re.findall(r"vital signs: \d{4}", text_of(refused))) == 6

    silent = client.post(url(over, "window"), sent("close", complete="no", **signature(over.investigator)))
    assert list(silent.context["close"].errors) == ["because"]
    assert (
        client.post(
            url(over, "window"), sent("close", complete="no", because="No monitor.", **signature(over.investigator))
        ).status_code
        == 302
    )
    page = words(client.get(url(over, "window")))
    assert "Window incomplete because: No monitor. , signed as reviewed by" in page
    assert (WindowCompletion.objects.get().missed, WindowCompletion.objects.get().signed) == (9, True)


def test_a_late_entry_after_the_end_shows(client, over):
    client.post(
        url(over, "window"), sent("close", complete="no", because="No monitor.", **signature(over.investigator))
    )
    kept(vitals(over, 0, observed_at=ago(hours=36), reason="on paper"), over, at=timezone.now())

    page = words(client.get(url(over, "window")))
    assert "Open slots when this was said: 9; now: 8." in page
    assert "entered later" in page


def test_an_old_page_does_not_close_a_window(client, over):
    old = sent("close", complete="no", because="x", **signature(over.investigator)) | {
        "opened_at": ago(minutes=30).isoformat()
    }

    assert client.post(url(over, "window"), old).status_code == 400


def test_a_second_tap_says_the_same(client, over):
    body = sent("close", complete="no", because="No monitor.", **signature(over.investigator))

    client.post(url(over, "window"), body)
    client.post(url(over, "window"), body)
    assert WindowCompletion.objects.count() == 1


# --- Signed -----------------------------------------------------------------------------------------------------


def signed(world, **values):
    return sent("close", complete="no", because="No monitor.", **signature(world.investigator) | values)


@pytest.mark.req("R17")
def test_an_investigator_signs_with_name_and_password_and_the_record_says_who_when_and_what_for(client, over):
    page = text_of(client.get(url(over, "window")))
    assert 'name="password"' in page

    assert client.post(url(over, "window"), signed(over)).status_code == 302

    assert WindowCompletion.objects.get().signed
    name = over.investigator.username
    signature = rf"signed as reviewed by {name} \({name}\) \w{{3}} [\d:. -]+ Asia/Taipei \+08:00, [\d: -]+ UTC"
    assert re.search(signature, words(client.get(url(over, "window"))))


@pytest.mark.parametrize(
    "wrong", [{"password": "guess"}, {"password": ""}, {"name": ""}, {"name": "nurse"}], ids=lambda wrong: str(wrong)
)
def test_without_ones_own_name_and_password_nothing_is_signed_or_recorded(client, over, wrong):
    answer = client.post(url(over, "window"), signed(over, **wrong))

    assert (answer.status_code, list(answer.context["close"].errors)) == (400, ["password"])
    assert "No monitor." in text_of(answer)  # what was typed is kept
    assert f"{over.investigator.username}-password" not in text_of(answer)
    assert not WindowCompletion.objects.exists()


@pytest.mark.long
def test_guessing_a_signature_waits_even_with_the_right_password(client, over):
    for _ in range(5):
        client.post(url(over, "window"), signed(over, password="guess"))

    assert client.post(url(over, "window"), signed(over)).status_code == 400
    assert not WindowCompletion.objects.exists()


def test_the_nurse_is_not_asked_to_sign_and_may_not(client, over):
    client.force_login(over.nurse)
    assert 'name="password"' not in text_of(client.get(url(over, "window")))

    assert client.post(url(over, "window"), signed(over, **signature(over.nurse))).status_code == 403
    assert not WindowCompletion.objects.exists()


def test_planned_against_given(client, world):
    """Planned days 1, 8 and 15; the second dose comes two days late, the third is not given."""
    first = timezone.now().replace(hour=3, minute=0) - timedelta(days=20)  # 11:00 in Taipei
    kept(dose(world, observed_at=first), world)
    kept(dose(world, step=1, observed_at=first + timedelta(days=9)), world)
    held = {"status": "NOT GIVEN", "amount": None, "not_given_because": "CRS grade 2"}
    kept(dose(world, step=2, observed_at=first + timedelta(days=14), **held), world)
    client.force_login(world.nurse)

    page = words(client.get(url(world, "window")))
    on = [f"{first + timedelta(days=days):%Y-%m-%d}" for days in (0, 7, 14)]
    assert re.search(rf"STEP-UP 1 {on[0]} day 1 \w{{3}} {on[0]} 11:00 5 mg, given on its day", page)
    assert re.search(rf"STEP-UP 2 {on[1]} day 8 \w{{3}} \S+ 11:00 25 mg, given 2 d late", page)
    assert re.search(rf"FULL DOSE 1 {on[2]} day 15 not given: CRS grade 2 –", page)


def test_the_window_of_an_earlier_dose(client, world):
    kept(dose(world, observed_at=ago(days=8)), world)
    kept(dose(world, step=1, observed_at=ago(hours=1)), world)
    client.force_login(world.nurse)

    assert "STEP-UP 2" in client.get(url(world, "window")).context["page"].period.step.label
    assert client.get(url(world, "window") + "?dose=1").context["page"].period.dose_number == 1
    assert client.get(url(world, "window") + "?dose=3").status_code == 404
    assert client.get(url(world, "window") + "?dose=x").status_code == 404


def test_times_are_the_sites(client, world):
    with acting(by="test", reason="moved"):
        Site.objects.filter(pk=world.site.pk).update(time_zone="Europe/Paris")
    kept(dose(world, observed_at=ago(hours=9)), world)
    client.force_login(world.nurse)

    assert re.search(r"Europe/Paris \+0[12]:00", words(client.get(url(world, "window"))))


@pytest.mark.parametrize(
    ("who", "read", "written"),
    [
        ("nurse", 200, 403),
        ("investigator", 200, 400),
        ("data_manager", 200, 403),
        ("sponsor", 403, 403),
        ("outsider", 404, 404),
    ],
)
def test_who_sees_the_page(client, watched, who, read, written):
    client.force_login(getattr(watched, who))

    assert client.get(url(watched, "window")).status_code == read
    assert client.post(url(watched, "window"), sent("close")).status_code == written


def test_who_only_reads_gets_no_form_and_may_not_send_one(client, watched):
    client.force_login(watched.data_manager)

    assert "window-form" not in text_of(client.get(url(watched, "window")))
    assert client.post(url(watched, "window"), sent("close", complete="no", because="x")).status_code == 403
    assert WindowCompletion.objects.count() == 0


# --- Stays ----------------------------------------------------------------------------------------------------


def test_icu_discharge_and_readmission(client, watched):
    client.post(url(watched, "stay"), common(kind="icu", ward="ICU", bed="3"))
    saved = client.post(url(watched, "stay-end"), common())
    assert saved["location"].startswith(url(watched, "window"))
    assert StayEnd.objects.get().stay.kind == "icu"
    page = words(client.get(url(watched, "window")))
    assert "intensive care , ward ICU, bed 3" in page
    assert "there now" not in page

    assert client.get(url(watched, "stay-end"))["Location"] == url(watched, "window")  # nobody to discharge
    client.post(url(watched, "stay"), common(kind="ward", ward="7B", bed="4"))
    assert (Stay.objects.count(), "there now" in words(client.get(url(watched, "window")))) == (3, True)


def test_a_discharge_is_corrected(client, watched):
    client.post(url(watched, "stay-end"), common())
    end = StayEnd.objects.get()
    withdrawn = common(when="same", withdrawn="on", reason="still here")

    assert client.post(reverse("correct", args=["stay-end", end.pk]), withdrawn).status_code == 302
    assert "there now" in words(client.get(url(watched, "window")))


def test_the_banner_tells_how_long_the_window_lasts(client, watched):
    assert "window ends in 14 h 59 min" in text_of(client.get(url(watched, "participant")))
