"""Files that people send are known by their names too, before anything of them is read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import FileExtensionValidator

from crsmonitor.formats.csv_form import CsvForm
from grading.policies.forms import PolicyForm
from regimens.forms.drafting import FileForm


class Letters(CsvForm):
    columns = ("a",)

    def read(self, lines):
        pass


@pytest.mark.parametrize("name", ["people.exe", "people.xlsx", "people.csv.html", "people"])
def test_a_file_of_another_kind_is_refused_by_its_name_already(name):
    form = Letters({}, {"file": SimpleUploadedFile(name, b"a\n1\n")}, auto_id="x_%s")

    assert list(form.errors) == ["file"]
    assert form.errors.as_data()["file"][0].code == "invalid_extension"


def test_every_form_that_takes_a_file_says_which():
    for form in (CsvForm, PolicyForm, FileForm):
        kinds = [one for one in form.base_fields["file"].validators if isinstance(one, FileExtensionValidator)]

        assert len(kinds) == 1, form.__name__
    assert Letters({}, {"file": SimpleUploadedFile("people.CSV", b"a\n1\n")}, auto_id="x_%s").is_valid()
