"""The second identifier: how much of a study number tells one participant of a ward from all others."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_CHARACTERS = 3  # a shorter one is a tap away from its neighbour


def plain(number: str) -> str:
    """As it is compared: full-width characters read, without case and outer spaces."""
    return unicodedata.normalize("NFKC", number).strip().casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wristband:
    """`identifier`: the number, with the study's code before it where two studies share one. `ending`: its ending."""

    identifier: str
    ending: str

    def is_confirmed(self, typed: str) -> bool:
        """Whether what was typed is the ending asked for, or more of the identifier than was asked."""
        digits = plain(typed)
        return len(digits) >= len(plain(self.ending)) and plain(self.identifier).endswith(digits)


def wristband(study: str, number: str, others: Iterable[tuple[str, str]]) -> Wristband:
    """What to type of this participant. `others`: study code and number of all others who are at the site now."""
    others = list(others)
    ending = ending_asked(number, [other for _study, other in others])
    if ending is not None:
        return Wristband(identifier=number, ending=ending)
    whole = f"{study}-{number}"
    # Study and number together are unique, so that this can only fail where one is the tail of another.
    return Wristband(identifier=whole, ending=ending_asked(whole, [f"{s}-{n}" for s, n in others]) or whole)


def ending_asked(number: str, others: Iterable[str]) -> str | None:
    """The shortest ending of the number, of three characters at least, that none of the others ends with.

    None: another has this very number, or ends with the whole of it; no ending tells them apart.
    """
    own, rest = plain(number), [plain(other) for other in others]
    for length in range(min(LEAST_CHARACTERS, len(own)), len(own) + 1):
        if not any(other.endswith(own[-length:]) for other in rest):
            return number[-length:]
    return None


def look_alikes(number: str, others: Iterable[str]) -> list[str]:
    """The others whose last three characters are the same: mixed up where only these are read."""
    ending = plain(number)[-LEAST_CHARACTERS:]
    return sorted(other for other in others if plain(other).endswith(ending))
