"""The form of a CSV file with a dry run: the file first, and then its text again, which was shown before it is kept."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _

from crsmonitor.errors import InvalidInput
from crsmonitor.formats.csv_lines import Line, lines_of, text_of
from crsmonitor.pages.error_forms import ShowsErrors


class CsvForm(ShowsErrors, forms.Form):
    """`columns` and `optional` are those of `csv_lines`. `cleaned_data["text"]`: the whole file, once it is valid."""

    columns: ClassVar[Sequence[str]] = ()
    optional: ClassVar[Sequence[str]] = ()

    file = forms.FileField(required=False, validators=[FileExtensionValidator(["csv", "tsv", "txt"])])
    text = forms.CharField(required=False, strip=False)

    def __init__(self, data: Any, files: Any, *, auto_id: str) -> None:
        # A request has files even where it is none of this form: they alone do not make it one that was sent.
        super().__init__(data, None if data is None else files, auto_id=auto_id)

    def read(self, lines: list[Line]) -> None:
        """What the lines ask for. Raises InvalidInput at `file` with every line that is wrong (`all_wrong`)."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if "file" in self.errors:
            return cleaned
        if upload is None and not cleaned.get("text"):
            self.add_error("file", _("Choose a file."))
            return cleaned
        try:
            cleaned["text"] = text_of(upload.read()) if upload is not None else cleaned["text"]
            self.read(lines_of(cleaned["text"], columns=self.columns, optional=self.optional))
        except InvalidInput as error:
            self.take(error)
        return cleaned
