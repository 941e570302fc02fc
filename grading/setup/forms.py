"""What a data manager fills in about a study and its sites, and an operator about a new study."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.models import User
from crsmonitor.errors import InvalidInput
from crsmonitor.formats.csv_form import CsvForm
from crsmonitor.formats.csv_lines import Line
from crsmonitor.pages.error_forms import ShowsErrors
from grading.setup.people import Entry, EntryOutcome, check
from regimens.models import Site, Study, Syndrome
from regimens.wording import ROLE_NAMES

ZONES = sorted(available_timezones())
LONGEST_REASON = 500
BESIDES = 2  # pairs of a grade and hours that limit the dose besides the first
MOST_HOURS = 1000
SYNDROMES = [("", _l("CRS and ICANS")), *Syndrome.choices]


def why(needed: bool) -> forms.CharField:
    return forms.CharField(
        required=needed, max_length=LONGEST_REASON, error_messages={"required": _l("Say why it is changed.")}
    )


class StudyForm(ShowsErrors, forms.ModelForm):
    """The parameters of a study; a change says why. What is fixed since the first record, the model refuses."""

    class Meta:
        model = Study
        fields: ClassVar[list[str]] = [
            "title", "resolution_hours", "concurrence_days", "limiting_grade", "limiting_hours", "limiting_syndrome",
            "late_after_minutes", "review_percent", "review_seed", "second_factor_roles", "blinded",
        ]  # fmt: skip

    second_factor_roles = forms.MultipleChoiceField(
        choices=list(ROLE_NAMES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    limiting_syndrome = forms.ChoiceField(choices=SYNDROMES, required=False)
    reason = why(True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_file = [*self.instance.limiting_besides, *[(None, None)] * BESIDES][:BESIDES]
        for place, (grade, hours, *syndrome) in enumerate(on_file):
            self.fields[f"besides_grade_{place}"] = forms.IntegerField(
                initial=grade, required=False, min_value=1, max_value=4
            )
            self.fields[f"besides_hours_{place}"] = forms.IntegerField(
                initial=hours, required=False, min_value=0, max_value=MOST_HOURS
            )
            self.fields[f"besides_syndrome_{place}"] = forms.ChoiceField(
                initial="".join(syndrome), required=False, choices=SYNDROMES
            )

    @property
    def besides(self) -> list[tuple[forms.BoundField, ...]]:
        """The boxes of the further pairs of a grade and hours, each with its syndrome."""
        names = ("grade", "hours", "syndrome")
        return [tuple(self[f"besides_{name}_{place}"] for name in names) for place in range(BESIDES)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.instance.limiting_besides = list(self._pairs(values))
        if values.get("review_percent") is not None and not (values.get("review_seed") or "").strip():
            self.add_error("review_seed", _l("A sample is drawn by a seed: write one, such as a number you threw."))
        return values

    def _pairs(self, values: dict[str, Any]) -> Iterator[list[int | str]]:
        for place in range(BESIDES):
            grade, hours = values.get(f"besides_grade_{place}"), values.get(f"besides_hours_{place}")
            syndrome = values.get(f"besides_syndrome_{place}")
            if grade is not None and hours is not None:
                yield [grade, hours, syndrome] if syndrome else [grade, hours]
            elif (grade is None) is not (hours is None) or syndrome:
                lacks = "hours" if hours is None else "grade"
                self.add_error(f"besides_{lacks}_{place}", _l("A grade and its hours go together: fill in both."))


class NewStudyForm(ShowsErrors, forms.ModelForm):
    """A study and its first data manager: the sign-in name of an account, or of one that is opened with it."""

    class Meta:
        model = Study
        fields: ClassVar[list[str]] = ["code", "title"]

    username = forms.CharField(max_length=150, validators=[UnicodeUsernameValidator()])
    email = forms.EmailField(required=False)


# What the ICE cannot do without. A new site may be added before anybody knows it: its own page then asks.
OF_THE_ICE = {
    "city": _l("The ICE asks in which city we are: write it as participants say it here."),
    "hospital": _l("The ICE asks in which hospital we are: write it as participants say it here."),
    "language": _l("The ICE is asked in a language: choose that of most participants here."),
}


class SiteForm(ShowsErrors, forms.ModelForm):
    """A site: a new one, or one that is here already under the same code. A change says why, and what the ICE needs."""

    class Meta:
        model = Site
        fields: ClassVar[list[str]] = ["code", "name", "country", "time_zone", "city", "hospital", "language"]

    reason = why(False)

    def __init__(self, data: Any = None, *, instance: Site | None = None) -> None:
        super().__init__(data, instance=instance, auto_id="site_%s")
        self.fields["reason"].required = instance is not None
        for name, text in OF_THE_ICE.items():
            self.fields[name].required = instance is not None
            self.fields[name].error_messages["required"] = text

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def validate_unique(self) -> None:
        """A code that is here already may be that of the same site: the service says."""
        if self.instance.pk is not None:
            super().validate_unique()


class PersonForm(ShowsErrors, forms.Form):
    """One person in one role; the service says what is wrong with it."""

    name = forms.CharField(max_length=150)
    email = forms.CharField(max_length=254, required=False)
    role = forms.ChoiceField(choices=list(ROLE_NAMES.items()))
    site = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, sites: Iterable[Site]) -> None:
        super().__init__(data, auto_id="person_%s")
        choices = [("", _l("all sites")), *((site.code, f"{site.code} {site.name}") for site in sites)]
        self.fields["site"].choices = choices  # type: ignore[attr-defined]

    @property
    def entry(self) -> Entry:
        return Entry(**self.cleaned_data)


class PeopleFileForm(CsvForm):
    """`entries`: the people that the file asks for; `outcomes`: what each of them would do; once it is valid."""

    columns = ("name", "email", "role", "site")

    def __init__(self, data: Any, files: Any, *, study: Study, by: User) -> None:
        super().__init__(data, files, auto_id="people_%s")
        self._study, self._by = study, by
        self.entries: list[Entry] = []
        self.outcomes: list[EntryOutcome] = []

    def read(self, lines: list[Line]) -> None:
        self.entries = [Entry(**line.cells) for line in lines]
        self.outcomes, problems = check(self._study, self.entries, by=self._by)
        if problems:
            wrong = [lines[number].wrong(column, problem) for number, column, problem in problems]
            raise InvalidInput("csv_lines_wrong", fields={"file": wrong})
