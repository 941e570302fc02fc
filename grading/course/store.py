"""The projection tables: made to say what was derived, rows that already say it left alone."""

from collections.abc import Mapping

from django.db.models import Model

from crsmonitor.database import rows
from grading.course.compare import TableComparison, comparison_of
from grading.course.derive import Derived
from grading.models import DosePeriod
from regimens.facts import Fact

EPISODE = ("participant", "kind", "root", "provisional")  # what an episode is known by
# Of a period's many columns those that most sets change, and those that hold lists (rows.write).
OFTEN: Mapping[type[Model], tuple[str, ...]] = {
    DosePeriod: (
        "vitals_recorded", "neuro_recorded", "crs_definite", "icans_definite", "ice_recorded", "slot_sets", "excused",
        "slot_times", "vitals_on_time", "vitals_late", "vitals_excused", "vitals_unfilled", "neuro_on_time",
        "neuro_late", "neuro_excused", "neuro_unfilled", "longest_gap_h", "last_vitals_at", "temperature_max_c",
        "temperature_max_at", "temperature_max_h", "fever_s", "fever_at", "fever_h", "sbp_min", "dbp_min",
        "mean_pressure_min", "heart_rate_max", "respiratory_rate_max", "spo2_min", "ice_min", "modified_utc",
        "changed_at",
    )
}  # fmt: skip


def store(fact: Fact, derived: Derived) -> list[TableComparison]:
    """Keep the new fact and what is derived with it; for a whole derivation, what became different."""
    if not derived.whole:
        _add(fact, derived)
        return []
    return replace(derived)


def _add(fact: Fact, derived: Derived) -> None:
    inserts = [fact, *derived.grades, *derived.checkpoints]
    episodes = [rows.putting(episode, key=EPISODE) for episode in derived.episodes]
    rows.write(inserts, updates=[*derived.periods, derived.state], often=OFTEN, after=episodes)


def replace(derived: Derived) -> list[TableComparison]:
    """Make the tables say what a derivation of the whole record says. Returns what became different."""
    comparisons = comparison_of(derived)
    write(comparisons, derived)
    return comparisons


def write(comparisons: list[TableComparison], derived: Derived) -> None:
    """The same for a comparison that was made already."""
    for one in comparisons:
        _remove(one)
    inserts = [new for one in comparisons for new in one.added]
    updates = [_in_place_of(old, new) for one in comparisons for old, new in one.changed]
    if derived.state not in (*inserts, *updates):
        updates.append(derived.state)  # always, since it says when it was last derived
    rows.write_each(inserts, updates)


def _remove(compared: TableComparison) -> None:
    if compared.gone:
        # Straight: Django's own check would refuse the period that the current state, written last, still names.
        gone = compared.table.model.objects.filter(pk__in=[row.pk for row in compared.gone])
        gone._raw_delete(gone.db)


def _in_place_of(old: Model, new: Model) -> Model:
    new.pk = old.pk
    return new
