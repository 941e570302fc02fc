"""What forms share: what a service refused, an answer to a page that was shown, and what is typed a second time."""

import ast
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django import forms

from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused
from crsmonitor.pages.error_forms import ShowsErrors
from grading.alerting.forms.answer import AnswerForm
from grading.recording.forms.shown_page import ShownPageForm
from tests.project.shape.sources import ROOT, SOURCES, offenders, parsed

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Plain(ShowsErrors, forms.Form):
    places = {"observed_at": "when"}
    when = forms.CharField(required=False)
    reason = forms.CharField(required=False)


class WithReused(Plain):
    reused = "Saved before."


class AtWhen(Plain):
    whole = "when"


def taken(form: type[forms.Form], error: Exception) -> dict[str, list[str]]:
    one = form({})
    assert one.is_valid()
    one.take(error)
    return {name: list(texts) for name, texts in one.errors.items()}


REASON, FUTURE = "A correction says why.", "This time is in the future."
USED, FIRST = "This id was used for another record.", "Somebody corrected this first. Correct their version."


@pytest.mark.parametrize(
    ("form", "error", "shown"),
    [
        (Plain, InvalidInput.at("reason", "correction_says_why"), {"reason": [REASON]}),
        (Plain, InvalidInput.at("observed_at", "in_future"), {"when": [FUTURE]}),
        (Plain, InvalidInput.at("elsewhere", "in_future"), {"__all__": [FUTURE]}),
        (Plain, AlreadyCorrected("corrected_first"), {"__all__": [FIRST]}),
        (Plain, KeyReused("id_used"), {"__all__": [USED]}),
        (WithReused, KeyReused("id_used"), {"__all__": ["Saved before."]}),
        (AtWhen, AlreadyCorrected("corrected_first"), {"when": [FIRST]}),
    ],
)
def test_what_a_service_refused_stands_at_its_field_or_above(form, error, shown):
    assert taken(form, error) == shown


def test_what_an_alert_refuses_stands_at_a_question_of_its_form():
    form = AnswerForm({"what": "snooze", "because": "asleep", "minutes": "5"})
    assert form.is_valid()

    form.take(InvalidInput.at("until", "higher_grade_waits"))

    assert form.errors == {"minutes": ["A higher grade waits."]}


# --- A form that puts errors in words of its own -----------------------------------------------------------------


def own_words(source: str) -> list[str]:
    """The `take` of forms that do not end in the mixin's: what they show would be told in no table."""
    if "def take(" not in source:
        return []
    takes = [
        one
        for one in ast.walk(parsed(source))
        if isinstance(one, ast.FunctionDef)
        and one.name == "take"
        and any(ast.unparse(arg.annotation or ast.Constant("")) == "DomainError" for arg in one.args.args)
    ]
    return [ast.unparse(one.body[-1]) for one in takes if not ast.unparse(one.body[-1]).startswith("super().take(")]


def test_one_mixin_puts_errors_on_forms():
    assert offenders([one for one in SOURCES if one != ROOT / "crsmonitor/pages/error_forms.py"], own_words) == {}


@pytest.mark.parametrize(
    ("body", "expected"), [("super().take(error)", 0), ("self.add_error(None, str(error))", 1), ("pass", 1)]
)
def test_a_form_with_words_of_its_own_is_seen(body, expected):
    assert len(own_words(f"class F:\n def take(self, error: DomainError) -> None:\n  {body}")) == expected


# --- An answer to a page that was shown ---------------------------------------------------------------------------


class Shown(ShownPageForm):
    look_again = "Look again."


@pytest.mark.parametrize(
    ("ago", "is_taken"),
    [
        (timedelta(), True),
        (timedelta(minutes=20), True),
        (timedelta(minutes=20, seconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_an_answer_is_to_what_was_shown_lately(ago, is_taken):
    form = Shown({"id": str(uuid4()), "opened_at": (NOW - ago).isoformat()}, at=NOW)

    assert form.is_valid() == is_taken
    assert is_taken or form.errors == {"opened_at": ["Look again."]}


def test_a_page_shown_now_sends_back_what_is_taken():
    fresh = Shown(None, at=NOW).fresh

    assert Shown(fresh, at=NOW).is_valid()
    assert fresh["id"] != Shown(None, at=NOW).fresh["id"]
