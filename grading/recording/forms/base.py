"""What every bedside form has: an id of its own, the time at the bedside, and the right participant."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crsmonitor.pages.error_forms import ShowsErrors
from grading.recording.forms.fields import InstantField
from grading.recording.forms.wall_time import OnWallClock, clock_typed, turn_field
from grading.words.entry_words import ENTRY
from grading.words.wording import NOT_DONE
from regimens.facts import Fact, Source
from regimens.models import Participant
from regimens.rules.wall_time import clock_text, day_at, on_wall, shifted, turn_of
from regimens.rules.wristband import Wristband

MINUTES_AGO = (0, 5, 15)
DAYS_BACK = 14


@lru_cache(maxsize=100)  # a form offers fourteen, and they are the same for everybody
def _day_text(day: date, language: str | None) -> str:
    """`language`: that of the present reader, in which Django writes."""
    return date_format(day, "D Y-m-d")


class FactForm(ShowsErrors, OnWallClock):
    """A fact being entered. `at` is now; `earlier` the version that is being corrected.

    `is_from_paper`: it was written on a downtime sheet before. The bedside time is then always typed, and `from_paper`
    comes back with what is typed.
    """

    model: ClassVar[type[Fact]]
    # Fields that a "not done, because" may stand for.
    may_be_not_done: ClassVar[tuple[str, ...]] = ()
    walls = ("observed_time",)

    id = forms.UUIDField(widget=forms.HiddenInput)
    opened_at = InstantField()
    when = forms.ChoiceField(widget=forms.RadioSelect)
    observed_on = forms.ChoiceField(required=False)
    observed_time = forms.CharField(required=False, max_length=5)
    observed_time_turn = turn_field()
    reason = forms.CharField(required=False, max_length=300)
    confirm_number = forms.CharField(
        max_length=41,  # a study's code, a dash and a number
        error_messages={"required": ENTRY["no_wristband"]},
    )
    withdrawn = forms.BooleanField(required=False)
    from_paper = forms.BooleanField(required=False)
    kept_already: Fact | None = None  # what was saved under this id, with other values
    newer: Fact | None = None  # what somebody else made of the version that is corrected
    places = {"observed_at": "when"}
    reused = gettext_lazy("This form was already saved, with other values. Correct that entry instead.")

    def __init__(
        self,
        data: Any = None,
        *,
        participant: Participant,
        wristband: Wristband,
        at: datetime,
        earlier: Fact | None = None,
        from_paper: bool = False,
    ) -> None:
        self.participant, self.wristband, self.at, self.earlier = participant, wristband, at, earlier
        self.zone = ZoneInfo(participant.site.time_zone)
        on_paper = from_paper if data is None else bool(data.get("from_paper"))
        self.is_from_paper = on_paper and earlier is None
        when = "other" if self.is_from_paper else "0"
        first = {"id": uuid.uuid4(), "opened_at": at, "when": when} | self.prefilled()
        if earlier is not None:
            first |= {"when": "same"} | self.shows("observed_time", earlier.observed_at) | self.read(earlier)
        super().__init__(data, initial=first)
        # Chips count from the opening, so that a second tap on Save says the same time.
        self.opened = self._opened()
        self.fields["when"].choices = list(self._chips())
        self.fields["observed_on"].choices = list(self._days())
        for name in self.may_be_not_done:
            self.fields[f"not_done_{name}"] = forms.ChoiceField(choices=[("", "—"), *NOT_DONE.items()], required=False)
        if earlier is not None:
            for name, why in getattr(earlier, "not_done", {}).items():
                self.initial[f"not_done_{name}"] = why

    def prefilled(self) -> dict[str, Any]:
        """What a new form starts with."""
        return {}

    def read(self, earlier: Fact) -> dict[str, Any]:
        """What the form starts with when it corrects `earlier`."""
        kept = {n: getattr(earlier, n) for n in self.base_fields if hasattr(earlier, n) and n != "id"}
        return kept | {"opened_at": self.at, "reason": ""}

    # --- time ---

    def _opened(self) -> datetime:
        typed = self.data.get("opened_at") if self.is_bound else None
        try:
            opened = InstantField(required=False).clean(typed)
        except ValidationError:
            opened = None
        return opened or self.at

    def _chips(self) -> Iterator[tuple[str, str]]:
        for value, instant in self._moments().items():
            spelled = self._spelled(instant)
            if value == "same":
                yield value, _("as recorded, %(time)s") % {"time": spelled}
            elif value == "0":
                yield value, _("%(time)s (now)") % {"time": spelled}
            else:
                yield value, f"{spelled} (−{value})"
        yield "other", _("other time")

    def _moments(self) -> dict[str, datetime]:
        """What each chip stands for."""
        if self.earlier is not None:
            return {"same": self.earlier.observed_at}
        if self.is_from_paper:
            return {}  # what is on paper was not seen just now
        return {str(minutes): shifted(self.opened, -timedelta(minutes=minutes)) for minutes in MINUTES_AGO}

    @property
    def chips(self) -> list[dict[str, Any]]:
        """For the template; the page's script keeps a draft's own time, not its distance from now."""
        moments, chosen = self._moments(), self["when"].value()
        return [
            {"value": value, "label": text, "chosen": value == chosen} | self._written(moments.get(value))
            for value, text in self.fields["when"].choices
        ]

    def _written(self, moment: datetime | None) -> dict[str, str]:
        """A moment as it would be typed under "other time". Empty: the chip names none."""
        if moment is None:
            return {}
        wall, turn = on_wall(moment, self.zone), turn_of(moment, self.zone)
        return {
            "day": f"{wall:%Y-%m-%d}",
            "time": f"{wall:%H:%M}",
            "turn": "" if turn is None else turn.value,
            "told": self._spelled(moment),
        }

    def _spelled(self, instant: datetime) -> str:
        """The time; with its day where that is not today's, and its offset where the clock shows it twice."""
        day, clock = day_at(instant, self.zone), clock_text(instant, self.zone)
        return clock if day == self._today else f"{date_format(day, 'D j M')} {clock}"

    @property
    def _today(self) -> date:
        return day_at(self.at, self.zone)

    def _days(self) -> Iterator[tuple[str, str]]:
        today = self._today
        days = [today - timedelta(days=back) for back in range(DAYS_BACK)]
        if self.earlier is not None:
            days = sorted({*days, day_at(self.earlier.observed_at, self.zone)}, reverse=True)
        names = {today: _("today"), today - timedelta(days=1): _("yesterday")}
        for day in days:
            text = _day_text(day, get_language())
            yield day.isoformat(), f"{text}, {names[day]}" if day in names else text

    def _observed_at(self, values: dict[str, Any]) -> datetime | None:
        when = values.get("when")
        if when == "same" and self.earlier is not None:
            return self.earlier.observed_at
        if when != "other":
            return self._moments().get(when or "")
        clock, day = clock_typed(values.get("observed_time") or ""), values.get("observed_on")
        if clock is None or not day:
            self.add_error("observed_time", _("Write the time as HH:MM, 24-hour clock, such as 03:10."))
            return None
        wall = datetime.combine(date.fromisoformat(day), clock)
        try:
            return self.instant_typed("observed_time", wall, not_after=self.at)
        except ValidationError as error:
            self.add_error("observed_time", error)
            return None

    # --- checks ---

    def clean_confirm_number(self) -> str:
        typed: str = self.cleaned_data["confirm_number"]
        if not self.wristband.is_confirmed(typed):
            raise ValidationError(ENTRY["not_this_wristband"], params={"typed": typed})
        return typed

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        values["observed_at"] = self._observed_at(values)
        values["not_done"] = {}
        for name in self.may_be_not_done:
            why = values.get(f"not_done_{name}")
            if not why:
                continue
            if self.was_looked_at(name, values):
                self.add_error(name, ENTRY["done_and_not_done"])
            values["not_done"][name] = why
        return values

    def was_looked_at(self, name: str, values: dict[str, Any]) -> bool:
        return values.get(name) is not None

    # --- out ---

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        """The columns of the fact. `values` may lack what is not valid (yet): then it was not looked at."""
        raise NotImplementedError

    def draft(self) -> Fact:
        """The fact, unsaved."""
        values = self.cleaned_data
        if self.earlier is not None:
            supersedes = {"supersedes": self.earlier, "withdrawn": values.get("withdrawn", False)}
        else:
            supersedes = {}
        return self.model(
            id=values.get("id") or uuid.uuid4(),
            participant=self.participant,
            observed_at=values.get("observed_at") or self.at,
            source=Source.PAPER if self.is_from_paper else Source.PAGE,
            reason=values.get("reason", ""),
            **supersedes,
            **self.columns(values),
        )
