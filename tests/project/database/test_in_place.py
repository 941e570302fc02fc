"""What migrations add to rendered models is there as if all had been rendered anew."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState, StateApps

from crsmonitor.database.in_place import added_in_place

APP = "regimens"  # any label will do: the models are none of its own
ONE_BED = models.UniqueConstraint(fields=["bed"], name="one_bed")
BY_BED = models.Index(fields=["bed"], name="by_bed")


def model(name: str, **fields: models.Field) -> ModelState:
    options: dict[str, Any] = {"constraints": [], "indexes": []}
    return ModelState(APP, name, [("id", models.BigAutoField(primary_key=True)), *fields.items()], options)


def leading_to(name: str, by: str) -> models.Field:
    return models.ForeignKey(f"{APP}.{name}", models.CASCADE, related_name=by)


def rendered(*of: ModelState) -> ProjectState:
    state = ProjectState({(APP, one.name_lower): one for one in of})
    assert state.apps
    return state


def shape(apps: StateApps) -> dict[str, dict[str, list]]:
    """Of each model its columns and what leads to it, by the models of this registry, and what holds of its rows."""
    shapes = {}
    for one in apps.get_models():
        relations = [field for field in one._meta.get_fields(include_hidden=True) if field.is_relation]
        assert all(apps.get_model(field.related_model._meta.label) is field.related_model for field in relations)
        shapes[one._meta.label] = {
            "columns": [(field.name, field.deconstruct()[1:]) for field in one._meta.fields],
            "relations": sorted((field.name, field.related_model._meta.label) for field in relations),
            "constraints": [each.deconstruct() for each in one._meta.constraints],
            "unique": [each.name for each in one._meta.total_unique_constraints],
            "indexes": [each.deconstruct() for each in one._meta.indexes],
        }
    return shapes


def is_as_rendered_anew(state: ProjectState) -> bool:
    return shape(state.apps) == shape(ProjectState(state.models).apps)


@pytest.fixture
def ward() -> ProjectState:
    return rendered(model("Ward", bed=models.IntegerField()), model("Study"))


def test_models_constraints_and_indexes_are_there_and_what_led_to_others_leads_to_them_still(ward):
    before = ward.apps.get_model(APP, "ward")

    with added_in_place():
        ward.add_model(model("Stay", ward=leading_to("Ward", "stays"), study=leading_to("Study", "stays")))
        assert before._meta.total_unique_constraints == []
        ward.add_constraint(APP, "ward", ONE_BED)
        ward.add_index(APP, "ward", BY_BED)
        ward.add_model(model("Look", stay=leading_to("Stay", "looks"), before=leading_to("Look", "later")))

    assert ward.apps.get_model(APP, "ward") is before  # nothing that was there is rendered again
    assert is_as_rendered_anew(ward)
    assert shape(ward.apps)[f"{APP}.Ward"]["unique"] == ["one_bed"]
    assert ("stays", f"{APP}.Stay") in shape(ward.apps)[f"{APP}.Ward"]["relations"]


def test_a_field_that_is_added_later_is_seen_from_all_that_leads_to_its_model(ward):
    with added_in_place():
        ward.add_model(model("Stay", ward=leading_to("Ward", "stays")))
        ward.add_model(model("Look", stay=leading_to("Stay", "looks")))
        ward.add_field(APP, "ward", "study", leading_to("Study", "wards"), preserve_default=True)
        ward.add_constraint(APP, "stay", models.UniqueConstraint(fields=["ward"], name="one_stay"))

    assert ward.apps.get_model(APP, "look")._meta.get_field("stay").related_model.ward.field.related_model.study
    assert is_as_rendered_anew(ward)


def test_what_is_added_to_a_copy_is_not_in_its_original(ward):
    with added_in_place():
        copy = ward.clone()
        copy.add_model(model("Stay", ward=leading_to("Ward", "stays")))
        copy.add_constraint(APP, "ward", ONE_BED)

    assert is_as_rendered_anew(copy)
    assert is_as_rendered_anew(ward)
    assert [one._meta.object_name for one in ward.apps.get_models()] == ["Ward", "Study"]


def test_what_is_not_rendered_yet_is_rendered_with_what_was_added():
    state = ProjectState()

    with added_in_place():
        state.add_model(model("Ward", bed=models.IntegerField()))
        state.add_constraint(APP, "ward", ONE_BED)
    assert "apps" not in state.__dict__

    assert is_as_rendered_anew(state)


def test_a_model_that_inherits_from_another_goes_djangos_way(ward):
    with added_in_place():
        ward.add_model(ModelState(APP, "Room", [], {"constraints": [], "indexes": []}, bases=(f"{APP}.ward",)))

    assert issubclass(ward.apps.get_model(APP, "room"), ward.apps.get_model(APP, "ward"))


def test_afterwards_django_does_it_itself():
    before = (ProjectState.add_model, ProjectState._append_option)

    with pytest.raises(ZeroDivisionError), added_in_place():
        assert (ProjectState.add_model, ProjectState._append_option) != before
        raise ZeroDivisionError

    assert (ProjectState.add_model, ProjectState._append_option) == before
