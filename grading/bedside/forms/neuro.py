"""One neuro assessment: ICE item by item (or CAPD), wakefulness, seizure, motor, raised pressure."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from grading.bedside.forms.sentence import SentenceField, written
from grading.bedside.selectors.ice_words import IceWords
from grading.models import NeuroAssessment
from grading.recording.forms.base import FactForm
from grading.recording.forms.fields import MeasuredField, choice, pick, yes_or_no
from grading.recording.neuro_banks import bank_key, bank_text, used_bank
from grading.rules.grades.cognition import CAPD_HIGHEST
from grading.rules.neuro.item_bank import BankKey
from grading.words.entry_words import ENTRY
from grading.words.wording import (
    ADAPTATIONS,
    CONSCIOUSNESS,
    ICE_UNABLE,
    ICP_SIGNS,
    INTERPRETERS,
    MOTOR,
    OEDEMA,
    SEIZURE,
)
from regimens.facts import Fact
from regimens.models import NeuroInstrument

ICE_YES_NO = ("ice_year", "ice_month", "ice_city", "ice_hospital", "ice_command", "ice_writing", "ice_attention")
ICE_ITEMS = (*ICE_YES_NO[:4], "ice_naming", *ICE_YES_NO[4:])
OF_ICE_ALONE = ("bank", "object_set", "bank_because", "sentence", "sentence_on_paper")
NONE_OF_THEM = "none"


def item() -> forms.TypedChoiceField:
    words = {
        "yes": pgettext_lazy("an answer", "right"),
        "no": pgettext_lazy("an answer", "wrong"),
        "not_asked": gettext_lazy("not done"),
    }
    return yes_or_no(**words, yes_first=True)


class NeuroForm(FactForm):
    """`ice_naming` is 0 to 3 objects; an item that was not attempted is None and never 0."""

    model = NeuroAssessment
    may_be_not_done = ("ice", "consciousness", "seizure", "motor", "icp_signs")

    ice_year = item()
    ice_month = item()
    ice_city = item()
    ice_hospital = item()
    ice_naming = choice([(str(n), str(n)) for n in (3, 2, 1, 0)], coerce=int, not_asked=gettext_lazy("not done"))
    ice_command = item()
    ice_writing = item()
    ice_attention = item()
    ice_unable_reason = pick(ICE_UNABLE.items())
    capd_score = MeasuredField(places=0, digits=2)
    consciousness = choice(CONSCIOUSNESS.items())
    seizure = choice(SEIZURE.items())
    motor = choice(MOTOR.items())
    icp_signs = forms.MultipleChoiceField(
        choices=[(NONE_OF_THEM, gettext_lazy("none")), *ICP_SIGNS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    oedema = pick(OEDEMA.items())
    intracranial_haemorrhage = forms.BooleanField(required=False)
    bank = forms.CharField(required=False, max_length=13, widget=forms.HiddenInput)
    object_set = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)
    bank_because = forms.CharField(required=False, max_length=200)
    adaptations = forms.MultipleChoiceField(
        choices=list(ADAPTATIONS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    interpreter = pick(INTERPRETERS.items())
    sentence = SentenceField()
    sentence_on_paper = forms.BooleanField(required=False)
    places = FactForm.places | {"bank_version": "bank", "bank_language": "bank"}

    def __init__(
        self,
        *args: Any,
        words: Callable[[BankKey | None], IceWords] | None = None,
        bank: BankKey | None = None,
        **options: Any,
    ) -> None:
        """`words`: those of a bank, or for None the participant's; itself None: nothing is read out. `bank`: wanted."""
        super().__init__(*args, **options)
        self.capd = self.participant.neuro_instrument == NeuroInstrument.CAPD
        self.words = None if self.capd or words is None else words(self._bank_shown(bank))
        for name in (*ICE_ITEMS, *OF_ICE_ALONE) if self.capd else ("capd_score",):
            del self.fields[name]
        if self.words is not None and self._says_its_words():
            self.initial |= {"bank": bank_text(self.words.bank.key), "object_set": self.words.object_set}

    def _bank_shown(self, wanted: BankKey | None) -> BankKey | None:
        if self.is_bound:
            return bank_key(self.data.get("bank", ""))
        return used_bank(self.earlier) if isinstance(self.earlier, NeuroAssessment) and wanted is None else wanted

    def _says_its_words(self) -> bool:
        """A version from before there were banks is not said to have been asked with one."""
        return not isinstance(self.earlier, NeuroAssessment) or bool(self.earlier.bank_language)

    def read(self, earlier: Fact) -> dict[str, Any]:
        values = super().read(earlier)
        for name in ICE_YES_NO:
            values[name] = {True: "yes", False: "no", None: ""}[values[name]]
        values["sentence"] = written(earlier.sentence) if isinstance(earlier, NeuroAssessment) else ""
        if values["icp_signs"] is not None:
            values["icp_signs"] = values["icp_signs"] or [NONE_OF_THEM]
        return values

    @property
    def sentence_text(self) -> str:
        """What the page holds of the sentence: as it came, or as the version has it that is corrected."""
        return str(self["sentence"].value() or "")

    def clean_bank(self) -> BankKey | None:
        typed: str = self.cleaned_data["bank"]
        if typed and bank_key(typed) is None:
            raise ValidationError(_("These words are not on file any more: open the form again."))
        return bank_key(typed)

    def clean_capd_score(self) -> int | None:
        score = self.cleaned_data["capd_score"]
        if score is not None and score > CAPD_HIGHEST:
            raise ValidationError(text_of(Message("capd_not_possible", {"top": CAPD_HIGHEST})))
        return None if score is None else int(score)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        signs = values.get("icp_signs") or []
        if NONE_OF_THEM in signs and len(signs) > 1:
            self.add_error("icp_signs", ENTRY["none_and_sign"])
        if values.get("sentence") and values.get("sentence_on_paper"):
            self.add_error("sentence", text_of(Message("sentence_twice")))
        return values

    def was_looked_at(self, name: str, values: dict[str, Any]) -> bool:
        if name == "icp_signs":
            return bool(values.get(name))
        if name == "ice":  # begun and broken off is both: what was done stands
            return all(values.get(item) is not None for item in (["capd_score"] if self.capd else ICE_ITEMS))
        return super().was_looked_at(name, values)

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "ice":  # said of the whole test, which has no field of its own
            field = "not_done_ice"
        super().add_error(field, error)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        signs = values.get("icp_signs") or None
        columns = (*ICE_ITEMS, "capd_score", "consciousness", "seizure", "motor")
        return (
            {name: values.get(name) for name in columns}
            | {
                "ice_unable_reason": values.get("ice_unable_reason") or "",
                "icp_signs": None if signs is None else [sign for sign in signs if sign != NONE_OF_THEM],
                "oedema": values.get("oedema") or "",
                "intracranial_haemorrhage": values.get("intracranial_haemorrhage", False),
                "not_done": values.get("not_done", {}),
                "opened_at": values.get("opened_at"),
                "adaptations": values.get("adaptations") or [],
                "interpreter": values.get("interpreter") or "",
                "sentence": values.get("sentence"),
                "sentence_on_paper": values.get("sentence_on_paper", False),
            }
            | self._words_used(values)
        )

    def _words_used(self, values: dict[str, Any]) -> dict[str, str]:
        """Words that were not read out are not recorded."""
        bank = values.get("bank")
        if bank is None or all(values.get(item) is None for item in ICE_ITEMS):
            return {}
        return {
            "bank_language": bank.language,
            "bank_version": bank.version,
            "object_set": values.get("object_set", ""),
            "bank_because": values.get("bank_because", "").strip(),
        }

    def draft_so_far(self) -> NeuroAssessment:
        """For the preview: what is not valid was not looked at."""
        self.is_valid()
        draft = self.draft()
        assert isinstance(draft, NeuroAssessment)
        return draft
