"""Who may open, answer and close a query about a record, and that each step is a row of the trail."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.audit.selectors import broken_links
from crsmonitor.errors import Forbidden, InvalidInput, KeyReused, NotFound
from grading.models import DataQuery, QueryStep, VitalSigns
from grading.queries.selectors import not_closed_of, thread_for, threads_about
from grading.rules.queries.thread import QueryMove, QueryState
from tests.builders import World, hour, kept, person, vitals
from tests.queries.moves import asks, moved

pytestmark = pytest.mark.django_db
OPENED, ANSWERED, CLOSED, REOPENED = QueryMove


def fever(world: World) -> VitalSigns:
    return VitalSigns.objects.get(participant=world.participant, superseded_by=None)


@pytest.mark.req("R11")
def test_a_query_goes_from_its_question_to_its_closing_and_every_step_is_in_the_trail(seen):
    query = asks(seen, fever(seen), field="temperature_c")
    assert thread_for(seen.nurse, query.pk).state is QueryState.OPEN
    moved(query, ANSWERED, seen.nurse, 6)
    moved(query, REOPENED, seen.data_manager, 7, "of which paper?")
    moved(query, ANSWERED, seen.charge_nurse, 8, "the chart of bed 12")
    moved(query, CLOSED, seen.data_manager, 54, "")

    thread = thread_for(seen.data_manager, query.pk)
    assert [(step.number, step.move, step.by.username) for step in thread.steps] == [
        (1, "opened", "demo.data"), (2, "answered", "demo.nurse"), (3, "reopened", "demo.data"),
        (4, "answered", "demo.charge"), (5, "closed", "demo.data"),
    ]  # fmt: skip
    assert (thread.state, thread.closed_at, thread.age_days(hour(100))) == (QueryState.CLOSED, hour(54), 2)
    kept_of = AuditEvent.objects.filter(subject=f"participant:{seen.participant.pk}")
    assert kept_of.filter(table_name="grading_querystep", action="INSERT").count() == 5
    assert kept_of.filter(table_name="grading_dataquery", action="INSERT").count() == 1
    assert broken_links() == []


def test_who_opens_who_answers_and_who_sees_nothing(seen):
    with acting(by="test", reason="a reviewer"):
        central = person("demo.central", seen.study, Role.CENTRAL)
    assert {role for role, acts in MAY.items() if Act.QUERY in acts} == {Role.DATA_MANAGER, Role.INVESTIGATOR}
    query = asks(seen, fever(seen), by=seen.investigator)
    for by in (seen.nurse, seen.charge_nurse, seen.sponsor, central):
        with pytest.raises(Forbidden):
            asks(seen, fever(seen), by=by)
    for by in (seen.sponsor, seen.outsider, central):
        for move in (ANSWERED, CLOSED):
            with pytest.raises(NotFound):
                moved(query, move, by, 6)
        with pytest.raises(NotFound):
            thread_for(by, query.pk)
    with pytest.raises(NotFound):
        asks(seen, fever(seen), by=seen.outsider)
    with pytest.raises(Forbidden):
        moved(query, ANSWERED, seen.data_manager, 6)
    with pytest.raises(Forbidden):
        moved(query, CLOSED, seen.nurse, 6)


def test_whoever_answered_does_not_accept_the_answer(seen):
    query = asks(seen, fever(seen))
    moved(query, ANSWERED, seen.investigator, 6)

    with pytest.raises(InvalidInput, match="own_answer"):
        moved(query, CLOSED, seen.investigator, 7)
    moved(query, CLOSED, seen.data_manager, 7)


def test_what_does_not_follow_and_what_says_nothing_is_refused(seen):
    query = asks(seen, fever(seen))
    for move, by, text, code in (
        (REOPENED, seen.data_manager, "x", "query_does_not_wait"), (ANSWERED, seen.nurse, " ", "say_something"),
        (ANSWERED, seen.nurse, "x" * 2001, "text_too_long"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=code):
            moved(query, move, by, 6, text)
    for field, code in (("temperature_f", "no_such_field"), ("recorded_by_id", "no_such_field")):
        with pytest.raises(InvalidInput, match=code):
            asks(seen, fever(seen), field=field)
    with pytest.raises(NotFound):
        asks(seen, vitals(seen, 9))  # never recorded
    assert DataQuery.objects.count() == 1


def test_the_same_step_twice_is_one_and_another_under_its_id_is_refused(seen):
    one, two = uuid.uuid4(), uuid.uuid4()
    query = asks(seen, fever(seen), id=one)
    assert asks(seen, fever(seen), 9, id=one) == query
    for other in ({"text": "another"}, {"field": "sbp"}):
        with pytest.raises(KeyReused):
            asks(seen, fever(seen), id=one, **other)
    for _time in range(2):
        moved(query, ANSWERED, seen.nurse, 6, id=two)
    with pytest.raises(KeyReused):
        moved(query, ANSWERED, seen.nurse, 6, "otherwise", id=two)
    assert QueryStep.objects.count() == 2


def test_an_answer_goes_with_the_correction_that_was_made_since_the_question(seen):
    first = fever(seen)
    query = asks(seen, first, 5, field="temperature_c")
    moved(query, ANSWERED, seen.nurse, 5.5, "it is right")
    moved(query, REOPENED, seen.data_manager, 5.6, "not by the chart")
    again = vitals(seen, 4, temperature_c=36.8, supersedes=first, reason="mistyped")
    corrected = kept(again, seen, at=hour(6)).fact
    moved(query, ANSWERED, seen.nurse, 6.5, "mended")

    steps = thread_for(seen.nurse, query.pk).steps
    assert [step.correction for step in steps] == [None, None, None, corrected.pk]
    assert query.version == first.pk
    [same] = threads_about(seen.nurse, seen.participant.pk, "grading_vitalsigns", first.root)
    assert same.query == query
    assert not_closed_of(seen.participant) == {first.root: 1}


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": 1}, "query_begins_with_its_question"),
        ({"number": 3, "move": "opened"}, "query_begins_with_its_question"),
        ({"number": 2, "move": "left"}, "query_move_known"),
        ({"number": 2, "text": ""}, "query_step_says_something"),
    ],
)
def test_the_database_refuses_what_is_no_step(seen, changes, constraint):
    query = asks(seen, fever(seen))
    step = {"query": query, "participant": seen.participant, "by": seen.nurse, "at": hour(6), "source": "page",
            "move": "answered", "text": "x"}  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), acting(by="test", reason=""):
        QueryStep.objects.create(**step | changes)


def test_steps_are_written_once_and_follow_one_another(seen):
    query = asks(seen, fever(seen))
    moved(query, ANSWERED, seen.nurse, 6)
    for change in (
        lambda: QueryStep.objects.filter(number=2).update(text="otherwise"),
        lambda: DataQuery.objects.update(field="sbp"),
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"written once|permission denied"), acting(by="test", reason="x"):
            change()
    twin = QueryStep(query=query, participant=seen.participant, number=2, move="closed", by=seen.data_manager,
                     at=hour(7), source="page")  # fmt: skip
    with pytest.raises(IntegrityError, match="query_step_follows_one"), transaction.atomic(), acting(by="t", reason=""):
        twin.save()
