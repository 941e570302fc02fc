"""A judgement holds while the derived grade is not above the one it was about: the same everywhere (J1 to J3)."""

from dataclasses import replace

import pytest
from django.urls import reverse

from grading.dosing.selectors.gate_case import case_of
from grading.models import Episode, GradeAssessment, VitalSigns
from grading.review.selectors.unheld import to_judge_again
from regimens.library import plan_named
from tests.builders import draft, hour, kept, vitals
from tests.dosing.conftest import enrolled, give
from tests.exports.reading import picked, rows
from tests.stages import stage

pytestmark = pytest.mark.django_db

FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"hypotension": True}  # 2
SHOCK = FEVER | {"hypotension": True, "vasopressors": ["norepinephrine"]}  # 3
WORSE = SHOCK | {"vasopressors": ["norepinephrine", "epinephrine"]}  # 4
J1 = {"temperature_c": 39.9, "sbp": 78, "hypotension": True, "vasopressors": ["norepinephrine"],
      "oxygen_device": "high_flow_nasal_cannula", "oxygen_flow_l_min": 40}  # fmt: skip
DOSE_AT = hour(72)


@stage(lasts_s=600)
def dosed():
    world = enrolled("LIB", "teclistamab")
    give(world, 0)
    return world


def look(world, h, **changes):
    return kept(vitals(world, h, **changes), world).fact


def late(world, h, *, at, **changes):
    return kept(vitals(world, h, reason="entered late", **changes), world, at=hour(at))


def correct(world, fact, h, *, at, **changes):
    return kept(vitals(world, h, supersedes=fact, reason="mistyped", **changes), world, at=hour(at))


def say(world, grade, *, h=6):
    root = Episode.objects.order_by("provisional").get(kind="crs").root
    word = {"agrees": True} if grade is None else {"agrees": False, "grade": grade, "because": "infection"}
    fact = draft(GradeAssessment, world, h, about="episode", about_root=root, kind="crs", ledger="investigator", **word)
    return kept(fact, world, by=world.investigator)


def rise_after_override_down(world):
    look(world, 4, **FEVER)
    say(world, 0)
    look(world, 7, **J1)


def override_down_that_holds(world):
    look(world, 4, **FEVER)
    say(world, 0)
    look(world, 7, **FEVER)


def rise_after_confirmation(world):
    look(world, 4, **SHOCK)
    say(world, None)
    look(world, 7, **WORSE)


def fall_after_override_up(world):
    look(world, 4, **FEVER)
    worst = look(world, 5, **LOW)
    say(world, 3)
    correct(world, worst, 5, at=7, **FEVER)


def rise_after_override_up(world):
    look(world, 4, **FEVER)
    say(world, 2)
    look(world, 7, **LOW)


def late_set_above_what_was_confirmed(world):
    look(world, 4, **FEVER)
    say(world, None)
    late(world, 5, at=7, **LOW)


def correction_down_after_override_down(world):
    look(world, 4, **FEVER)
    worst = look(world, 5, **SHOCK)
    say(world, 1)
    correct(world, worst, 5, at=7, **LOW)


def correction_down_after_confirmation(world):
    look(world, 4, **FEVER)
    worst = look(world, 5, **SHOCK)
    say(world, None)
    correct(world, worst, 5, at=7, **LOW)


def judged_again(world):
    rise_after_override_down(world)
    say(world, 2, h=8)


ROWS = [  # the final grade, the computed one, and whether it asks to be judged again
    (rise_after_override_down, 3, 3, True),
    (override_down_that_holds, 0, 1, False),
    (rise_after_confirmation, 4, 4, True),
    (fall_after_override_up, 3, 1, False),
    (rise_after_override_up, 2, 2, True),
    (late_set_above_what_was_confirmed, 2, 2, True),
    (correction_down_after_override_down, 1, 2, False),
    (correction_down_after_confirmation, 2, 2, False),
    (judged_again, 2, 3, False),
]


@pytest.mark.long
@pytest.mark.parametrize(("happens", "final", "derived", "again"), ROWS, ids=[row[0].__name__ for row in ROWS])
def test_export_gate_pages_and_api_say_the_same(dosed, client, happens, final, derived, again):
    happens(dosed)

    (row,) = rows(dosed, hour(20))
    columns = ("Y" if final else "N", str(final), str(derived), "Y" if again else "N")
    assert picked(row, "CRSFL", "CRSMAXGR", "CRSMAXAG", "CRSRJDFL") == columns
    state = case_of(dosed.participant, plan_named("teclistamab"), dose_at=DOSE_AT).state
    assert state.last_crs_grade == final
    client.force_login(dosed.investigator)
    page = client.get(reverse("participant", args=[dosed.participant.pk])).content.decode()
    assert ("To be judged again" in page) is again
    listed = client.get(reverse("disagreements")).content.decode()
    assert ("To be judged again" in listed) is again
    alerts = client.get(reverse("alerts")).content.decode()
    assert ("To be judged again" in alerts) is again
    assert (reverse("judge", args=[dosed.participant.pk, "episode", Episode.objects.first().root]) in alerts) is again
    gate = client.get(reverse("api-gate", args=[dosed.participant.pk]), {"at": DOSE_AT.isoformat()}).json()
    assert gate["case"]["state"]["last_crs_grade"] == final


def test_one_grade_that_rose_is_listed_once_with_what_decided_before(dosed):
    rise_after_override_down(dosed)

    (one,) = to_judge_again(dosed.investigator)

    assert (one.assessment.grade, one.assessment.derived_grade, one.ledgers.final) == (0, 1, 3)
    assert to_judge_again(dosed.nurse) == [replace(one, may_judge=False)]


def test_a_confirmation_beside_a_higher_grade_says_at_what_it_was_made(dosed, client):
    rise_after_confirmation(dosed)
    client.force_login(dosed.investigator)

    page = client.get(reverse("participant", args=[dosed.participant.pk])).content.decode()

    assert "confirmed at: Grade 3" in page
    assert "the derived grade is above what was judged: to be judged again" in page
    assert "confirms" not in page


PROVISIONAL = ("CRSFL", "CRSMAXGR", "CRSMAXUP", "CRSPRVFL", "CRSPKGR", "CRSRJDFL")


def test_a_judgement_of_a_provisional_episode_holds_while_its_axis_has_not_risen(dosed, client):
    """Low pressure without a fever, judged to be bleeding; then two vasopressors."""
    look(dosed, 4, hypotension=True)
    say(dosed, 0)
    (row,) = rows(dosed, hour(20))
    assert picked(row, *PROVISIONAL) == ("N", "0", "2", "N", "0", "N")

    look(dosed, 7, hypotension=True, vasopressors=["norepinephrine", "epinephrine"])

    (row,) = rows(dosed, hour(20))
    assert picked(row, *PROVISIONAL) == ("", "", "4", "Y", "", "Y")
    client.force_login(dosed.investigator)
    assert "up to grade 4" in client.get(reverse("disagreements")).content.decode()


def test_nobody_judges_a_provisional_episode_they_saw_milder(dosed, client):
    look(dosed, 4, hypotension=True)
    where = reverse("judge", args=[dosed.participant.pk, "episode", Episode.objects.get().root])
    client.force_login(dosed.investigator)
    shown = client.get(where).context["form"].fresh
    look(dosed, 5, hypotension=True, vasopressors=["norepinephrine"])

    answered = shown | {"seen": "0", "seen_most": "2", "agrees": "no", "grade": "0", "because": "bleeding"}
    answer = client.post(where, answered)

    assert answer.status_code == 400
    assert "changed since" in answer.content.decode()
    assert not GradeAssessment.objects.exists()


def test_a_corrected_set_asks_again_too(dosed):
    first = look(dosed, 4, **FEVER)
    assessment = draft(GradeAssessment, dosed, 5, about="set", about_root=first.root, kind="crs", ledger="investigator",
                 agrees=True)  # fmt: skip
    kept(assessment, dosed, by=dosed.investigator)
    assert to_judge_again(dosed.investigator) == []

    correct(dosed, VitalSigns.objects.get(), 4, at=6, **SHOCK)

    (one,) = to_judge_again(dosed.investigator)
    assert (one.ledgers.about, one.ledgers.final) == ("set", 3)


def said_without_a_network(world, *, h, sent):
    root = Episode.objects.get(kind="crs").root
    assessment = draft(GradeAssessment, world, h, about="episode", about_root=root, kind="crs", ledger="investigator",
                 agrees=False, grade=0, because="infection", reason="no network")  # fmt: skip
    return kept(assessment, world, by=world.investigator, at=hour(sent)).fact


def test_said_before_a_rise_and_sent_after_it_is_about_what_was_there(dosed):
    look(dosed, 4, **FEVER)
    look(dosed, 7, **J1)

    assessment = said_without_a_network(dosed, h=6, sent=8)

    assert assessment.derived_grade == 1
    assert [picked(row, "CRSMAXGR", "CRSRJDFL") for row in rows(dosed, hour(30))] == [("3", "Y")]


def test_of_a_provisional_episode_too(dosed):
    look(dosed, 4, hypotension=True)
    look(dosed, 7, hypotension=True, vasopressors=["norepinephrine"])

    said_without_a_network(dosed, h=6, sent=8)

    assert [picked(row, "CRSMAXGR", "CRSPRVFL") for row in rows(dosed, hour(30))] == [("", "Y")]
