"""Whether a person can be reached. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

CHANNELS_NEEDED = 2


class Way(Protocol):
    """One way to reach a person: grading.models.Contact has these."""

    @property
    def channel(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def tested_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def reachable(contacts: Iterable[Way]) -> bool:
    """Whether two channels were tested that do not fail together.

    All e-mail addresses count as one: they share our mail server. Each gateway counts by its name.
    """
    tested = [way for way in contacts if way.tested_at is not None and way.ended_at is None]
    return (
        len({way.channel if way.channel == "email" else (way.channel, way.address) for way in tested})
        >= CHANNELS_NEEDED
    )
