"""CRSMAXGR and all that follows it is final, CRSMAXAG computed: judgements about episodes stand between the two."""

import pytest
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.exports.rows import checked_cut, scope_for
from grading.models import Episode, GradeAssessment
from regimens.models import DoseStatus
from tests.builders import dose, draft, hour, kept, neuro, person, treatment, vitals
from tests.exports.reading import picked, rows
from tests.stages import stage

pytestmark = pytest.mark.django_db

CRS = ("CRSMAXGR", "CRSMAXAG", "CRSADJFL")


@stage(lasts_s=600)
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
    assessed = draft(
        GradeAssessment, world, h, about="episode", about_root=root, kind=kind, ledger=ledger, **word | columns
    )
    return kept(assessed, world, by=by or world.investigator).fact


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


def test_a_kind_that_nobody_judged_does_not_ask_to_be_judged_again(seen):
    """Null without a judgement of this kind that stands."""
    again = ("CRSRJDFL", "ICNRJDFL")
    assert final(seen, *again) == ("", "")

    of_icans = say(seen, 1, kind="icans")
    assert final(seen, *again) == ("", "N")
    say(seen, None)
    assert final(seen, *again) == ("N", "N")

    say(seen, 1, kind="icans", supersedes=of_icans, withdrawn=True, reason="a mistake")
    assert final(seen, *again) == ("N", "")


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


def test_last_modified_moves_with_every_word_and_with_taking_it_back(seen):
    first = say(seen, 3)  # at hour 70
    assert final(seen, "LSTMODTM") == ("2026-03-05T07:00:00+00:00",)
    say(seen, 3, h=71, supersedes=first, withdrawn=True, reason="a mistake")
    assert final(seen, "LSTMODTM") == ("2026-03-05T08:00:00+00:00",)
    say(seen, 4, ledger="nurse", h=72, by=seen.nurse)  # changes no final grade
    assert final(seen, "LSTMODTM") == ("2026-03-05T08:00:00+00:00",)


def test_one_taken_back_leaves_the_one_before(seen):
    say(seen, 3)
    second = say(seen, 4, h=71)
    say(seen, 4, h=72, supersedes=second, withdrawn=True, reason="a mistake")

    assert final(seen) == ("3", "2", "Y")


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
    kept(draft(GradeAssessment, seen, 70, about="set", about_root=root, kind="crs", ledger="investigator", agrees=False,
               grade=4, because="x"), seen, by=seen.investigator)  # fmt: skip

    assert final(seen) == ("2", "2", "N")


OUTCOME = ("CRSFL", "CRSEPN", "CRSMAXGR", "CRSMAXAG", "CRSADJFL", "CRSONH", "CRSMXH", "CRSDURH", "CRSDUR1H", "CRSONGFL")


def test_where_every_episode_is_finally_none_the_row_is_one_of_no_crs(seen):
    """exports.md 1.6: no CRS is CRSFL=N, CRSMAXGR=0 and no times."""
    assert final(seen, *OUTCOME) == ("Y", "2", "2", "2", "N", "4.00", "4.00", "24.00", "4.00", "Y")
    assert final(seen, "ICNCRSFL") == ("Y",)

    say(seen, 0)
    say(seen, 0, episode=1)

    assert final(seen, *OUTCOME) == ("N", "0", "0", "2", "Y", "", "", "", "", "")
    assert final(seen, "CRSONDTM", "CRSENDTM", "CRSRECFL", "ICNFL", "ICNCRSFL") == ("", "", "N", "Y", "N")


def test_one_that_is_finally_none_leaves_the_others_with_their_own_times(seen):
    kept(treatment(seen, 62, "dexamethasone", "corticosteroid", "crs"), seen)
    assert final(seen, "STERONH") == ("58.00",)

    say(seen, 0)

    assert final(seen, *OUTCOME) == ("Y", "1", "1", "2", "Y", "60.00", "60.00", "20.00", "20.00", "Y")
    assert final(seen, "STERONH") == ("2.00",)


def test_a_higher_final_grade_moves_the_time_of_the_maximum(seen):
    say(seen, 3, episode=1)

    assert final(seen, *OUTCOME) == ("Y", "2", "3", "2", "Y", "4.00", "60.00", "24.00", "4.00", "Y")


@pytest.mark.parametrize(
    ("assessed", "expected"),
    [
        ((), ("", "", "", "0", "", "", "", "", "", "")),  # Rulings 2: unjudged leaves them empty
        ((None,), ("N", "0", "0", "0", "N", "", "", "", "", "")),
        ((2,), ("Y", "1", "2", "0", "Y", "4.00", "4.00", "76.00", "76.00", "Y")),
    ],
    ids=["nobody judged it", "a person agrees that it is none", "a person says that it is CRS"],
)
def test_a_provisional_episode_counts_once_a_person_gives_it_a_grade(world, assessed, expected):
    kept(dose(world), world)
    kept(vitals(world, 4, hypotension=True), world)  # C2d: no CRS by definition
    for grade in assessed:
        say(world, grade)

    assert final(world, *OUTCOME) == expected


def test_later_periods_know_of_it(world):
    kept(dose(world), world)
    kept(vitals(world, 160, temperature_c=38.2), world)
    kept(dose(world, 168, step=1), world)
    for h in (170, 182, 194):
        kept(vitals(world, h), world)
    kept(vitals(world, 200, temperature_c=38.5), world)

    def flags_exported():
        return [picked(row, "CRSFL", "CRSCARFL", "CRSRECFL") for row in rows(world, hour(210))]

    assert flags_exported() == [("Y", "N", "N"), ("Y", "Y", "Y")]
    say(world, 0, h=205)
    assert flags_exported() == [("N", "N", "N"), ("Y", "N", "N")]


def test_a_dose_not_given_keeps_its_nulls(world):
    kept(dose(world), world)
    kept(vitals(world, 160, temperature_c=38.2), world)
    kept(dose(world, 168, step=1, planned_at=hour(168), status=DoseStatus.NOT_GIVEN, amount=None,
              not_given_because="fever"), world)  # fmt: skip
    say(world, 2, h=170)

    _, skipped = rows(world, hour(180))

    assert picked(skipped, "CRSFL", "CRSCARFL", "CRSRECFL", "CRSMAXGR") == ("", "", "", "")


def test_a_cut_before_the_last_judgement_cannot_be_honoured(seen):
    say(seen, 3, h=90)

    with pytest.raises(InvalidInput):
        checked_cut(scope_for(seen.investigator, seen.study.code), hour(85), at=timezone.now())
