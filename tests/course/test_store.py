"""What a set changes of its period's row is what is written of it."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import JSONField

from crsmonitor.accounts.roles import Act
from crsmonitor.database import rows
from grading.course.store import EPISODE, OFTEN
from grading.models import DosePeriod, Episode
from grading.recording.holding import hold
from grading.recording.rederiving import rederive_participant
from tests.builders import dose, hour, kept, vitals


def test_what_can_be_changed_in_place_is_always_written():
    lists = {field.name for field in DosePeriod._meta.concrete_fields if isinstance(field, JSONField | ArrayField)}

    assert lists <= set(OFTEN[DosePeriod])


@pytest.fixture
def period(world) -> DosePeriod:
    """As it is held."""
    kept(dose(world), world)
    kept(vitals(world, 1), world)
    with transaction.atomic():
        return hold(world.participant.pk, by=world.nurse, act=Act.RECORD, at=hour(2)).state.period


def written(period: DosePeriod, **changed: object) -> DosePeriod:
    """The row after it was written with these columns changed, where its cohort became another since it was read."""
    DosePeriod.objects.filter(pk=period.pk).update(cohort="since")
    for name, value in changed.items():
        setattr(period, name, value)
    rows.write([], [period], often=OFTEN)
    return DosePeriod.objects.get(pk=period.pk)


@pytest.mark.django_db
def test_where_only_what_sets_often_change_is_changed_the_rest_is_not_written(period):
    row = written(period, vitals_recorded=7)

    assert (row.vitals_recorded, row.cohort) == (7, "since")


@pytest.mark.django_db
@pytest.mark.parametrize("columns", [{"crs_max_grade": 2}, {"crs_any": True, "vitals_recorded": 7}])
def test_where_any_other_is_changed_the_whole_row_is(period, columns):
    row = written(period, **columns)

    assert {name: getattr(row, name) for name in columns} == columns
    assert row.cohort != "since"


@pytest.mark.django_db
def test_the_tables_say_what_is_derived_after_sets_of_either_kind(world):
    kept(dose(world), world)
    low_flow = {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2, "spo2": 93}
    sets = ({}, {"sbp": 104}, {"temperature_c": 38.6}, {"temperature_c": 38.6} | low_flow, low_flow, {}, {})
    for place, signs in enumerate(sets):
        kept(vitals(world, 1 + 5 * place, **signs), world)

    assert rederive_participant(world.participant.pk, check=True, at=hour(40)).differences == ()


@pytest.mark.django_db
def test_an_episode_is_put_where_it_stands_already_and_another_beside_it(ward):
    kept(vitals(ward, 1, temperature_c=39), ward)
    before = Episode.objects.get()
    now = Episode.objects.get()
    now.pk = None
    now.max_grade, now.flags = 3, ["carried"]

    rows.fetch(*rows.putting(now, key=EPISODE))
    now.kind = "icans"
    rows.fetch(*rows.putting(now, key=EPISODE))

    kept_rows = Episode.objects.order_by("kind").values_list("kind", "max_grade", "flags", "started_at")
    assert list(kept_rows) == [(kind, 3, ["carried"], before.started_at) for kind in ("crs", "icans")]
    assert Episode.objects.get(kind="crs").pk == before.pk
