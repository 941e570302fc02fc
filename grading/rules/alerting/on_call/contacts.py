"""Whether a person can be reached. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

CHANNELS_NEEDED = 2
EMAIL = "email"
PUSH = "push"
AS_ONE = (EMAIL, PUSH)  # whatever their addresses: one mail server, one way out to the push services


class ContactMethod(Protocol):
    """One way to reach a person: grading.models.Contact has these."""

    @property
    def channel(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def tested_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def has_tested(contacts: Iterable[ContactMethod], *, gateways: Collection[str]) -> bool:
    """Whether one way was tested and still leads somewhere. `gateways`: the names that the operator has configured."""
    return any(
        way.tested_at is not None and way.ended_at is None and (way.channel in AS_ONE or way.address in gateways)
        for way in contacts
    )


def reachable(contacts: Iterable[ContactMethod]) -> bool:
    """Whether two channels were tested that do not fail together.

    All e-mail addresses count as one: they share our mail server. So do all browsers. Each gateway counts by its name.
    """
    tested = [way for way in contacts if way.tested_at is not None and way.ended_at is None]
    return (
        len({way.channel if way.channel in AS_ONE else (way.channel, way.address) for way in tested}) >= CHANNELS_NEEDED
    )
