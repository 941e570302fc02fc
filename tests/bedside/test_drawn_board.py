"""Rows of the board are kept for as long as nothing changes that they say, and each page has its own order of them."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.pages.parts import CUT, Parts, Shelf, changes, parts_of
from grading.alerting.services.answers import acknowledge
from grading.bedside import drawn_board
from grading.bedside.drawn_board import arranged, board_from, board_of, is_empty
from grading.bedside.selectors.board_order import BoardOrder, board_glances
from grading.bedside.views.board import picture_for
from grading.models import Alert, AlertPolicy
from regimens.facts import Source
from regimens.models import Measured, Measurement, Participant
from tests.builders import World, dose, draft, hour, kept, neuro, person, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db

LOW = {"temperature_c": 38.6, "hypotension": True}  # CRS grade 2


@stage
def ward(world: World) -> World:
    """In bed and dosed, with CRS grade 2; beside it somebody who is well, in a later bed."""
    for fact in (stay(world), dose(world), vitals(world, 4, **LOW)):
        kept(fact, world)
    first = world.participant
    with acting(by="test", reason="another participant"):
        world.participant = Participant.objects.create(
            study=world.study, site=world.site, number="DEMO-002", regimen=first.regimen
        )
    for fact in (stay(world, bed="30"), dose(world), vitals(world, 4)):
        kept(fact, world)
    world.participant = first
    return world


@pytest.fixture(autouse=True)
def shelf(monkeypatch) -> Shelf:
    empty: Shelf = Shelf(drawn_board.KEPT)
    monkeypatch.setattr(drawn_board, "shelf", empty)
    return empty


def drawn(user: User, at=None, language: str = "en") -> Parts:
    with translation.override(language):
        return as_parts(board_of(user, at or hour(5)))


def as_parts(context: dict[str, Any]) -> Parts:
    return parts_of(render_to_string("bedside/_board.html", context), context["drawn"])


def shown(parts: Parts, *, own: frozenset[int] = frozenset(), order: BoardOrder = BoardOrder.BED) -> str:
    return "".join(arranged(parts, order, own, "en"))


def changed(row, **columns):
    with acting(by="test", reason="test"):
        type(row).objects.filter(pk=row.pk).update(**columns)


def newest_set(world):
    return world.participant.vitalsigns_facts.standing().latest("observed_at")


CHANGES = {
    "another set of the same grade": lambda w: kept(vitals(w, 4.2, **LOW, sbp=88), w),
    "a corrected value": lambda w: kept(
        vitals(w, 4.2, **LOW, sbp=81, supersedes=newest_set(w), reason="mistyped"), w, at=hour(6)
    ),
    "a rise": lambda w: kept(vitals(w, 4.3, **LOW, vasopressors=["norepinephrine"]), w),
    "ICANS beside it": lambda w: kept(neuro(w, 4.4, consciousness="voice"), w),
    "a baseline pressure": lambda w: kept(draft(Measurement, w, -2, kind=Measured.BASELINE_SBP, value=Decimal(118)), w),
    "a fever that is hidden": lambda w: kept(treatment(w, 3.9, "paracetamol", "antipyretic", "other"), w),
    "another bed": lambda w: kept(stay(w, 4.5, bed="14"), w),
    "answered": lambda w: acknowledge(
        str(Alert.objects.filter(participant=w.participant, state="open").first().pk), by=w.nurse, at=timezone.now()
    ),
    "a set that never was": lambda w: kept(
        vitals(w, 4.3, supersedes=newest_set(w), withdrawn=True, reason="of another"), w, at=hour(6)
    ),
    "a dose of the next step": lambda w: kept(dose(w, 4.6, step=1), w),
}  # fmt: skip
SAID_NOWHERE = {"a baseline pressure", "a fever that is hidden"}


@pytest.mark.long
def test_what_was_kept_is_what_would_be_drawn_from_nothing_whatever_changed(ward, monkeypatch):
    """One after the other, in English and in Chinese, for who sees the site and for who sees the study."""
    readers = [(ward.nurse, "en"), (ward.investigator, "zh-hant")]
    before = [drawn(user, language=language) for user, language in readers]
    for name, change in CHANGES.items():
        change(ward)
        now = [drawn(user, language=language) for user, language in readers]

        monkeypatch.setattr(drawn_board, "shelf", Shelf(drawn_board.KEPT))
        assert now == [drawn(user, language=language) for user, language in readers], name
        assert now != before or name in SAID_NOWHERE, name
        before = now


def test_what_a_policy_says_of_a_drug_is_asked_again(ward):
    kept(treatment(ward, 3.9, "paracetamol", "antipyretic", "other"), ward)
    before = len(drawn_board.shelf)
    drawn(ward.nurse)
    filled = len(drawn_board.shelf)
    changed(AlertPolicy.objects.get(pk=ward.policy.pk), reason="touched")

    drawn(ward.nurse)

    assert (before, filled, len(drawn_board.shelf)) == (0, 2, 4)


def test_a_minute_later_ages_alone_are_new_and_nothing_is_read_again(ward, django_assert_num_queries):
    first = drawn(ward.nurse, hour(5))
    with django_assert_num_queries(6):
        later = drawn(ward.nurse, hour(5) + timedelta(minutes=1))

    texts = [one for one in json.loads(changes(first, later)) if isinstance(one, str)]

    assert "5 h 1 min" in texts
    assert max(map(len, texts)) < 700  # no row, whose texts are longer than the line that says as of when


@pytest.mark.parametrize(
    ("h", "words"),
    [
        (5, ["5 h 0 min since dose", "due in 3 h 0 min"]),
        (8 - 0.2, ["due-soon", "due in 12 min"]),
        (8.01, ["due-late", "0 min late"]),
        (100, ["4 d 4 h since dose", "window over"]),
    ],
)
def test_what_a_kept_row_says_of_the_time_is_true_at_each_reading(ward, h, words):
    drawn(ward.nurse, hour(4.5))

    text = shown(drawn(ward.nurse, hour(h)))

    assert [word for word in words if word not in text] == []


def test_a_fact_that_comes_while_it_is_drawn_is_shown_and_breaks_nothing(ward):
    glances = board_glances(ward.nurse)
    for fact in (neuro(ward, 4.2), dose(ward, 4.5, step=1)):
        kept(fact, ward)

    parts = as_parts(board_from(glances, ward.nurse, hour(5)))

    assert "30 min since dose" in shown(parts)
    assert shown(drawn(ward.nurse, hour(5))) == shown(parts)


def places(html: str) -> list[str]:
    return [part.split("<")[0].strip() for part in html.split("<strong>DEMO-")[1:]]


def test_each_page_has_its_own_order_and_says_whose_they_are(ward):
    parts = drawn(ward.nurse)
    well = Participant.objects.get(number="DEMO-002").pk

    assert not is_empty(parts)
    assert places(shown(parts)) == ["001", "002"]
    assert places(shown(parts, order=BoardOrder.URGENCY)) == ["001", "002"]
    hers = shown(parts, own=frozenset({well}))
    assert places(hers) == ["002", "001"]
    assert (hers.count("place-own"), hers.index("place-own") < hers.index("DEMO-001")) == (1, True)
    assert not [
        mark for mark in (CUT, drawn_board.AGE, drawn_board.OWN, drawn_board.ROW, drawn_board.END) if mark in hers
    ]


@pytest.mark.long
def test_no_text_of_a_record_is_taken_for_a_mark_of_the_drawing(ward):
    """The board of a whole site was an error, for a bed that was read in with such a character."""
    for bed in ("<age>1\x1f", f"{CUT}<end>{CUT}", f"{CUT}<row 999 0,0,0>{CUT}", "\x1c.\x1d<own>"):
        kept(stay(ward, 4.5, bed=bed, source=Source.IMPORT), ward, at=hour(4.6))
        html = shown(drawn(ward.nurse), own=frozenset({ward.participant.pk}))
        assert places(html) == ["001", "002"], bed
        assert html.count("place-own") == 1, bed


def test_nobody_sees_the_rows_of_another_site_or_study(ward):
    with acting(by="test", reason="elsewhere"):
        elsewhere = person("elsewhere", ward.study, Role.NURSE, ward.other_site)

    assert is_empty(drawn(elsewhere))
    assert is_empty(drawn(ward.outsider))
    assert picture_for(elsewhere, "en").key != picture_for(ward.nurse, "en").key
    assert not picture_for(elsewhere, "en").places & picture_for(ward.nurse, "en").places
