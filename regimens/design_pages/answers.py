"""Answers of the contract, kept for as long as a process lives: of six regimens somebody who types changes one."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from regimens.design.contract import kinds

KEPT = 256  # answers, each of some kB


def answered(kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The contract's answer, not to be changed. Raises its CaseError."""
    return _answered(kind, json.dumps(fields, default=float, sort_keys=True), kinds.engine())


@lru_cache(maxsize=KEPT)
def _answered(kind: str, text: str, engine: str) -> Mapping[str, Any]:
    return kinds.answer(kind, json.loads(text))
