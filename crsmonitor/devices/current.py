"""The tablet from which the request comes that is being answered: facts keep it, whichever page or API they came by."""

from contextvars import ContextVar

_tablet: ContextVar[int | None] = ContextVar("tablet", default=None)


def current_tablet() -> int | None:
    """The key of the enrolled tablet. None: another browser, a machine, or no request at all."""
    return _tablet.get()


def begin(tablet: int | None) -> None:
    """The request that begins now comes from there."""
    _tablet.set(tablet)
