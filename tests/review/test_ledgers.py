"""The four ledgers: who writes in which, and what is final."""

import pytest

from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, NotFound
from grading.models import Grade, GradeAssessment
from grading.review.selectors.assessments import ledgers_of
from tests.builders import hour, kept, vitals
from tests.review.drafts import assessment, final_of, otherwise, send

pytestmark = pytest.mark.django_db


LEDGERS = {"nurse": Act.RECORD, "investigator": Act.JUDGE, "central": Act.ADJUDICATE}
PEOPLE = {
    "nurse": Role.NURSE, "charge_nurse": Role.CHARGE_NURSE, "investigator": Role.INVESTIGATOR,
    "data_manager": Role.DATA_MANAGER, "sponsor": Role.SPONSOR, "central": Role.CENTRAL,
}  # fmt: skip
ALLOWED = {("nurse", "nurse"), ("charge_nurse", "nurse"), ("investigator", "nurse"), ("investigator", "investigator"),
           ("central", "central")}  # fmt: skip


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_writes_in_the_ledger_of_the_role(seen, central, who, ledger):
    by = central if who == "central" else getattr(seen, who)

    if who == "central":
        send(seen, h=4.5)
    if (who, ledger) in ALLOWED:
        kept(assessment(seen, ledger=ledger), seen, by=by)
    else:
        with pytest.raises(Forbidden):
            kept(assessment(seen, ledger=ledger), seen, by=by)
    assert GradeAssessment.objects.count() == ((who, ledger) in ALLOWED)


def test_a_stranger_finds_nothing_to_judge(seen):
    with pytest.raises(NotFound):
        kept(assessment(seen), seen, by=seen.outsider)


def test_the_central_reviewer_sees_no_ward_and_records_nothing():
    assert MAY[Role.CENTRAL] == {Act.SEE_STUDY, Act.ADJUDICATE}
    assert [role for role, acts in MAY.items() if Act.ADJUDICATE in acts] == [Role.CENTRAL]


def test_a_nurse_cannot_take_an_investigator_s_word_back_under_her_own_ledger(seen):
    theirs = kept(otherwise(seen, 3, ledger="investigator"), seen, by=seen.investigator).fact
    hers = assessment(seen, supersedes=theirs, reason="no", withdrawn=True)

    with pytest.raises(InvalidInput):
        kept(hers, seen)
    assert GradeAssessment.objects.standing().get() == theirs


def test_without_a_judgement_the_derived_grade_is_final(seen):
    assert final_of(seen) == 1


def test_a_nurse_s_word_is_shown_and_changes_nothing(seen):
    kept(otherwise(seen, 3, about="episode"), seen)

    assert final_of(seen) == 1


def test_an_investigator_s_grade_is_final_until_central_review_says_another(seen, central):
    kept(otherwise(seen, 3, about="episode", ledger="investigator"), seen, by=seen.investigator)
    assert final_of(seen) == 3
    kept(otherwise(seen, 2, about="episode", ledger="central"), seen, by=central)
    assert final_of(seen) == 2


def test_central_review_that_confirms_beats_an_override(seen, central):
    kept(otherwise(seen, 3, about="episode", ledger="investigator"), seen, by=seen.investigator)
    kept(assessment(seen, about="episode", ledger="central"), seen, by=central)

    assert final_of(seen) == 1


def test_an_override_to_no_crs_is_final_too(seen):
    kept(otherwise(seen, 0, about="episode", ledger="investigator"), seen, by=seen.investigator)

    assert final_of(seen) == 0


def test_the_newest_of_a_ledger_holds_however_late_an_older_one_comes(seen):
    by = {"by": seen.investigator, "at": hour(8)}
    kept(otherwise(seen, 3, h=8, about="episode", ledger="investigator"), seen, **by)
    late = otherwise(seen, 2, h=6, about="episode", ledger="investigator", reason="written down late")
    kept(late, seen, **by)

    assert final_of(seen) == 3


def test_a_judgement_taken_back_leaves_the_one_before(seen):
    kept(otherwise(seen, 3, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    second = kept(otherwise(seen, 2, h=6, about="episode", ledger="investigator"), seen, by=seen.investigator).fact
    undone = otherwise(seen, 2, h=7, about="episode", ledger="investigator", supersedes=second, withdrawn=True,
                       reason="a mistake")  # fmt: skip
    kept(undone, seen, by=seen.investigator)

    assert final_of(seen) == 3
    with pytest.raises(AlreadyCorrected):
        kept(otherwise(seen, 4, h=7, about="episode", ledger="investigator", supersedes=second, reason="again"), seen,
             by=seen.investigator)  # fmt: skip


def test_a_correction_of_the_set_keeps_its_judgement_and_says_what_was_judged(seen):
    kept(otherwise(seen, 2), seen)
    first = Grade.objects.get(kind="crs").fact_id
    from grading.models import VitalSigns

    kept(vitals(seen, 4, temperature_c=38.6, hypotension=True, reason="mistyped",
                supersedes=VitalSigns.objects.get(pk=first)), seen, at=hour(6))  # fmt: skip

    ledgers = ledgers_of(seen.participant).of_set(Grade.objects.get(kind="crs"))
    assert (ledgers.derived, ledgers.nurse.derived_grade, ledgers.is_stale(ledgers.nurse)) == (2, 1, True)
    assert not ledgers.is_disputed  # both say 2 now
