"""What the stages promise: each test finds what was recorded for it, and nothing of what another test did."""

import pytest
from django.db import connection, transaction

from crsmonitor.audit.acting import acting
from regimens.models import Site, Study
from tests import stages
from tests.stages import stage

pytestmark = pytest.mark.django_db
made: list[str] = []


def study(code: str) -> Study:
    made.append(code)
    with acting(by="test", reason="a stage"):
        return Study.objects.create(code=code, title="As recorded")


def build_first() -> Study:
    return study("FIRST")


def build_second(first: Study) -> Study:
    first.title = "As the second stage set it"
    return study("SECOND")


first, second = stage(build_first), stage(build_second)


def codes() -> list[str]:
    return list(Study.objects.order_by("code").values_list("code", flat=True))


def test_the_private_names_that_this_leans_on_are_there(request, db):
    """Of pytest and pytest-django. Where they go, every test would record its beginning anew, above its savepoint."""
    known = request.node._fixtureinfo.name2fixturedefs

    assert known["db"][-1].argnames == ("_django_db_helper",)
    helpers = [one.func.__module__ for one in known["_django_db_helper"]]
    assert helpers == ["pytest_django.fixtures", "tests.engines"]


@pytest.mark.parametrize("_time", [1, 2])
def test_what_a_test_records_changes_and_sets_is_gone_after_it(second, _time):
    assert codes() == ["FIRST", "SECOND"]
    assert second.title == Study.objects.get(code="SECOND").title == "As recorded"
    with acting(by="test", reason="a test"):
        Site.objects.create(code="HERE", name="Here", country="TWN", time_zone="Asia/Taipei")
        second.title = "As a test set it"
        second.save()


def test_nothing_is_there_that_was_not_asked_for():
    assert codes() == []


def test_what_a_later_stage_did_is_gone_with_it(first):
    assert codes() == ["FIRST"]
    assert first.title == "As recorded"


def test_a_stage_and_what_builds_on_it_are_seen_together(second, first):
    assert first.title == "As the second stage set it"


def test_a_stage_asked_for_while_the_test_runs_is_recorded_then(request):
    assert request.getfixturevalue("first").code == "FIRST"
    assert codes() == ["FIRST"]


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_has_no_transaction_below_it_and_records_its_own(first):
    assert not connection.in_atomic_block
    assert codes() == ["FIRST"]


@pytest.fixture
def stack(db, monkeypatch):
    """Another stack, inside the savepoint of the test."""
    below = len(connection.atomic_blocks)
    monkeypatch.setattr(stages, "atomic_blocks", lambda: connection.atomic_blocks[below:])
    stages_stack = stages.Stack()
    yield stages_stack
    stages_stack.leave(0)


def test_only_what_is_lacking_is_recorded(stack):
    made.clear()

    stack.reach({build_first: []})
    stack.reach({build_first: [], build_second: [build_first]})
    stack.reach({build_first: []})

    assert (made, codes()) == (["FIRST", "SECOND"], ["FIRST"])


def test_what_is_old_is_recorded_again(stack, monkeypatch):
    stack.reach({build_first: []})
    made.clear()

    monkeypatch.setattr(stages, "LASTS_S", 0)
    stack.reach({build_first: []})

    assert (made, codes()) == (["FIRST"], ["FIRST"])


def test_what_lasts_is_not_recorded_again_for_its_age(stack, monkeypatch):
    def lasting() -> Study:
        return study("LASTING")

    stage(lasts_s=60)(lasting)
    stack.reach({lasting: []})
    made.clear()

    monkeypatch.setattr(stages, "LASTS_S", 0)
    stack.reach({lasting: []})

    assert (made, codes()) == ([], ["LASTING"])


def test_a_stage_that_fails_leaves_nothing(stack):
    def broken(first: Study) -> None:
        study("BROKEN")
        raise LookupError

    with pytest.raises(LookupError):
        stack.reach({build_first: [], broken: [build_first]})

    assert codes() == ["FIRST"]


def test_a_broken_transaction_is_left_and_everything_recorded_again(stack):
    stack.reach({build_first: []})
    made.clear()

    transaction.set_rollback(True)
    stack.reach({build_first: []})

    assert (made, codes()) == (["FIRST"], ["FIRST"])


def test_tests_that_begin_with_the_same_stand_side_by_side():
    """Nothing first; then by the first test that needs a stage, whatever stands on it after it."""
    world, ward, trial, packed = (lambda: None for _each in range(4))
    chains = [(world, ward), (trial,), (), (world,), (trial, packed), (world, ward), (trial,), (trial, packed), ()]

    assert stages.side_by_side(chains) == [2, 8, 3, 0, 5, 1, 6, 4, 7]
