"""What is given to the engine: read by the contract, weighed, and written down so that it is read again as the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crsmonitor.errors import InvalidInput
from regimens.design.contract import kinds
from regimens.rules.canonical import sha256_of, text_of_json
from regimens.rules.reading import CaseError
from regimens.rules.runs import MOST, expected_s, size_of


@dataclass(frozen=True, slots=True)
class RunInput:
    """`text`: canonical JSON. `seed` None: the kind draws nothing. `size`: people x regimens x max(1, draws)."""

    kind: str
    text: str
    seed: int | None
    size: int
    engine: str

    @property
    def digest(self) -> str:
        return digest_of(self.kind, self.text, self.engine)


def digest_of(kind: str, text: str, engine: str) -> str:
    """What the bytes of a result depend on, and nothing else."""
    return sha256_of(text_of_json([kind, engine]) + text)


def read_input(kind: str, fields: Mapping[str, Any]) -> RunInput:
    """Raises InvalidInput at the first faulty field; its path is the contract's, `detail` what the contract says."""
    if kind not in kinds.KINDS:
        raise InvalidInput.at("kind", "unknown_value", detail=f"kind is one of {', '.join(kinds.KINDS)}")
    _refuse_too_large(fields)
    try:
        kinds.read(kind, fields)
    except CaseError as error:
        raise refusal(error) from error
    size, seed = size_of(fields), fields.get("seed")
    return RunInput(kind, text_of_json(fields), None if seed is None else int(seed), size, kinds.engine())


def refusal(error: CaseError, within: str = "") -> InvalidInput:
    """A fault that the contract found, at its field. `within`: what the path begins with."""
    field = ".".join(part for part in (within, error.field or "") if part)
    return InvalidInput.at(field, error.code, detail=error.detail)


def _refuse_too_large(fields: Mapping[str, Any]) -> None:
    """Before it is read: each number may be within its limit, and all of them together are too many."""
    try:
        size = size_of(fields)
    except (TypeError, ValueError, ArithmeticError):
        return  # the reader says what is wrong
    if size > MOST:
        minutes = -(-expected_s(size) // 60)
        raise InvalidInput.at("patients", "run_too_large", size=size, minutes=minutes, most=MOST)
