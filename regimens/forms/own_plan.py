"""What a study says itself of a regimen, because no label prints it: intervals, windows, grace, tightening."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.pages.error_forms import ShowsErrors
from regimens.forms.step_looks import StepLooks, looks_of
from regimens.library import Document, plan_of
from regimens.library.own import steps_without_window, with_windows
from regimens.models import Clock, Regimen
from regimens.rules.plan import ObservationClock
from regimens.rules.reading import CaseError
from regimens.rules.tightening import Trigger, read_tightening
from regimens.selectors import LOOKS
from regimens.services.versions import OwnPlan
from regimens.wording import steps_text

TIERS = 3
TRIGGERS = {
    Trigger.CRS_GRADE.value: _l("CRS grade rises"),
    Trigger.ICANS_GRADE.value: _l("ICANS grade rises"),
    Trigger.ICE_DROP.value: _l("ICE score falls"),
    Trigger.TREATMENT.value: _l("antipyretic, anticytokine or steroid is given"),
}
SHORTER = {"never": _l("Intervals never get shorter"), "own": _l("Shorter intervals after a trigger")}
DEFAULT_GRACE = 30  # minutes; docs/conventions.md


def hours_field(required: bool = False) -> forms.DecimalField:
    """An interval, as Step keeps it."""
    least, most = Decimal("0.01"), Decimal("99.99")
    return forms.DecimalField(required=required, min_value=least, max_value=most, max_digits=4, decimal_places=2)


def risk_field() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=32767)


LOOK_FIELDS = {"vitals_every_h": hours_field, "neuro_every_h": hours_field, "risk_window_h": risk_field}


class OwnPlanForm(ShowsErrors, forms.Form):
    """`settle` says whether the document and these numbers together say everything; what lacks is told at its field."""

    variant = forms.CharField(required=False, max_length=10)
    vitals_every_h = hours_field()
    neuro_every_h = hours_field()
    risk_window_h = risk_field()
    window_h = forms.DecimalField(required=False, min_value=Decimal(1), max_value=Decimal(1000), decimal_places=0)
    window_clock = forms.ChoiceField(required=False, choices=Clock.choices, initial=Clock.ADMINISTRATION.value)
    grace_minutes = forms.IntegerField(min_value=0, max_value=720)
    shorter = forms.ChoiceField(choices=list(SHORTER.items()), widget=forms.RadioSelect)
    untightened_because = forms.CharField(required=False, max_length=500)
    triggers = forms.MultipleChoiceField(
        required=False, choices=list(TRIGGERS.items()), widget=forms.CheckboxSelectMultiple
    )
    from_grade = forms.IntegerField(required=False, min_value=1, max_value=5)
    source = forms.CharField(
        max_length=500,
        error_messages={"required": _l("Say where these numbers come from: the section of the protocol.")},
    )
    reason = forms.CharField(max_length=500, error_messages={"required": _l("Say what the version is for.")})

    def __init__(
        self, data: Any = None, files: Any = None, *, before: Regimen | None = None, initial: Any = None,
        document: Document | None = None,
    ) -> None:  # fmt: skip
        self.step_looks = StepLooks(document, before)
        super().__init__(
            data, files, initial=_initial(before) | self.step_looks.initial() | (initial or {}), auto_id="plan_%s"
        )
        self.before = before
        self.fields.update(self.step_looks.fields(LOOK_FIELDS))
        for place in range(TIERS):
            self.fields[f"tier_every_{place}"] = hours_field()
            self.fields[f"tier_for_{place}"] = forms.DecimalField(required=False, min_value=Decimal("0.01"))

    @property
    def step_rows(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """A row for each dose step of the document that the page shows."""
        return self.step_looks.rows(self)

    @property
    def has_step_looks(self) -> bool:
        """Whether a row says or asks anything."""
        fields = [field for _step, cells in self.step_rows for field, _printed in cells if field is not None]
        return any(field.errors or field.value() not in (None, "") for field in fields)

    @property
    def tiers(self) -> list[tuple[Any, Any]]:
        """Pairs of fields: every so many hours, for so many."""
        return [(self[f"tier_every_{place}"], self[f"tier_for_{place}"]) for place in range(TIERS)]

    def settle(self, document: Document) -> tuple[Document, str, OwnPlan] | None:
        """The document with the study's own hours in it, the label followed, and the rest. None: see the errors.

        To be asked also where the fields alone are wrong already: all that is wrong is told at once.
        """
        variant = self._label_of(document)
        self._ask_for_looks(document)
        own = self._own_plan()
        lacking = [] if variant is None else steps_without_window(document, variant)
        if lacking and self.cleaned_data.get("window_h") is None and "window_h" not in self.errors:
            values = {"steps": steps_text(lacking)}
            self.add_error("window_h", _("Neither label nor file says how long: %(steps)s") % values)
        if self.errors or variant is None:
            return None
        return (*(self._with_windows(document, variant) if lacking else (document, variant)), own)

    def _label_of(self, document: Document) -> str | None:
        """The label followed; empty: none is. None: it is not said which, or not one that there is."""
        plan = plan_of(document)
        variant, known = self.cleaned_data.get("variant", "").strip(), [one.code for one in plan.variants]
        values = {"known": ", ".join(known) or "–"}
        if variant and variant not in known:
            self.add_error("variant", _("It has no such label. It has: %(known)s.") % values)
            return None
        if not variant and plan.labels_differ:
            self.add_error("variant", _("The labels differ: say which is followed. %(known)s") % values)
            return None
        return known[0] if not variant and len(known) == 1 else variant

    def _with_windows(self, document: Document, variant: str) -> tuple[Document, str]:
        clock = ObservationClock(self.cleaned_data["window_clock"] or Clock.ADMINISTRATION.value)
        hours, source = self.cleaned_data["window_h"], self.cleaned_data["source"]
        return with_windows(document, variant, hours=hours, clock=clock, source=source)

    def _ask_for_looks(self, document: Document) -> None:
        """At its field, where neither the document nor this form says it of every dose.

        What the version before said counts for steps that the page had no row for: an emptied row says nothing.
        """
        typed, shown = self.step_looks.typed(self.cleaned_data), self.step_looks.labels
        for name in LOOKS:
            steps = [one["label"] for one in document.data["steps"] if not one.get("pretreatment") and name not in one]
            kept = {label for label, own in looks_of(self.before).items() if name in own and label not in shown}
            steps = [label for label in steps if label not in kept and name not in typed.get(label, {})]
            if steps and self.cleaned_data.get(name) is None and name not in self.errors:
                self.add_error(name, _("No label prints this: %(steps)s") % {"steps": steps_text(steps)})

    def _own_plan(self) -> OwnPlan:
        typed = self.cleaned_data
        return OwnPlan(
            looks={name: typed[name] for name in LOOKS if typed.get(name) is not None},
            looks_of=self.step_looks.typed(typed),
            grace_minutes=typed.get("grace_minutes"), source=typed.get("source", ""),
            **self._tightening(),
        )  # fmt: skip

    def _tightening(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("shorter") != "own":
            if typed.get("shorter") and not typed.get("untightened_because", "").strip():
                self.add_error("untightened_because", _("Say why intervals never get shorter."))
            return {"untightened_because": typed.get("untightened_because", "").strip()}
        tightening = {
            "source": typed.get("source") or "–", "triggers": typed.get("triggers") or [],
            "from_grade": typed.get("from_grade") or 1, "tiers": self._typed_tiers(),
        }  # fmt: skip
        try:
            read_tightening(tightening)
        except CaseError as error:
            place = "triggers" if (error.field or "").startswith("triggers") else "tier_every_0"
            words = _TIGHTENING_WORDS["triggers" if place == "triggers" else "tiers"]
            self.add_error(place, words)
        return {"tightening": tightening}

    def _typed_tiers(self) -> list[dict[str, float]]:
        tiers = []
        for place in range(TIERS):
            every, lasts = (self.cleaned_data.get(f"tier_{name}_{place}") for name in ("every", "for"))
            if every is not None or lasts is not None:
                values = {"every_h": every, "for_h": lasts}
                tiers.append({name: _plain(value) for name, value in values.items() if value is not None})
        return tiers


_TIGHTENING_WORDS: Mapping[str, Any] = {
    "triggers": _l("Choose at least one trigger."),
    "tiers": _l(
        "Each line: every so many hours, for at least as long; only the last goes on to the end. Whole minutes."
    ),
}


def _plain(hours: Decimal) -> int | float:
    """Hours as JSON keeps them: half an hour is 0.5, which a float holds exactly enough to be whole minutes."""
    return int(hours) if hours == int(hours) else float(hours)


def _initial(before: Regimen | None) -> dict[str, Any]:
    """What the version before says, to go on from; of a first version the default of the convention."""
    if before is None:
        return {"grace_minutes": DEFAULT_GRACE}
    tightening = before.tightening or {}
    values: dict[str, Any] = {
        "variant": before.variant, "grace_minutes": before.grace_minutes,
        "shorter": "own" if tightening else "never" if before.untightened_because else None,
        "untightened_because": before.untightened_because, "triggers": tightening.get("triggers", []),
        "from_grade": tightening.get("from_grade"),
    }  # fmt: skip
    for place, tier in enumerate(tightening.get("tiers", [])[:TIERS]):
        values |= {f"tier_every_{place}": tier.get("every_h"), f"tier_for_{place}": tier.get("for_h")}
    return values
