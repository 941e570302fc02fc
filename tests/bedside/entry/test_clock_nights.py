"""Both nights on which clocks are changed, in every form: what is stored is when it was, and nothing is guessed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from crsmonitor.audit.acting import acting
from grading.alerting.forms.rota import ShiftForm
from grading.bedside.forms.given import DoseForm, StayForm
from grading.bedside.forms.neuro import NeuroForm
from grading.bedside.forms.treatment import TreatmentForm, WeightForm
from grading.bedside.forms.vitals import VitalsForm
from grading.bedside.kinds import PAGES
from grading.dosing.forms.gate import AtForm
from grading.models import Alert, Attribution, CurrentState, VitalSigns
from grading.recording.forms.base import MINUTES_AGO, FactForm
from grading.review.forms.attribution import AttributionForm
from grading.treatment.selectors.drug_facts import planned_doses
from regimens.models import Dose, Participant
from regimens.rules.wall_time import naive
from tests.bedside.entry.test_forms import WRISTBAND
from tests.builders import World, dose, kept, stay, treatment, vitals

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
AUTUMN, SPRING = datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)
# What a form makes of its time is one code (FactForm): one form is asked for every 5 minutes, the others for every 15.
NIGHTS = {
    kind: [night + timedelta(minutes=past) for night in (AUTUMN, SPRING) for past in range(0, 181, every)]
    for kind, every in {**dict.fromkeys(PAGES, 15), "vitals": 5}.items()
}
FIRST, SECOND = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # both 02:30
LATER = datetime(2026, 10, 25, 6, tzinfo=UTC)


@pytest.fixture
def paris(world: World) -> World:
    """The participant's site runs on the clock of Paris."""
    with acting(by="test", reason="a site where clocks are changed"):
        world.site.time_zone = "Europe/Paris"
        world.site.save()
    world.participant = Participant.objects.get(pk=world.participant.pk)
    return world


def options(kind: str, world: World, *, at: datetime) -> dict[str, object]:
    """What each form is given besides what was typed."""
    whose: dict[str, object] = {"participant": world.participant, "at": at, "wristband": WRISTBAND}
    if kind == "dose":
        doses = planned_doses(world.participant, world.steps, at=at)
        return whose | {"steps": world.steps, "planned": world.steps[0], "doses": doses}
    if kind == "dose-end":
        return whose | {"dose": dose(world, observed_at=at)}
    if kind == "stay-end":
        return whose | {"stay": stay(world, observed_at=at)}
    if kind == "treatment-end":
        given = treatment(world, 0, "norepinephrine", "vasopressor", "crs", observed_at=at)
        return whose | {"running": [given]}
    return whose


def posted(form: type[FactForm], *, at: datetime, given: dict[str, object], **typed: object) -> FactForm:
    data = {"id": str(uuid4()), "opened_at": at.isoformat(), "when": "0", "confirm_number": "001"} | typed
    return form(MultiValueDict({k: [v] for k, v in data.items()}), **given)


@pytest.mark.parametrize("kind", PAGES)
def test_every_chip_of_every_form_stores_when_it_was(paris, kind):
    form = PAGES[kind].form
    for at in NIGHTS[kind]:
        given = options(kind, paris, at=at)
        page = form(**given)
        labels = [chip["label"] for chip in page.chips]
        assert len(set(labels)) == len(labels), at
        assert [chip["value"] for chip in page.chips] == [*map(str, MINUTES_AGO), "other"]
        for minutes in MINUTES_AGO:
            sent = posted(form, at=at, given=given, when=str(minutes), opened_at=page["opened_at"].value())
            sent.is_valid()
            assert sent.cleaned_data["observed_at"] == at - timedelta(minutes=minutes), (at, minutes)


@pytest.mark.parametrize("kind", PAGES)
def test_every_typed_time_of_every_form_stores_when_it_was_or_asks_which(paris, kind):
    for at in NIGHTS[kind]:
        wall, day_later = naive(at, PARIS), at + timedelta(hours=8)
        typed = {"when": "other", "observed_on": f"{wall:%Y-%m-%d}", "observed_time": f"{wall:%H:%M}"}
        given = options(kind, paris, at=day_later)
        sent = posted(PAGES[kind].form, at=day_later, given=given, **typed)
        twice = AUTUMN <= at < AUTUMN + timedelta(hours=2)
        assert sent.has_error("observed_time") == twice, at
        if not twice:
            assert sent.cleaned_data["observed_at"] == at
            continue
        assert sent.turns["observed_time"]["shown"]
        turn = "1" if at < AUTUMN + timedelta(hours=1) else "2"
        answered = posted(PAGES[kind].form, at=day_later, given=given, observed_time_turn=turn, **typed)
        answered.is_valid()
        assert answered.cleaned_data["observed_at"] == at


@pytest.mark.parametrize("kind", PAGES)
def test_no_form_takes_a_minute_that_the_clocks_skipped(paris, kind):
    given = options(kind, paris, at=SPRING + timedelta(hours=4))
    for minute in range(0, 60, 5):
        typed = {"when": "other", "observed_on": "2026-03-29", "observed_time": f"02:{minute:02}"}
        sent = posted(PAGES[kind].form, at=given["at"], given=given, observed_time_turn="1", **typed)
        assert sent.has_error("observed_time")


def test_what_is_still_to_come_is_not_asked_about(paris):
    """At 02:45 for the first time, 02:30 is a quarter of an hour ago."""
    at = FIRST + timedelta(minutes=15)
    typed = {"when": "other", "observed_on": "2026-10-25", "observed_time": "02:30"}
    sent = posted(VitalsForm, at=at, given=options("vitals", paris, at=at), **typed)
    assert sent.is_valid(), sent.errors
    assert sent.draft().observed_at == FIRST


def test_a_correction_of_what_was_seen_in_that_hour_starts_with_its_turn(paris):
    kept(stay(paris, observed_at=FIRST - timedelta(hours=1)), paris)
    for at in (FIRST, SECOND):
        earlier = kept(vitals(paris, 0, observed_at=at), paris).fact
        page = VitalsForm(**options("vitals", paris, at=LATER), earlier=earlier)
        chosen = [one["value"] for one in page.turns["observed_time"]["options"] if one["chosen"]]
        assert (page.turns["observed_time"]["shown"], chosen) == (True, ["1" if at == FIRST else "2"])
        assert "+0" in page.chips[0]["label"]


# --- the other times that are typed ---


def test_the_end_of_an_attribution_says_which(paris):
    typed = {"sign": "fever", "cause": "infection", "because": "culture", "until": "2026-10-25 02:30", "when": "15"}
    given = options("attribution", paris, at=LATER) | {"at": LATER}
    early = {"opened_at": (AUTUMN - timedelta(hours=3)).isoformat()}
    response = posted(AttributionForm, at=LATER, given=given, **typed, **early)
    assert list(response.errors) == ["until"]
    for turn, until in (("1", FIRST), ("2", SECOND)):
        sent = posted(AttributionForm, at=LATER, given=given, until_turn=turn, **typed, **early)
        assert sent.is_valid(), sent.errors
        assert sent.draft().until == until
        earlier = Attribution(until=until, observed_at=AUTUMN, sign="fever")
        written = AttributionForm(**given, earlier=earlier)
        assert written.initial["until_turn"] == turn
    skipped = posted(AttributionForm, at=LATER, given=given, **typed | {"until": "2026-03-29 02:30"}, **early)
    assert skipped.has_error("until")


def test_the_order_of_a_drug_says_which(paris):
    typed = {
        "known": "tocilizumab", "drug_class": "anticytokine", "indication": "crs", "ordered_time": "02:30",
        "opened_at": (SECOND + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    given = options("treatment", paris, at=SECOND + timedelta(hours=1))
    assert list(posted(TreatmentForm, at=LATER, given=given, **typed).errors) == ["ordered_time"]
    for turn, ordered in (("1", FIRST), ("2", SECOND)):
        sent = posted(TreatmentForm, at=LATER, given=given, ordered_time_turn=turn, **typed)
        assert sent.is_valid(), sent.errors
        assert sent.draft().ordered_at == ordered


def test_the_gate_is_asked_for_one_of_the_two(paris):
    for turn, at in (("1", FIRST), ("2", SECOND)):
        form = AtForm({"at": "2026-10-25T02:30", "at_turn": turn}, participant=paris.participant, now=AUTUMN)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["at"] == at
        assert form.stands_at(at) == "2026-10-25T02:30"
        assert [one["chosen"] for one in form.turns["at"]["options"]] == [turn == "1", turn == "2"]
    at_form = AtForm({"at": "2026-10-25T02:30"}, participant=paris.participant, now=AUTUMN)
    assert at_form.has_error("at")
    assert AtForm({"at": "2026-03-29T02:30"}, participant=paris.participant, now=SPRING).has_error("at")


def test_every_shift_of_both_nights_begins_when_it_says(paris):
    for at in NIGHTS["vitals"]:
        data = {"starts_at": f"{naive(at, PARIS):%Y-%m-%dT%H:%M}", "ends_at": "2027-01-01T08:00"}
        twice = AUTUMN <= at < AUTUMN + timedelta(hours=2)
        turn = {"starts_at_turn": "1" if at < AUTUMN + timedelta(hours=1) else "2"}
        people = type(paris.nurse).objects.none()
        assert ShiftForm(data, site=paris.site, people=people).has_error("starts_at") == twice
        sent = ShiftForm(data | turn, site=paris.site, people=people)
        sent.is_valid()
        assert sent.cleaned_data["starts_at"] == at


# --- from the tap to the board ---


@pytest.fixture
def nurse_at(client, paris) -> Iterator[object]:
    """The nurse opens and saves the page of vital signs at an instant, by the chip as it stands."""
    kept(stay(paris, observed_at=AUTUMN - timedelta(hours=5)), paris)
    kept(dose(paris, observed_at=AUTUMN - timedelta(hours=4)), paris)

    def save(at: datetime, **typed: object):
        with time_machine.travel(at, tick=False):
            client.logout()
            client.force_login(paris.nurse)
            page = client.get(reverse("vitals", args=[paris.participant.pk]))
            form = page.context["form"]
            data = {
                "id": str(uuid4()),
                "opened_at": form.opened.isoformat(),
                "when": form["when"].value(),
                "confirm_number": "001",
            }
            return client.post(reverse("vitals", args=[paris.participant.pk]), data | typed)

    return save


WELL = {
    "temperature_c": "37.4", "sbp": "120", "dbp": "70", "spo2": "97", "heart_rate": "80", "respiratory_rate": "16",
    "oxygen_device": "room_air", "hypotension": "no", "fluid_bolus": "no", "vasopressors": ["none"],
}  # fmt: skip
ILL = WELL | {
    "temperature_c": "38.9",
    "sbp": "84",
    "dbp": "50",
    "hypotension": "yes",
    "vasopressors": ["norepinephrine"],
}


def test_now_in_the_repeated_hour_is_now_and_asks_no_reason(nurse_at):
    """R01: 02:10 for the second time."""
    at = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert nurse_at(at, **WELL).status_code == 302
    assert VitalSigns.objects.get().observed_at == at


def test_what_is_seen_in_the_repeated_hour_comes_after_what_was_seen_in_the_first(nurse_at, paris):
    """R01b: a healthy set at 00:50Z, one on norepinephrine at 01:20Z: the board says 3, and the alert is not late."""
    assert nurse_at(datetime(2026, 10, 25, 0, 50, tzinfo=UTC), **WELL).status_code == 302
    assert nurse_at(datetime(2026, 10, 25, 1, 20, tzinfo=UTC), **ILL).status_code == 302

    state = CurrentState.objects.get(participant=paris.participant)
    assert (state.crs_grade, state.vitals_at) == (3, datetime(2026, 10, 25, 1, 20, tzinfo=UTC))
    alert = Alert.objects.get(participant=paris.participant)
    assert (alert.grade, alert.observed_at) == (3, datetime(2026, 10, 25, 1, 20, tzinfo=UTC))
    assert alert.raised_at - alert.observed_at < timedelta(minutes=1)


def test_every_kind_of_fact_form_was_walked():
    """A form that is added later walks both nights too, by PAGES."""
    assert {NeuroForm, DoseForm, StayForm, WeightForm, VitalsForm} <= {page.form for page in PAGES.values()}
    assert all(issubclass(page.form, FactForm) for page in PAGES.values())
    assert Dose in {page.form.model for page in PAGES.values()}
