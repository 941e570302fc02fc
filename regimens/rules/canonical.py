"""What is signed, as one text: the same record always gives the same, so that its hash tells whether it changed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any


def plain(value: Any) -> Any:
    """As JSON holds it: instants in UTC, decimals without trailing zeros (38.0 is 38), keys as texts."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def hash_of(content: Any) -> str:
    """SHA-256 of the canonical text: sorted keys, no blanks, UTF-8."""
    text = json.dumps(plain(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def text_of_json(content: Any) -> str:
    """One text of the same JSON: sorted keys, no blanks; numbers as they are, a Decimal as the nearest float.

    Raises ValueError for what is no number of JSON: NaN and the infinities.
    """
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_number
    )  # fmt: skip


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def sha256_of(text: str) -> str:
    """Of its UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
