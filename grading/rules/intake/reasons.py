"""Why something that was sent is not simply a fact: one table of codes, and what each does. Words: the edge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    """What a reason does to what it is about."""

    REJECTS = "rejects"  # never becomes a fact as it was sent
    HOLDS = "holds"  # waits, and nobody may accept it as it is
    ASKS = "asks"  # waits for a person, who says why it is accepted; never let in by itself
    NOTES = "notes"  # is said, and holds nothing


REASONS: Mapping[str, Weight] = {
    # of what was sent
    "malformed": Weight.REJECTS,
    "no_subject": Weight.REJECTS,
    "method_unknown": Weight.REJECTS,
    "no_instant": Weight.REJECTS,
    "date_only": Weight.REJECTS,
    "no_zone": Weight.REJECTS,
    "not_an_instant": Weight.REJECTS,
    "is_a_period": Weight.REJECTS,
    "in_future": Weight.REJECTS,
    "too_long_ago": Weight.REJECTS,
    "status_not_usable": Weight.REJECTS,
    "not_done": Weight.REJECTS,
    "no_value": Weight.REJECTS,
    "data_absent": Weight.REJECTS,
    "comparator": Weight.REJECTS,
    "value_malformed": Weight.REJECTS,
    "unit_missing": Weight.REJECTS,
    "unit_unknown": Weight.REJECTS,
    "outside_human_range": Weight.REJECTS,
    "drug_missing": Weight.REJECTS,
    "nothing_to_retract": Weight.REJECTS,
    "sent_again_below": Weight.REJECTS,
    "resource_unknown": Weight.NOTES,
    "code_unknown": Weight.NOTES,
    "panel": Weight.NOTES,
    # of whom it is about, and of what is on file
    "unknown_participant": Weight.HOLDS,
    "status_preliminary": Weight.HOLDS,
    "study_drug": Weight.HOLDS,
    "typed_over": Weight.HOLDS,
    "before_first_dose": Weight.ASKS,
    "after_end": Weight.ASKS,
    "set_on_file": Weight.ASKS,
    "two_values": Weight.ASKS,
    "rejected_before": Weight.ASKS,
    "not_confirmed": Weight.ASKS,
    "drug_not_known": Weight.ASKS,
    "dose_unit_unknown": Weight.ASKS,
    "indication_missing": Weight.ASKS,
    "not_kept": Weight.ASKS,
    "end_not_usable": Weight.ASKS,
    "device_unknown": Weight.NOTES,
    "consciousness_unknown": Weight.NOTES,
    "part_left_out": Weight.NOTES,
    "corrects_accepted": Weight.NOTES,
    "changes_waiting": Weight.NOTES,
    "retracted": Weight.NOTES,
    "value_dropped": Weight.NOTES,
    "converted": Weight.NOTES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReason:
    """One code of the table, with the values that its sentence needs."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        return REASONS[self.code]

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {"code": self.code, "values": dict(self.values)}


def reason_of(kept: Mapping[str, Any]) -> IntakeReason:
    return IntakeReason(code=kept["code"], values=kept["values"])


def reason(code: str, /, **values: object) -> IntakeReason:
    """Raises KeyError for a code that the table does not have."""
    assert REASONS[code]
    return IntakeReason(code=code, values={name: str(value) for name, value in values.items()})


def has(reasons: Iterable[IntakeReason], weight: Weight) -> bool:
    return any(one.weight is weight for one in reasons)


def waits_for_person(reasons: Iterable[IntakeReason]) -> bool:
    """Whether it is never let in by itself."""
    return any(one.weight in (Weight.ASKS, Weight.HOLDS) for one in reasons)
