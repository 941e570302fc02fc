"""Times typed on the site's clock: what was typed as an instant, or the question which of two is meant."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any, ClassVar, TypedDict
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grading.recording.forms.fields import as_ascii
from regimens.rules.wall_time import NoSuchTime, Turn, instant, offset_of, turn_of

YEARS = range(2000, 2100)  # any other is a typing error


class TurnOption(TypedDict):
    value: str
    label: str
    chosen: bool


class TurnAsked(TypedDict):
    """The radio beside one typed time. `shown`: the time comes twice; else it waits for the script to need it."""

    name: str
    shown: bool
    options: list[TurnOption]


def clock_typed(text: str) -> time | None:
    """3:10, 03.10, 0310 and full-width digits are a time of day. None: it is none. Nothing typed is not asked here."""
    digits = as_ascii(text).replace(".", ":")
    if digits.isdigit() and len(digits) in (3, 4):
        digits = f"{digits[:-2]}:{digits[-2:]}"
    try:
        return datetime.strptime(digits, "%H:%M").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        return None


def wall_typed(text: str) -> datetime | None:
    """A day and a time of the site's clock, naive; a T or a space between them. None: it is none."""
    typed = as_ascii(text).replace("T", " ")
    for written in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            wall = datetime.strptime(typed, written)  # noqa: DTZ007 - the site's own clock
        except ValueError:
            continue
        return wall if wall.year in YEARS else None
    return None


def turn_field() -> forms.ChoiceField:
    """Which of two times is meant; empty: nobody said, or nobody was asked."""
    return forms.ChoiceField(choices=[(turn.value, turn.value) for turn in Turn], required=False)


class OnWallClock(forms.Form):
    """A form in which times are typed on the clock of `zone`. `walls`: the fields; `NAME_turn` says which of two."""

    walls: ClassVar[tuple[str, ...]] = ()
    zone: ZoneInfo

    def __init__(self, *args: Any, **options: Any) -> None:
        self._twice: dict[str, tuple[datetime, ...]] = {}
        super().__init__(*args, **options)

    def instant_typed(self, name: str, wall: datetime, *, not_after: datetime | None = None) -> datetime:
        """ValidationError with what to do where `wall` does not name one instant: nothing is guessed."""
        return self.resolved(name, lambda turn: instant(wall, self.zone, turn=turn, not_after=not_after))

    def resolved(self, name: str, read: Callable[[Turn | None], datetime]) -> datetime:
        """What `read` makes of a typed time, once asked without a turn so that the radio shows where it comes twice."""
        try:
            return read(None)
        except NoSuchTime as wrong:
            if not wrong.readings:
                raise ValidationError(_("The clocks skipped this time: there was no such minute.")) from None
            self._twice[name] = wrong.readings
        if (turn := self._turn(name)) is not None:
            return read(turn)
        raise ValidationError(_("The clocks were put back: this time came twice. Say which of the two."))

    def shows(self, name: str, at: datetime | None) -> dict[str, Any]:
        """What a form starts with where an instant stands in it already."""
        turn = None if at is None else turn_of(at, self.zone)
        return {} if turn is None else {f"{name}_turn": turn.value}

    def _turn(self, name: str) -> Turn | None:
        typed = self.data.get(f"{name}_turn") if self.is_bound else self.initial.get(f"{name}_turn")
        return Turn(typed) if typed in (Turn.FIRST.value, Turn.SECOND.value) else None

    @property
    def turns(self) -> dict[str, TurnAsked]:
        """For the template, by the name of the field."""
        if self.is_bound:
            self.errors  # noqa: B018 - reads what was typed
        return {name: self._question(name) for name in self.walls}

    def _question(self, name: str) -> TurnAsked:
        twice, chosen = self._twice.get(name, ()), self._turn(name)
        words = zip(Turn, (_("the first, before the clocks were put back"), _("the second, after it")), strict=True)
        return {
            "name": f"{name}_turn",
            "shown": bool(twice) or (not self.is_bound and chosen is not None),
            "options": [
                {"value": turn.value, "label": _labelled(word, twice, place, self.zone), "chosen": turn is chosen}
                for place, (turn, word) in enumerate(words)
            ],
        }


def _labelled(word: str, twice: Sequence[datetime], place: int, zone: ZoneInfo) -> str:
    return f"{word} ({offset_of(twice[place], zone)})" if twice else word
