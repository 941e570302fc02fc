"""The projection tables: made to say what was derived, rows that already say it left alone."""

from crsmonitor.database import rows
from grading.course.compare import TableComparison, comparison_of
from grading.course.derive import Derived
from grading.models import CurrentState, Episode
from regimens.facts import Fact


def store(fact: Fact, derived: Derived) -> list[TableComparison]:
    """Keep the new fact and what is derived with it; for a whole derivation, what became different."""
    if not derived.whole:
        _add(fact, derived)
        return []
    return replace(derived)


def _add(fact: Fact, derived: Derived) -> None:
    rows.write(inserts=[fact, *derived.grades, *derived.checkpoints], updates=[*derived.periods, derived.state])
    if derived.episodes:
        key = ["participant", "kind", "root", "provisional"]
        columns = [f.name for f in Episode._meta.concrete_fields if f.name not in ("id", *key)]
        Episode.objects.bulk_create(derived.episodes, update_conflicts=True, unique_fields=key, update_fields=columns)


def replace(derived: Derived) -> list[TableComparison]:
    """Make the tables say what a derivation of the whole record says. Returns what became different."""
    comparisons = comparison_of(derived)
    write(comparisons, derived)
    return comparisons


def write(comparisons: list[TableComparison], derived: Derived) -> None:
    """The same for a comparison that was made already."""
    for one in comparisons:
        if one.table.model is not CurrentState:
            _replace(one)
    # Last, since it points to its period; and always, since it says when it was last derived.
    derived.state.save()


def _replace(compared: TableComparison) -> None:
    model = compared.table.model
    if compared.gone:
        # Straight: Django's own check would refuse the period that the current state, written last, still names.
        gone = model.objects.filter(pk__in=[row.pk for row in compared.gone])
        gone._raw_delete(gone.db)
    for old, new in compared.changed:
        new.pk = old.pk
    key = model._meta.pk.name
    columns = [f.name for f in model._meta.concrete_fields if f.name != key]
    rows = [*compared.added, *(new for _old, new in compared.changed)]
    model.objects.bulk_create(rows, batch_size=500, update_conflicts=True, unique_fields=[key], update_fields=columns)
