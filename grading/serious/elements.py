"""One element of a serious-event sheet: its number in E2B(R3), what the facts say, and which facts say it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from regimens.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetElement:
    """`number`: of the data element of ICH E2B(R3); empty: E2B has none for it. `value` None: no fact says it.

    `text`: the value in words. `why`: what it rests on where it is derived, or who is to answer it.
    """

    number: str
    name: str
    value: str | None = None
    text: str = ""
    why: str = ""
    facts: Sequence[UUID] = ()

    @property
    def shown(self) -> str:
        """Never empty, and never "no" where no fact says no."""
        return _("not recorded") if self.value is None else self.text or self.value

    def as_json(self) -> dict[str, Any]:
        return {
            "element": self.number, "name": self.name, "value": self.value, "text": self.shown, "why": self.why,
            "facts": [str(one) for one in self.facts],
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of the narrative, and the facts that say it: at least one."""

    text: str
    facts: Sequence[UUID]

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "facts": [str(one) for one in self.facts]}


def ids(facts: Iterable[Fact | None]) -> list[UUID]:
    return [one.pk for one in facts if one is not None]


def instant_of(at: datetime | None, zone: tzinfo) -> str | None:
    """With the offset that was in force at the place; None stays None."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")
