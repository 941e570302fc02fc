"""Migrations in a third of the processor time: what an operation adds is added to the models that are rendered.

Django renders every model that leads to a new one again, and with a participant in the middle that is each time half
of all (django.db.migrations.state, 5.2). Nothing of theirs changes by it: the new one puts its reverse relations on
them when it is rendered, as the first rendering of all does, and a constraint or an index is a row of one's options.
Whatever changes what is there, a field above all, goes Django's way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState

_add_model, _append_option = ProjectState.add_model, ProjectState._append_option


@contextmanager
def added_in_place() -> Iterator[None]:
    """While migrations run."""
    ProjectState.add_model, ProjectState._append_option = add_model, append_option
    try:
        yield
    finally:
        ProjectState.add_model, ProjectState._append_option = _add_model, _append_option


def add_model(state: ProjectState, model: ModelState) -> None:
    forget_those_of_another(state)
    key = (model.app_label, model.name_lower)
    inherits = any(isinstance(base, str) for base in model.bases)
    if inherits or key in state.models or not is_rendered(state):
        _add_model(state, model)
        return
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    state.apps.render_multiple([model])


def append_option(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
    forget_those_of_another(state)
    if not is_rendered(state):
        _append_option(state, app_label, model_name, option, added)
        return
    options = state.models[app_label, model_name].options
    options[option] = [*options[option], added]
    meta = state.apps.get_model(app_label, model_name)._meta
    setattr(meta, option, [*getattr(meta, option), *meta._format_names([added])])
    meta.__dict__.pop("total_unique_constraints", None)  # which is kept of the constraints


def is_rendered(state: ProjectState) -> bool:
    return "apps" in state.__dict__  # to ask for them renders all


def forget_those_of_another(state: ProjectState) -> None:
    """A copy begins with the models of its original, where they would change too: it renders its own when asked."""
    if is_rendered(state) and any(
        model._meta.apps is not state.apps for model in state.apps.get_models(include_auto_created=True)
    ):
        del state.apps
