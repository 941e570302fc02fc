"""A draft from a file, and one that is typed step by step."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_words import place_text
from crsmonitor.formats.yaml_once import line_of
from crsmonitor.pages.error_forms import ShowsErrors
from regimens.forms.own_plan import OwnPlanForm
from regimens.library import BadDocument, Document, Problem, document_from, parse
from regimens.library.own import by_hand
from regimens.models import Unit
from regimens.models.trial import CODE

LONGEST_TEXT = 200_000  # characters; the longest of the library has 12,000
KINDS = {"step_up": _l("step-up dose"), "target": _l("target dose"), "pretreatment": _l("pretreatment")}
ROUTES = {"IV": _l("intravenous"), "SC": _l("subcutaneous")}
TYPED_STEPS = 8
IN_STEP = re.compile(r"steps\[(?P<row>\d+)\]\.(?:interval\.)?(?P<field>\w+)")


class FileForm(OwnPlanForm):
    """YAML typed or in a file; a file counts where both are there. `document` is what it says, checked."""

    text = forms.CharField(required=False, max_length=LONGEST_TEXT, strip=False)
    file = forms.FileField(required=False, validators=[FileExtensionValidator(["yaml", "yml", "json", "txt"])])
    document: Document | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.written = ""  # what was typed or sent, to be shown again whatever is wrong with it

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.written = self._written(values.get("file"))
        if "text" in self.errors or "file" in self.errors:
            return values
        if not self.written.strip():
            self.add_error("text", _("Paste the regimen or choose its file."))
            return values
        try:
            self.document = parse(self.written)
        except BadDocument as bad:
            self.add_error("text", ValidationError([self._at_line(problem) for problem in bad.problems]))
        return values

    def _written(self, sent: Any) -> str:
        if sent is None:
            return str(self.data.get("text", "")).replace("\r\n", "\n")
        if sent.size > 4 * LONGEST_TEXT:
            self.add_error("file", _("This file is too long to be a regimen."))
            return ""
        try:
            return str(sent.read().decode("utf-8-sig")).replace("\r\n", "\n")
        except UnicodeDecodeError:
            self.add_error("file", _("This file is no UTF-8 text."))
            return ""

    def _at_line(self, problem: Problem) -> str:
        line = line_of(self.written, problem.place)
        place = f"{problem.place} ({_('line %(n)s') % {'n': line}})" if line else place_text(problem.place)
        return f"{place}: {problem.text}"


class TypedStepForm(ShowsErrors, forms.Form):
    """One dose of the plan. An empty row is none."""

    label = forms.CharField(max_length=40, label=_l("Step"))
    kind = forms.ChoiceField(choices=list(KINDS.items()), label=_l("Kind"))
    dose = forms.DecimalField(min_value=Decimal("0.0001"), max_digits=12, decimal_places=4, label=_l("Dose"))
    unit = forms.ChoiceField(choices=Unit.choices, label=_l("Unit"))
    day = forms.IntegerField(required=False, min_value=1, max_value=1000, label=_l("Day"))
    min_d = forms.IntegerField(
        required=False, min_value=1, max_value=1000, label=_l("Least days since the dose before")
    )
    planned_d = forms.IntegerField(
        required=False, min_value=1, max_value=1000, label=_l("Planned days since the dose before")
    )
    repeats = forms.BooleanField(required=False, label=_l("Repeats"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if name != "repeats":
                field.widget.attrs["class"] = "box"

    def has_changed(self) -> bool:
        """Kind and unit come with the page: a row with nothing but these is empty."""
        return bool({*self.changed_data} - {"kind", "unit"})


TypedSteps = forms.formset_factory(TypedStepForm, extra=TYPED_STEPS, max_num=TYPED_STEPS, absolute_max=TYPED_STEPS)


class HandForm(OwnPlanForm):
    """The head of a regimen that is typed; its steps are a TypedSteps beside it."""

    code = forms.CharField(max_length=20, validators=[CODE])
    title = forms.CharField(max_length=200)
    drug = forms.CharField(max_length=80)
    route = forms.ChoiceField(choices=list(ROUTES.items()))

    def document_with(self, steps: list[TypedStepForm]) -> Document | None:
        """The document that was typed; `steps` are valid. None: what is wrong with it stands at its field."""
        names = ("code", "title", "drug", "route", "source")
        typed = [one.cleaned_data for one in steps]
        try:
            return document_from(by_hand(**{name: self.cleaned_data[name] for name in names}, steps=typed))
        except BadDocument as bad:
            for problem in bad.problems:
                self._tell(problem, steps)
            return None

    def _tell(self, problem: Problem, steps: list[TypedStepForm]) -> None:
        """At the field of the row, else of the head, else of the whole: there with its place."""
        path = IN_STEP.fullmatch(problem.place)
        row = steps[int(path["row"])] if path else None
        if row is not None and path is not None and path["field"] in row.fields:
            row.add_error(path["field"], problem.text)
        elif problem.place in self.fields:
            self.add_error(problem.place, problem.text)
        else:
            self.add_error(None, f"{place_text(problem.place)}: {problem.text}")
