"""The filters of the audit page. What is not understood is said at its field, and nothing is looked up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.models import User
from grading.review.trail.selectors import TrailFilter, reviewed_participants, reviewed_people
from grading.review.trail.tables import fact_tables, fields_of
from grading.review.trail.words import field_word, kind_word

DAYS, MOST_DAYS = 30, 92  # of all participants; one participant's whole trail is short enough
WHAT = [
    ("", _l("everything")), ("corrections", _l("corrections")), ("settings", _l("settings and approvals")),
    ("sign_ins", _l("sign-ins")), ("pulls", _l("exports and pulls")), ("reviews", _l("reviews of the trail")),
    ("designs", _l("designs and their runs")),
]  # fmt: skip


class TrailForm(forms.Form):
    participant = forms.ModelChoiceField(None, required=False, empty_label="–")
    person = forms.ModelChoiceField(None, required=False, empty_label="–")
    what = forms.ChoiceField(choices=WHAT, required=False)
    field = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    after_signature = forms.BooleanField(required=False)
    late_h = forms.IntegerField(required=False, min_value=0, max_value=10_000)

    def __init__(self, data: Any, *, user: User, at: datetime) -> None:
        self.at = at
        super().__init__(data, auto_id="trail_%s")
        self.fields["participant"].queryset = reviewed_participants(user)
        self.fields["person"].queryset = reviewed_people(user)
        self.fields["field"].choices = [("", "–"), *_field_choices()]
        for name in self.fields.keys() - {"after_signature"}:
            self.fields[name].widget.attrs["class"] = "box"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        last = typed.get("until") or self.at.date()
        first = typed.get("since") or (last - timedelta(days=DAYS) if typed.get("participant") is None else date.min)
        if first > last:
            self.add_error("until", _l("It ends before it begins."))
        elif typed.get("participant") is None and last - first > timedelta(days=MOST_DAYS):
            self.add_error("since", _l("Choose a participant, or at most 92 days."))
        typed["first"], typed["last"] = first, last
        return typed

    def wanted(self) -> TrailFilter:
        """What the valid form asks for. Days are of UTC."""
        typed = self.cleaned_data
        table, _, name = typed["field"].partition(".")
        begins = datetime.combine(max(typed["first"], date(2000, 1, 1)), datetime.min.time(), tzinfo=UTC)
        ends = datetime.combine(typed["last"] + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
        return TrailFilter(
            since=begins, until=ends, participant=typed["participant"], person=typed["person"], what=typed["what"],
            field=(table, name) if name else None, after_signature=typed["after_signature"], late_h=typed["late_h"],
        )  # fmt: skip


def _field_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (kind_word(table), [(f"{table}.{name}", field_word(name, table=table)) for name in fields_of(table)])
        for table in fact_tables()
    ]
