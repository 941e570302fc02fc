"""How far a program has pulled dose periods: what it is given to send next time. Signed, and nothing to read in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.core.signing import BadSignature, Signer

from crsmonitor.errors import DomainError, InvalidInput


class CursorEnded(DomainError):
    """What came since cannot be told row by row: all of it is to be pulled again."""

    status = 410
    code = "cursor_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Up to where something is known: every transaction below `xact` has ended; what depends on the clock is of `at`.

    `xact` None: begun at an instant, not where a pull ended.
    """

    xact: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """`scope`: a hash of what the program may have and of where it is from. `since`: what it has; None: nothing.

    `upto`, `after`: of a pull that is under way, where it began and the participant that was sent last.
    """

    scope: str
    since: Mark | None
    upto: Mark | None = None
    after: int = 0

    def text(self) -> str:
        return _signer().sign_object([self.scope, _plain(self.since), _plain(self.upto), self.after])

    @classmethod
    def read(cls, text: str, *, scope: str) -> Self:
        """Raises InvalidInput for one that is not ours, CursorEnded for one of another scope."""
        try:
            of, since, upto, after = _signer().unsign_object(text)
        except (BadSignature, ValueError):
            raise InvalidInput.at("cursor", "cursor_unknown") from None
        if of != scope:
            raise CursorEnded("cursor_ended")
        return cls(scope=of, since=_mark(since), upto=_mark(upto), after=after)


def _signer() -> Signer:
    return Signer(salt="grading.exports.pulled")


def _plain(mark: Mark | None) -> list[object] | None:
    return None if mark is None else [mark.xact, mark.at.isoformat()]


def _mark(plain: list[object] | None) -> Mark | None:
    return None if plain is None else Mark(xact=plain[0], at=datetime.fromisoformat(str(plain[1])))  # type: ignore[arg-type]  # signed by us
