"""Many shifts at once, in the clock time of the site: a pattern, a week to copy, a file, and who takes a shift over."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.errors import InvalidInput, Message
from crsmonitor.formats.csv_form import CsvForm
from crsmonitor.formats.csv_lines import Line
from crsmonitor.pages.error_forms import ShowsErrors
from grading.alerting.services.on_call.rota_plans import PlannedShift
from grading.models.on_call import ON_CALL_ROLES
from grading.recording.forms.fields import as_ascii
from grading.recording.forms.wall_time import YEARS, clock_typed, wall_typed
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.on_call.shift_patterns import MOST_DAYS, Hours, ShiftPattern, Turns, monday_of
from regimens.models import Site
from regimens.rules.wall_time import NoSuchTime, instant

TURNS = {Turns.WEEK.value: _l("every week"), Turns.DAY.value: _l("every shift")}
MOST_WEEKS = 12
COLUMNS = ("role", "person", "starts_at", "ends_at")


class DayField(forms.DateField):
    """A calendar day of the site; another century is a typing error."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PatternForm(ShowsErrors, forms.Form):
    """`pattern`: what was typed, once it is valid."""

    on_call_role = forms.ChoiceField(choices=list(ON_CALL_ROLES.items()))
    people = forms.CharField(max_length=2000)
    turns = forms.ChoiceField(choices=list(TURNS.items()), initial=Turns.WEEK.value)
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(WEEKDAYS.items()), coerce=int, initial=list(WEEKDAYS), widget=forms.CheckboxSelectMultiple
    )
    starts = forms.CharField(max_length=10)
    ends = forms.CharField(max_length=10)
    first = DayField()
    last = DayField()

    def __init__(self, data: Any, *, people: Any) -> None:
        super().__init__(data, auto_id="repeat_%s")
        self._keys: Mapping[str, int] = {one.get_username(): one.pk for one in people}

    def clean_people(self) -> tuple[int, ...]:
        """Sign-in names in the order of their turns: one a line, or with commas between."""
        names = self.cleaned_data["people"].replace(",", "\n").replace("，", "\n").splitlines()
        wanted = [name.strip() for name in names if name.strip()]
        if unknown := [name for name in wanted if name not in self._keys]:
            raise ValidationError(_("Nobody here who may answer alerts: %(names)s") % {"names": ", ".join(unknown)})
        return tuple(self._keys[name] for name in wanted)

    def clean_starts(self) -> Any:
        return self._clock("starts")

    def clean_ends(self) -> Any:
        return self._clock("ends")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and last - first >= timedelta(days=MOST_DAYS):
            self.add_error("last", _("At most one year at a time."))
        return cleaned

    @property
    def pattern(self) -> ShiftPattern:
        typed = self.cleaned_data
        return ShiftPattern(
            weekdays=frozenset(typed["weekdays"]), starts=typed["starts"], ends=typed["ends"], first=typed["first"],
            last=typed["last"], people=typed["people"], turns=Turns(typed["turns"]),
        )  # fmt: skip

    def _clock(self, field: str) -> Any:
        clock = clock_typed(self.cleaned_data[field])
        if clock is None:
            raise ValidationError(_("A time of day, such as 08:00."))
        return clock


class CopyWeekForm(ShowsErrors, forms.Form):
    """`monday`: any day of the week that is copied; it leaves as its Monday."""

    monday = DayField()
    weeks = forms.IntegerField(min_value=1, max_value=MOST_WEEKS, initial=1)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="copy_%s")

    def clean_monday(self) -> date:
        return monday_of(self.cleaned_data["monday"])


class RotaFileForm(CsvForm):
    """`planned`: the shifts that the file asks for, once it is valid."""

    places: ClassVar[Mapping[str, str]] = {"people": "file"}
    columns = COLUMNS

    def __init__(self, data: Any, files: Any, *, site: Site, people: Any) -> None:
        super().__init__(data, files, auto_id="file_%s")
        self._zone = ZoneInfo(site.time_zone)
        self._keys = {one.get_username(): one.pk for one in people}
        self.planned: list[PlannedShift] = []

    def read(self, lines: list[Line]) -> None:
        self.planned = self._planned(lines)

    def _planned(self, lines: list[Line]) -> list[PlannedShift]:
        """Every line, or InvalidInput with what is wrong in each."""
        made, wrong = [], []
        for line in lines:
            problems = []
            role, person = line.cells["role"], self._keys.get(line.cells["person"])
            if role not in ON_CALL_ROLES:
                problems.append(
                    line.wrong("role", Message("no_such_on_call_role", {"known": ", ".join(ON_CALL_ROLES)}))
                )
            if person is None:
                problems.append(line.wrong("person", Message("may_not_answer_here")))
            starts_at, ends_at = (self._instant(line, column, problems) for column in ("starts_at", "ends_at"))
            if starts_at and ends_at and ends_at <= starts_at:
                problems.append(line.wrong("ends_at", Message("shift_ends_first")))
            if not problems and person is not None and starts_at and ends_at:
                hours = Hours(person=person, starts_at=starts_at, ends_at=ends_at)
                made.append(PlannedShift(OnCallRole(role), hours))
            wrong += problems
        if wrong:
            raise InvalidInput("csv_lines_wrong", fields={"file": wrong})
        return made

    def _instant(self, line: Line, column: str, problems: list[Message]) -> datetime | None:
        """A time of the site's clock; one with an offset names its instant itself."""
        typed = line.cells[column]
        wall = wall_typed(typed)
        try:
            if wall is not None:
                return instant(wall, self._zone)
            at = datetime.fromisoformat(as_ascii(typed))
        except NoSuchTime as clocks:
            problems.append(line.wrong(column, Message("say_the_offset" if clocks.readings else "clocks_skipped_it")))
        except ValueError:
            problems.append(line.wrong(column, Message("no_day_and_time")))
        else:
            if at.tzinfo is not None and at.year in YEARS:
                return at.astimezone(UTC)
            problems.append(line.wrong(column, Message("no_day_and_time")))
        return None


class HandOverForm(ShowsErrors, forms.Form):
    """Who takes a shift: a person, or whoever has the other shift, in exchange."""

    person = forms.ModelChoiceField(queryset=None, required=False)
    other = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, data: Any, *, people: Any, others: Any) -> None:
        super().__init__(data)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["other"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("person")) == bool(cleaned.get("other")):
            self.add_error("person", _("Choose a person, or a shift to swap with."))
        return cleaned
