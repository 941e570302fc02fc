"""What is marked as compared with its source, and the plan of what is to be."""

from typing import Any

from django import forms

from crsmonitor.pages.error_forms import ShowsErrors
from grading.rules.queries.sampling import SamplingRule


class MarkForm(ShowsErrors, forms.Form):
    """`field` may be several; empty: the whole record. `do`: mark, or take back with `because`."""

    version = forms.UUIDField()
    do = forms.ChoiceField(choices=[("mark", "mark"), ("back", "back")])
    because = forms.CharField(max_length=500, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="source_%s")


class PlanForm(ShowsErrors, forms.Form):
    """Each rule that is filled in draws records; a record is compared that any of them draws."""

    grade_from = forms.IntegerField(min_value=1, max_value=5, required=False)
    every_nth = forms.IntegerField(min_value=1, max_value=1000, required=False)
    percent = forms.IntegerField(min_value=1, max_value=100, required=False)
    seed = forms.CharField(max_length=40, required=False)
    because = forms.CharField(max_length=500)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="plan_%s")

    @property
    def rule(self) -> SamplingRule:
        typed = self.cleaned_data
        return SamplingRule(
            grade_from=typed["grade_from"], every_nth=typed["every_nth"], percent=typed["percent"], seed=typed["seed"]
        )  # fmt: skip
