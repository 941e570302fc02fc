"""Who hears that an alert needs nobody any more: whoever was paged, on the same way, once. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why nobody needs to come any more. Those of an action are named as in lifecycle.ActionKind."""

    ANSWERED = "answered"
    TREATMENT = "treatment"
    AT_BEDSIDE = "at_bedside"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # the record was corrected
    OVER = "over"  # what it told of does not hold any more


# A page that has not left is not needed any more; of the others, whoever was called still hears what it was.
ENDS = frozenset({Why.WITHDRAWN, Why.OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to one receiver: a person's own e-mail or contact, or an endpoint of the study, by their keys."""

    channel: str
    recipient: int | None = None
    contact: int | None = None
    endpoint: int | None = None
    machine: bool = False  # a webhook: it follows what becomes of the alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that left, or may have: `why` None is a page."""

    way: Way
    occurrence: int
    why: Why | None = None


def to_stand_down(messages: Iterable[Message], *, why: Why, but: Collection[int] = ()) -> list[Way]:
    """The ways by which to say it, each once, in the order in which they were first paged.

    `but`: keys of the people who know, since it was they who answered or acted. A person hears one word after her
    last page, and of a withdrawal besides: what she was told was not so. A machine hears each reason once.
    """
    known = list(messages)
    ways: list[Way] = []
    for way in dict.fromkeys(one.way for one in known if one.why is None):
        last = max(one.occurrence for one in known if one.way == way and one.why is None)
        since = {one.why for one in known if one.way == way and one.why is not None and one.occurrence >= last}
        news = why not in since if way.machine or why is Why.WITHDRAWN else not since
        if news and (way.recipient is None or way.recipient not in but):
            ways.append(way)
    return ways
