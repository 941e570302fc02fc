"""Which bytes of a file a client asks for (RFC 9110, 14): one range, or the whole. No Django, no file."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From `first` to `last`, both in."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """No byte of the file lies in what was asked for."""


def asked_range(header: str, size: int) -> ByteRange | None:
    """None: the whole file, also where several ranges are asked for, or what nobody understands (14.2).

    Raises Unsatisfiable.
    """
    match = _ONE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    first, last = match[1], match[2]
    if first == "":  # the last so many
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return ByteRange(max(size - int(last), 0), size - 1)
    if last and int(last) < int(first):
        return None  # malformed: as if it were not there
    if int(first) >= size:
        raise Unsatisfiable
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)
