"""CRSMAXGR is the final grade, CRSMAXAG the computed one: judgements about episodes stand between the two."""

import pytest
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.exports.rows import checked_cut, scope_for
from grading.models import Episode, Judgement
from tests.builders import dose, draft, hour, kept, neuro, person, vitals
from tests.grading.exports.reading import picked, rows

pytestmark = pytest.mark.django_db

CRS = ("CRSMAXGR", "CRSMAXAG", "CRSADJFL")


@pytest.fixture
def seen(world):
    """One period with two episodes: grade 2 from hour 4, grade 1 from hour 60; and ICANS of grade 1."""
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6, hypotension=True), world)
    for h in (8, 32):
        kept(vitals(world, h), world)
    kept(vitals(world, 60, temperature_c=38.2), world)
    kept(neuro(world, 61, ice_writing=False), world)
    return world


def say(world, grade, *, episode=0, kind="crs", ledger="investigator", h=70, by=None, **columns):
    root = Episode.objects.filter(kind=kind).order_by("started_at")[episode].root
    word = {"agrees": True} if grade is None else {"agrees": False, "grade": grade, "because": "sepsis"}
    said = draft(Judgement, world, h, about="episode", about_root=root, kind=kind, ledger=ledger, **word | columns)
    return kept(said, world, by=by or world.investigator).fact


def final(world, *names):
    (row,) = rows(world, hour(80))
    return picked(row, *(names or CRS))


def test_without_a_judgement_both_are_the_computed_grade(seen):
    assert final(seen) == ("2", "2", "N")
    assert final(seen, "ICNMAXGR", "ICNMAXAG") == ("1", "1")


def test_an_override_changes_the_final_grade_alone(seen):
    say(seen, 3)

    assert final(seen) == ("3", "2", "Y")
    assert final(seen, "ICNMAXGR", "ICNMAXAG") == ("1", "1")


def test_the_worst_final_grade_of_all_episodes_counts(seen):
    say(seen, 0)  # the first is none after all: the second stays, of grade 1

    assert final(seen) == ("1", "2", "Y")


def test_a_confirmation_is_no_change(seen):
    say(seen, None)

    assert final(seen) == ("2", "2", "N")


def test_a_nurse_s_word_is_not_final(seen):
    say(seen, 4, ledger="nurse", by=seen.nurse)

    assert final(seen) == ("2", "2", "N")


def test_central_review_beats_the_investigator_also_when_it_confirms(seen):
    with acting(by="test", reason="a reviewer"):
        central = person("demo.central", seen.study, Role.CENTRAL)
    say(seen, 4)
    say(seen, 3, ledger="central", by=central, h=65)
    assert final(seen) == ("3", "2", "Y")
    say(seen, None, ledger="central", by=central, h=66)
    assert final(seen) == ("2", "2", "N")


def test_one_taken_back_does_not_count(seen):
    first = say(seen, 3)
    say(seen, 3, h=71, supersedes=first, withdrawn=True, reason="a mistake")

    assert final(seen) == ("2", "2", "N")


def test_icans_has_its_own(seen):
    say(seen, 2, kind="icans")

    assert final(seen, "ICNMAXGR", "ICNMAXAG", *CRS) == ("2", "1", "2", "2", "N")


def test_it_is_of_its_own_period_only(seen):
    kept(dose(seen, 168, step=1), seen)
    kept(vitals(seen, 170), seen)
    kept(vitals(seen, 194), seen)
    kept(vitals(seen, 200, temperature_c=38.5), seen)
    say(seen, 4, episode=2, h=201)

    first, second = rows(seen, hour(210))

    assert (picked(first, *CRS), picked(second, *CRS)) == (("2", "2", "N"), ("4", "1", "Y"))


def test_a_period_nobody_observed_stays_null(world):
    kept(dose(world), world)

    assert final(world) == ("", "", "")


def test_a_judgement_of_a_set_is_not_one_of_the_episode(seen):
    from grading.models import Grade

    root = Grade.objects.get(kind="crs", observed_at=hour(4)).root
    kept(draft(Judgement, seen, 70, about="set", about_root=root, kind="crs", ledger="investigator", agrees=False,
               grade=4, because="x"), seen, by=seen.investigator)  # fmt: skip

    assert final(seen) == ("2", "2", "N")


def test_a_cut_before_the_last_judgement_cannot_be_honoured(seen):
    say(seen, 3, h=90)

    with pytest.raises(InvalidInput):
        checked_cut(scope_for(seen.investigator, seen.study.code), hour(85), at=timezone.now())
