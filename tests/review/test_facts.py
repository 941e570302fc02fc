"""A judgement as a fact: what is kept of it and what is refused."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, KeyReused
from grading.models import Episode, Grade, GradeAssessment
from tests.builders import kept, vitals
from tests.review.drafts import assessment, otherwise

pytestmark = pytest.mark.django_db


def test_a_judgement_leaves_everything_derived_as_it_was(seen):
    before = (list(Grade.objects.values()), list(Episode.objects.values()))

    kept(otherwise(seen, 3, ledger="investigator"), seen, by=seen.investigator)

    assert (list(Grade.objects.values()), list(Episode.objects.values())) == before


@pytest.mark.long
def test_a_judgement_costs_the_same_however_long_the_record_is(seen, django_assert_max_num_queries):
    for h in range(5, 30):
        kept(vitals(seen, h), seen)
    drafted = assessment(seen, h=31, about="episode")

    with django_assert_max_num_queries(12):
        kept(drafted, seen)


def test_the_derived_grade_that_was_judged_is_noted(seen):
    one = kept(otherwise(seen, 2), seen).fact

    assert one.derived_grade == 1


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("grade", {"agrees": True, "grade": 2}),
        ("grade", {"agrees": False, "because": "bleeding"}),
        ("because", {"agrees": False, "grade": 2}),
        ("because", {"agrees": False, "grade": 2, "because": "  "}),
        ("about_root", {"about_root": uuid4()}),
        ("about_root", {"kind": "icans"}),
    ],
)
def test_a_judgement_that_says_nothing_clear_is_refused_at_its_field(seen, field, columns):
    with pytest.raises(InvalidInput) as refused:
        kept(assessment(seen, **columns), seen)

    assert list(refused.value.fields) == [field]
    assert not GradeAssessment.objects.exists()


def test_a_set_of_another_participant_cannot_be_judged_here(seen):
    from regimens.models import Participant

    with acting(by="test", reason="another"):
        other = Participant.objects.create(study=seen.study, site=seen.site, number="DEMO-002", regimen=seen.regimen)
    with pytest.raises(InvalidInput):
        kept(assessment(seen, participant=other), seen)


@pytest.mark.parametrize(
    "bad",
    [
        {"agrees": True, "grade": 2},
        {"agrees": False, "grade": None, "because": "x"},
        {"agrees": False, "grade": 6, "because": "x"},
        {"agrees": False, "grade": 2, "because": ""},
        {"ledger": "sponsor"},
        {"about": "dose"},
        {"kind": "flu"},
    ],
    ids=str,
)
def test_the_database_refuses_it_too(seen, bad):
    one = kept(assessment(seen), seen).fact
    values = {f.attname: getattr(one, f.attname) for f in GradeAssessment._meta.concrete_fields} | bad
    values["id"] = values["root"] = uuid4()

    with pytest.raises(IntegrityError, match="assessment_"), transaction.atomic():
        GradeAssessment(**values).save()


def test_nobody_rewrites_a_judgement(seen):
    kept(assessment(seen), seen)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE grading_gradeassessment SET agrees = false")


def test_the_same_judgement_twice_is_kept_once_and_another_body_is_refused(seen):
    first = assessment(seen)
    twin = assessment(seen, id=first.id)

    assert [kept(first, seen).replayed, kept(twin, seen).replayed] == [False, True]
    with pytest.raises(KeyReused):
        kept(otherwise(seen, 2, id=first.id), seen)
