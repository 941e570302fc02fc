"""The projection tables: made to say what was derived, rows that already say it left alone."""

from collections.abc import Iterable
from typing import Any

from crsmonitor import rows
from grading.course.derive import Derived
from grading.models import DosePeriod, Episode, Grade
from regimens.facts import Fact
from regimens.models import Participant


def store(fact: Fact, derived: Derived) -> None:
    """Keep the new fact and what is derived with it. Rows that already say it are left alone."""
    if not derived.whole:
        return _add(fact, derived)
    replace(derived)
    return None


def _add(fact: Fact, derived: Derived) -> None:
    rows.write(inserts=[fact, *derived.grades], updates=[*derived.periods, derived.state])
    if derived.episodes:
        key = ["participant", "kind", "root", "provisional"]
        said = [f.name for f in Episode._meta.concrete_fields if f.name not in ("id", *key)]
        Episode.objects.bulk_create(derived.episodes, update_conflicts=True, unique_fields=key, update_fields=said)


def replace(derived: Derived) -> None:
    """Make the tables say what a derivation of the whole record says."""
    participant = derived.state.participant
    _replace(Grade, participant, derived.grades, key=("fact_id",))
    _replace(Episode, participant, derived.episodes, key=("kind", "root", "provisional"))
    _replace(DosePeriod, participant, derived.periods, key=("dose_id",), besides=("changed_at",))
    derived.state.save()


def _replace(
    model: type[Any],
    participant: Participant,
    derived: Iterable[Any],
    *,
    key: tuple[str, ...],
    besides: tuple[str, ...] = (),
) -> None:
    def name(row: Any) -> tuple[str, ...]:
        return tuple(str(getattr(row, part)) for part in key)

    stored = {name(row): row for row in model.objects.filter(participant=participant)}
    fresh, changed = [], []
    for row in derived:
        old = stored.pop(name(row), None)
        if old is None:
            fresh.append(row)
        elif _values(old, besides=("id", *besides)) != _values(row, besides=("id", *besides)):
            row.pk = old.pk
            changed.append(row)
    if stored:
        model.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()
    columns = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model.objects.bulk_update(changed, columns, batch_size=500)
    model.objects.bulk_create(fresh, batch_size=500)


def _values(row: Any, *, besides: tuple[str, ...]) -> dict[str, Any]:
    """The row's columns in comparable form."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in besides}
    return {name: str(v) if _is_uuid(v) else v for name, v in values.items()}


def _is_uuid(value: object) -> bool:
    return type(value).__name__ == "UUID"
