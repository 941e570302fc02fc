"""What leaves, as data: where it goes and what it says. How it is said is a channel's own (channels/)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grading.models import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`addresses`: e-mail addresses, or one name of a gateway, or one URL. `lane`: the name of the way (lanes.py).

    `secret`: with which a call is signed, or a browser's keys, "p256dh.auth". `is_own`: our own receiver, whose address
    is the operator's; it has no lane.
    """

    channel: Channel
    addresses: tuple[str, ...]
    lane: str = ""
    secret: str = ""
    is_own: bool = False

    @property
    def address(self) -> str:
        """Where there is one."""
        [address] = self.addresses
        return address


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """`subject`, `lines`: for people, in the language of the reader. `fields`: for machines.

    Ids, the grade and what is asked; who it is stays behind the login (S22).
    """

    destination: Destination
    key: str
    subject: str = ""
    lines: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> str:
        return "\n".join(self.lines) + "\n"
