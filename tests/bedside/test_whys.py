"""Why this grade, on every place that shows one: the same line, made in one place and told from the same rules."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from crsmonitor.pages.parts import Shelf
from grading.alerting import drawn_cards
from grading.bedside import drawn_board
from grading.bedside.selectors.course import course_page
from grading.bedside.selectors.explained import grades_behind, newest_of
from grading.bedside.selectors.preview import preview
from grading.bedside.selectors.ward import ward_board
from grading.models import Attribution, CurrentState, NeuroAssessment, VitalSigns
from grading.rules.grades.graded import Graded, reason
from grading.rules.grades.why import ElementChange, NearestChanges
from grading.words.badges import of_graded
from regimens.models import Participant
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
FEVER = [
    "Decided by: Fever: 38.6 °C.",
    "Lower without fever: grade 0.",
    "Higher with hypotension and no vasopressor: grade 2; on low-flow oxygen: grade 2.",
]


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


@stage
def in_bed_12(world: World) -> World:
    """Dosed at hour 0, with a fever 4 h later and an alert of it."""
    for fact in (stay(world), dose(world), vitals(world, 4, temperature_c=38.6)):
        kept(fact, world)
    return world


@pytest.fixture
def feverish(in_bed_12: World, client) -> World:
    """The nurse is signed in."""
    client.force_login(in_bed_12.nurse)
    return in_bed_12


# --- the line ---


def test_the_line_says_what_decides_what_would_change_it_and_what_is_missing():
    graded = Graded(
        grade=-1, at_least=1, at_most=4, reasons=(reason("fever", temperature_c="38.7"),), missing=("spo2",)
    )
    why = NearestChanges(
        lower=(ElementChange("no_fever", 0),), higher=(ElementChange("hypotension", 2), ElementChange("low_flow", 2))
    )

    line = of_graded("crs", graded, why=why).line

    assert [(part.what, part.text) for part in line] == [
        ("decided", "Decided by: Fever: 38.7 °C."),
        ("lower", "Lower without fever: grade 0."),
        ("higher", "Higher with hypotension and no vasopressor: grade 2; on low-flow oxygen: grade 2."),
        ("missing", "Not assessed: oxygen saturation"),
    ]


def test_where_nothing_is_known_of_changes_the_rest_is_said():
    graded = Graded(grade=5, at_least=5, at_most=5, reasons=(reason("died_of_crs"),))

    assert [part.what for part in of_graded("crs", graded).line] == ["decided"]


# --- every place ---


@pytest.mark.parametrize("place", ["board", "participant", "vitals", "neuro", "treatment", "alerts", "alert_list"])
def test_every_page_that_shows_the_grade_says_why(client, feverish, place):
    of_one = [] if place in ("board", "alerts", "alert_list") else [feverish.participant.pk]

    text = text_of(client.get(reverse(place, args=of_one)))

    for phrase in FEVER:
        assert phrase in text, place


def test_the_page_of_an_alert_says_why(client, feverish):
    alert = feverish.participant.alerts.get()

    text = text_of(client.get(reverse("alert", args=[alert.pk])))

    for phrase in FEVER:
        assert phrase in text


def test_the_page_of_a_judgement_says_why(client, feverish):
    grade = feverish.participant.grades.get(kind="crs")

    text = text_of(client.get(reverse("judge", args=[feverish.participant.pk, "set", grade.root])))

    for phrase in FEVER:
        assert phrase in text


def test_the_preview_says_why_before_anything_is_saved(client, feverish):
    now = timezone.localtime()
    typed = {
        "temperature_c": "38.6", "sbp": "120", "dbp": "70", "hypotension": "no", "fluid_bolus": "no",
        "vasopressors": ["none"], "when": "now", "opened_at": now.isoformat(), "id": str(uuid4()),
    }  # fmt: skip

    text = text_of(client.post(reverse("vitals-preview", args=[feverish.participant.pk]), typed))

    for phrase in FEVER:
        assert phrase in text
    assert "Not assessed: oxygen" in text


def test_the_board_says_what_is_missing(client, feverish):
    kept(vitals(feverish, 5, temperature_c=38.6, spo2=None, oxygen_device=None), feverish)

    assert "Not assessed: oxygen, oxygen saturation" in text_of(client.get(reverse("board")))


# --- the same everywhere ---


def story(world: World) -> list:
    """A course in which what would change a grade hangs on its history: masked, earlier fever, waived, attributed."""
    return [
        treatment(world, -1, "dexamethasone", "corticosteroid", "premedication"),
        dose(world),
        vitals(world, 1, hypotension=True),
        vitals(world, 4, temperature_c=38.6),
        vitals(world, 5, hypotension=True),
        treatment(world, 6, "paracetamol", "antipyretic", "crs"),
        vitals(world, 7, oxygen_device="nasal_cannula", oxygen_flow_l_min=2),
        vitals(world, 8, temperature_c=None, sbp=None, hypotension=None),
        neuro(world, 9, consciousness="voice"),
        draft(Attribution, world, 9, sign="hypoxia", cause="effusion", because="seen"),
        vitals(world, 10, oxygen_device="face_mask", oxygen_flow_l_min=8),
        vitals(world, 36),
        vitals(world, 60),
        vitals(world, 90),
        treatment(world, 91, "paracetamol", "antipyretic", "other"),
        vitals(world, 92),
        neuro(world, 93, ice_naming=1),
    ]


@pytest.mark.long
def test_the_board_the_page_and_the_preview_tell_the_same_at_every_set(world):
    for fact in story(world):
        told_before = None
        if isinstance(fact, VitalSigns | NeuroAssessment):
            state = CurrentState.objects.get(participant=world.participant)
            told_before = preview(fact, participant=world.participant, state=state).why
        kept(fact, world, by=world.investigator)
        if told_before is None:
            continue

        page = course_page(world.nurse, world.participant.pk)
        looked = next(one for one in (*page.vitals, *page.neuro) if one.fact.pk == fact.pk)
        newest = newest_of(ward_board(world.nurse, at=fact.observed_at))

        assert looked.why == told_before, fact.observed_at
        assert newest[world.participant.pk, looked.grade.kind].why == told_before, fact.observed_at


def test_an_alert_says_what_its_set_says(world):
    for fact in story(world):
        kept(fact, world, by=world.investigator)
    page = course_page(world.nurse, world.participant.pk)
    whys = {(one.fact.root, one.grade.kind): one.why for one in (*page.vitals, *page.neuro)}

    alerts = list(world.participant.alerts.all())
    behind = grades_behind(alerts)

    assert {(a.fact_root, a.kind): behind[a.pk].why for a in alerts} == {
        (a.fact_root, a.kind): whys[a.fact_root, a.kind] for a in alerts
    }


def test_an_alert_of_a_set_that_was_withdrawn_says_only_what_it_was_raised_for(client, feverish):
    alert = feverish.participant.alerts.get()
    first = VitalSigns.objects.get()
    kept(draft(VitalSigns, feverish, 4, supersedes=first, withdrawn=True, reason="wrong bed"), feverish, at=hour(5))

    text = text_of(client.get(reverse("alert", args=[alert.pk])))

    assert FEVER[0] in text
    assert "Lower " not in text


# --- at a price that does not grow ---


def queries_of(client, name: str) -> int:
    """With every card and row to be drawn: one that was drawn before costs nothing."""
    drawn_cards.shelf, drawn_board.shelf = Shelf(drawn_cards.KEPT), Shelf(drawn_board.KEPT)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(name)).status_code == 200
    return len(seen)


@pytest.mark.long
@pytest.mark.parametrize("name", ["board", "alerts"])
def test_the_queries_are_as_many_however_many_are_shown(client, feverish, name):
    kept(neuro(feverish, 4), feverish)
    client.get(reverse(name))  # the first of a session writes it
    one = queries_of(client, name)
    first = feverish.participant
    for place in range(2, 6):
        with acting(by="test", reason="another participant"):
            feverish.participant = Participant.objects.create(
                study=feverish.study, site=feverish.site, number=f"DEMO-00{place}", regimen=first.regimen
            )
        for fact in (stay(feverish), dose(feverish), vitals(feverish, 4, temperature_c=38.6), neuro(feverish, 4)):
            kept(fact, feverish)

    assert queries_of(client, name) == one
