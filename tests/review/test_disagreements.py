"""Where people say another grade than the derived one, and how far each ledger agrees with it."""

import pytest

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, NotFound
from grading.models import Grade, GradeAssessment
from grading.review.selectors.assessments import agreement_for, disagreements_for
from grading.review.selectors.unheld import to_judge_again
from tests.builders import draft, hour, kept, person, vitals
from tests.review.drafts import assessment, otherwise

pytestmark = pytest.mark.django_db


def test_the_list_holds_those_who_say_another_grade_and_only_those(seen):
    kept(assessment(seen), seen)
    kept(otherwise(seen, 2, ledger="investigator"), seen, by=seen.investigator)

    [one] = disagreements_for(seen.nurse)

    assert (one.assessment.ledger, one.derived, one.assessment.grade) == ("investigator", 1, 2)


def test_who_changed_their_mind_disagrees_no_more(seen):
    kept(otherwise(seen, 2, h=5), seen)
    kept(assessment(seen, h=6), seen)

    assert disagreements_for(seen.nurse) == []


def test_a_stranger_s_list_is_empty_and_a_sponsor_has_none(seen):
    kept(otherwise(seen, 2), seen)
    with acting(by="test", reason="an investigator"):
        away = person("away", seen.study, Role.INVESTIGATOR, seen.other_site)
        nobody = User.objects.create_user("nobody", password="of no study")

    with pytest.raises(Forbidden):
        disagreements_for(seen.sponsor)
    assert disagreements_for(seen.outsider) == to_judge_again(seen.outsider) == []  # her site has enrolled nobody yet
    with pytest.raises(NotFound):
        disagreements_for(nobody)
    assert len(disagreements_for(away)) == 1  # an investigator's scope is the study's sites


def test_kappa_by_site_and_ledger(seen):
    """Derived 1, 0, 0, 0 against nurse 1, 0, 0, 1: seen 1 of 4; expected (1x2x0 + 1x2x1 + 3x2x0 + 3x2x1) / 16."""
    for h in (10, 11, 12):
        kept(vitals(seen, h), seen)
    grades = {hour(4): None, hour(10): None, hour(11): None, hour(12): 1}
    for at, grade in grades.items():
        root = Grade.objects.get(kind="crs", observed_at=at).root
        word = {"agrees": True} if grade is None else {"agrees": False, "grade": grade, "because": "warm"}
        kept(draft(GradeAssessment, seen, 13, about="set", about_root=root, kind="crs", ledger="nurse", **word), seen)

    [row] = agreement_for(seen.nurse)

    assert (row.site, row.ledger, row.pairs, row.agreeing) == (seen.site, "nurse", 4, 3)
    assert row.kappa == pytest.approx(1 - (1 / 4) / (8 / 16))


def test_what_cannot_be_told_is_no_pair(seen):
    kept(vitals(seen, 10, temperature_c=None, oxygen_device=None, spo2=None), seen)
    root = Grade.objects.get(kind="crs", observed_at=hour(10)).root
    assert Grade.objects.get(root=root).grade == -1
    kept(draft(GradeAssessment, seen, 11, about="set", about_root=root, kind="crs", ledger="nurse", agrees=True), seen)

    assert agreement_for(seen.nurse) == []
