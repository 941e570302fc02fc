"""A kind of fact is described in one row below the edge, and it speaks of what is there."""

import pytest

from grading.recording.kinds import KINDS
from regimens.facts import Fact


@pytest.fixture(params=KINDS.values(), ids=lambda kind: kind.model.__name__)
def kind(request):
    return request.param


def facts(model: type[Fact] = Fact) -> set[type[Fact]]:
    """The models of all kinds of facts, those derived from another kind too."""
    below = {one for child in model.__subclasses__() for one in facts(child)}
    return below if model._meta.abstract else below | {model}


def columns(model: type[Fact]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def test_every_kind_of_fact_has_its_row():
    assert set(KINDS) == facts()
    assert len(facts()) > 10


def test_a_row_names_columns_of_its_model(kind):
    assert {*kind.server_adds, *kind.later} <= columns(kind.model)
    assert not {*kind.server_adds} & {*kind.later}


def test_the_columns_of_all_facts_are_in_no_row(kind):
    """`record` leaves out the server's columns of every fact by itself; the rest was submitted."""
    assert not {*kind.server_adds, *kind.later} & columns(Fact)


def test_a_row_names_a_fact(kind):
    assert kind.names is None or issubclass(kind.named, Fact)
    assert kind.names is not None or not kind.stops


def test_what_has_a_step_is_held_to_the_regimen(kind):
    assert kind.of_step == ("step" in columns(kind.model))


def test_a_refusal_is_a_constraint_of_the_model(kind):
    assert set(kind.refusals) <= {constraint.name for constraint in kind.model._meta.constraints}
    assert {field for field, _code in kind.refusals.values()} <= columns(kind.model)
