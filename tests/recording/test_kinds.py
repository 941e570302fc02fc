"""A kind of fact is described in two rows, below the edge and at it, and they speak of what is there."""

import pytest

from crsmonitor import error_words
from grading.bedside.kinds import AT_EDGE, PAGES
from grading.recording.kinds import KINDS
from regimens.facts import Fact
from regimens.models import Stay


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


def test_every_kind_of_fact_has_its_row_at_the_edge():
    assert [one.kind for one in AT_EDGE] == list(KINDS.values())


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
    assert {code for _field, code in kind.refusals.values()} <= set(error_words._WORDS)


# --- At the edge --------------------------------------------------------------------------------------------


@pytest.fixture(params=AT_EDGE, ids=lambda one: one.kind.model.__name__)
def shown(request):
    return request.param


@pytest.mark.parametrize("shown", [one for one in AT_EDGE if one.shape is not None])
def test_every_column_is_sent_or_added_by_the_server(shown):
    """A new column is no silent part of a submission, and none of another's digest."""
    sent = {field.source for field in shown.shape.fields.values()} | {"step_id"}
    own = {field.attname for field in shown.kind.model._meta.concrete_fields} - {
        field.attname for field in Stay._meta.concrete_fields if field.name in columns(Fact)
    }

    assert own - sent == set(shown.kind.server_adds)
    assert set(shown.shape.server_adds) <= set(shown.kind.server_adds)


def test_an_address_is_one_kind_s():
    paths = [one.path for one in AT_EDGE if one.path is not None]

    assert len(paths) == len(set(paths))
    assert len(PAGES) == sum(len(one.pages) for one in AT_EDGE)


def test_a_kind_with_an_address_has_a_shape(shown):
    assert (shown.path is None) == (shown.shape is None)


def test_a_page_makes_its_row_s_kind_of_fact(shown):
    assert {page.form.model for page in shown.pages.values()} <= {shown.kind.model}


def test_who_may_see_a_page_is_known_before_anything_is_typed(shown):
    assert not shown.pages or shown.kind.act_by is None
