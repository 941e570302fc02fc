"""When the nurse is asked to look again at once."""

from collections.abc import Collection

from grading.rules.grades.graded import INDETERMINATE

# Reasons that tell of no abnormal sign. Any other does: to ask once too often is the safe side.
_NOT_SIGNS = frozenset(
    {
        "ice_not_done",
        "capd_not_done",
        "no_fever",
        "temperature_implausible",
        "no_icans_sign",
        "nothing_abnormal_now",
        "oxygen_for_comfort",
        "oxygen_as_at_baseline",
    }
)
# Flags that ask the nurse by themselves, with nothing missing: what was entered is to be looked at again.
QUESTIONS = frozenset(
    {
        "hypotension_to_be_confirmed",
        "standing_pressure_low",
        "contradictory_oxygen",
        "oxygen_indication_to_be_confirmed",
        "no_baseline_on_record",
        "contradictory_vasopressors",
        "unknown_agent",
        "vasopressor_at_home",
    }
)


def complete_the_set(
    *,
    grade: int,
    at_least: int,
    at_most: int,
    missing: Collection[str],
    flags: Collection[str],
    reasons: Collection[str],
) -> bool:
    """Whether what nobody looked at, or what was entered, could hide grade 2 or more while something is abnormal.

    `reasons` are the codes of the grade's reasons. Nothing `missing` and no question (a fever may be masked):
    nothing to complete (decisions, Alerts; Rulings 2).
    """
    if grade != INDETERMINATE or at_most < 2 or not (missing or QUESTIONS.intersection(flags)):
        return False
    return at_least >= 1 or bool(flags) or any(_is_abnormal(code) for code in reasons)


def _is_abnormal(code: str) -> bool:
    return code not in _NOT_SIGNS and not code.endswith(("_unknown", "_attributed"))
