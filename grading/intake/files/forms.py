"""The two forms of a file: which file of which place, and which of its columns is what."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from crsmonitor.pages.error_forms import ShowsErrors
from grading.intake.files.words import FIELD_NAMES, FORMATS, PARTICIPANTS, SEPARATOR_NAMES
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.intake.files.mapping import DEVICE, OFFSET, SITE_ZONE, UNITS, FileMapping
from grading.rules.intake.files.text import ENCODINGS
from regimens.models import Site, Study

NONE = ("", "–")


class UploadForm(ShowsErrors, forms.Form):
    """A file of one study at one site."""

    place = forms.ChoiceField()
    file = forms.FileField(validators=[FileExtensionValidator(["csv", "tsv", "txt"])])

    def __init__(self, *args: Any, places: Sequence[tuple[Study, Site]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places_by_name = {f"{study.code} {site.code}": (study, site) for study, site in places}
        self.fields["place"].choices = [(name, name) for name in self.places_by_name]
        self.fields["place"].widget.attrs["class"] = "box"
        self.fields["place"].label, self.fields["file"].label = _("Study and site"), _("File")

    @property
    def chosen(self) -> tuple[Study, Site]:
        return self.places_by_name[self.cleaned_data["place"]]


class MappingForm(ShowsErrors, forms.Form):
    """`header`: the columns of the file. Filled in with how it was read the last time, else by names that are alike."""

    participant_column = forms.ChoiceField(label=_l("Participant"))
    participant_by = forms.ChoiceField(label=_l("Known by"), choices=list(PARTICIPANTS.items()))
    date_column = forms.ChoiceField(label=_l("Date, or date and time"))
    time_column = forms.ChoiceField(label=_l("Time of day, where it has a column of its own"), required=False)
    test_column = forms.ChoiceField(label=_l("One value a line: which test it is (VSTESTCD)"), required=False)
    value_column = forms.ChoiceField(label=_l("One value a line: the value"), required=False)
    unit_column = forms.ChoiceField(label=_l("One value a line: its unit"), required=False)
    date_format = forms.ChoiceField(label=_l("How dates are written"), choices=list(FORMATS.items()))
    zone = forms.CharField(label=_l("Time zone: site, offset (each time says its own), or a name of IANA"))
    decimal_mark = forms.ChoiceField(label=_l("Decimal mark"), choices=[(".", "38.5"), (",", "38,5")])
    encoding = forms.ChoiceField(label=_l("Encoding"), required=False)
    separator = forms.ChoiceField(label=_l("Separator"), required=False)
    devices = forms.CharField(
        label=_l("Words of oxygen devices, one in each line: word = code"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, header: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        columns = [NONE, *((one, one) for one in header)]
        for name in ("participant_column", "date_column", "time_column", "test_column", "value_column", "unit_column"):
            self.fields[name].choices = columns
        self.fields["encoding"].choices = [("", _("as found")), *((one, one.upper()) for one in ENCODINGS)]
        self.fields["separator"].choices = list(SEPARATOR_NAMES.items())
        for name, label in FIELD_NAMES.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=columns, required=False)
            if name in UNITS:
                units = [(one, one) for one in UNITS[name]]
                self.fields[f"{name}_unit"] = forms.ChoiceField(label=_("Unit"), choices=units, required=False)
        for field in self.fields.values():
            field.widget.attrs["class"] = "box"

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in (SITE_ZONE, OFFSET) and zone not in available_timezones():
            raise ValidationError(text_of(Message("zone_unknown", {})))
        return zone

    def clean_devices(self) -> dict[str, str]:
        devices = {}
        for line in self.cleaned_data["devices"].splitlines():
            word, equals, code = (one.strip() for one in line.partition("="))
            if not line.strip():
                continue
            if not equals or code not in set(OxygenDevice):
                raise ValidationError(text_of(Message("device_word_unclear", {})))
            devices[word] = code
        return devices

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """A field of a set, and its unit: None where it has none to choose."""
        return [(self[name], self[f"{name}_unit"] if name in UNITS else None) for name in FIELD_NAMES]

    @property
    def own(self) -> list[Any]:
        return [one for one in self if one.name not in {*FIELD_NAMES, *(f"{name}_unit" for name in UNITS)}]

    @property
    def mapping(self) -> FileMapping:
        data = self.cleaned_data
        columns = {name: data[name] for name in FIELD_NAMES if data.get(name)}
        own = {one.name: data[one.name] for one in self.own}
        units = {name: data[f"{name}_unit"] for name in columns if name != DEVICE and data.get(f"{name}_unit")}
        return FileMapping(**own, columns=columns, units=units)


def first_guess(header: Sequence[str], last: FileMapping | None) -> dict[str, Any]:
    """How the last file of the place was read, as far as this one has its columns; else by names that are alike."""
    if last is not None and set(last.used) <= set(header):
        words = "\n".join(f"{word} = {code}" for word, code in last.devices.items())
        units = {f"{name}_unit": unit for name, unit in last.units.items()}
        own = {name: value for name, value in last.plain().items() if isinstance(value, str)}
        return own | {"devices": words} | dict(last.columns) | units
    return {"zone": SITE_ZONE} | {place: column for column in header if (place := _alike(column))}


_NAMES = {
    "participant_column": ("usubjid", "subjid", "subject", "participant", "number", "受試者編號", "編號"),
    "date_column": ("datetime", "observed_at", "date", "vsdtc", "日期", "時間日期"),
    "time_column": ("time", "時間"),
    "test_column": ("vstestcd", "paramcd"), "value_column": ("vsorres", "aval"), "unit_column": ("vsorresu", "avalu"),
    "temperature_c": ("temp", "temperature", "temperature_c", "bt", "體溫"),
    "sbp": ("sbp", "sysbp", "systolic", "收縮壓"),
    "dbp": ("dbp", "diabp", "diastolic", "舒張壓"), "mean_pressure": ("map",),
    "heart_rate": ("hr", "pulse", "heart_rate", "脈搏", "心跳"),
    "respiratory_rate": ("rr", "resp", "respiratory_rate", "呼吸"),
    "spo2": ("spo2", "oxysat", "血氧"), "oxygen_flow_l_min": ("o2flow", "flow", "oxygen_flow_l_min"),
    "fio2_percent": ("fio2",), "oxygen_device": ("device", "o2device", "oxygen_device"),
}  # fmt: skip


def _alike(column: str) -> str:
    name = column.casefold().strip()
    return next((place for place, names in _NAMES.items() if name in names), "")
