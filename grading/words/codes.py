"""A code of a fact in words, by the column that it stands in: wherever a record is told as it was kept."""

from collections.abc import Callable, Mapping
from typing import Any

from grading.words import wording
from grading.words.badges import NAMES as SYNDROMES
from grading.words.drug_names import drug_name


def words_of(words: Mapping[Any, object]) -> Callable[[str], str]:
    """What has no words there is told as it was kept."""
    return lambda code: str(words.get(code, code))


_BY_COLUMN: Mapping[str, Callable[[str], str]] = {
    "oxygen_device": words_of(wording.DEVICES),
    "oxygen_indication": words_of(wording.INDICATIONS),
    "temperature_site": words_of(wording.TEMPERATURE_SITES),
    "position": words_of(wording.POSITIONS),
    "arm": words_of(wording.ARMS),
    "infusion": words_of(wording.INFUSION),
    "differential": words_of(wording.DIFFERENTIAL),
    "vasopressors": drug_name,
    "consciousness": words_of(wording.CONSCIOUSNESS),
    "seizure": words_of(wording.SEIZURE),
    "motor": words_of(wording.MOTOR),
    "oedema": words_of(wording.OEDEMA),
    "icp_signs": words_of(wording.ICP_SIGNS),
    "ice_unable_reason": words_of(wording.ICE_UNABLE),
    "adaptations": words_of(wording.ADAPTATIONS),
    "interpreter": words_of(wording.INTERPRETERS),
    "not_done": words_of(wording.NOT_DONE),
    "drug": drug_name,
    "route": wording.route_word,
    "kind": words_of(SYNDROMES),
}


def code_word(column: str, code: str) -> str:
    """What has no words here is told as it was kept."""
    return _BY_COLUMN[column](code) if column in _BY_COLUMN else code
