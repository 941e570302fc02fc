"""What operating characteristics are asked for: which truth, how many trials of how many participants."""

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from regimens.design_pages.deciding.operating import SCENARIOS, TYPED
from regimens.forms.design.deciding import PRIOR, usual_prior
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.typed import TypedForm
from regimens.rules.reading import CaseError

NUMBERS = ("truth_grade3_share", "cohort", "most_participants", "trials", "seed", "boin_target")
HAZARD = ("smax_per_d", "s50_ug_ml", "kin_per_d", "hill", "i50_ug_ml")
DESIGNS = ("model", "boin", "three_plus_three")
BEGINS_WITH = {
    "truth": "prior", "truth_grade3_share": "0.08", "cohort": "3", "most_participants": "30", "trials": "200",
    "seed": "1", "boin_target": "0.25", "model": "on", "boin": "on", "three_plus_three": "on",
}  # fmt: skip
COUNTS = ("data", "grade3")  # of a rule, what a trial begins without


class OperatingForm(TypedForm):
    """What is asked besides the rule that was saved."""

    def fields_of(self, escalation: Mapping[str, Any]) -> dict[str, Any] | None:
        """The input of `operating`. None: the boxes say what is wrong."""
        fields = {name: value for name, value in escalation.items() if name not in COUNTS}
        fields["truth"] = self._truth(escalation)
        fields |= {name: value for name in NUMBERS if (value := self.number(name)) is not None}
        fields["designs"] = [name for name in DESIGNS if self.text(name)]
        if not fields["designs"]:
            self.blame("model", _("Choose one design at least."))
        if "seed" not in fields and "seed" not in self.faults:
            self.blame("seed", _("This is missing."))
        return None if self.is_faulty else fields

    def take(self, path: str, text: str) -> None:
        """A fault of the contract, at its box."""
        name = path.replace(".", "-")
        self.blame(name if name in BOXES else "model" if path.startswith("designs") else "", text)

    def take_case(self, error: CaseError) -> None:
        self.take(error.field or "", fault_text(error))

    def _truth(self, escalation: Mapping[str, Any]) -> dict[str, Any]:
        given, scenario = self.group("truth", HAZARD), self.text("truth")
        if scenario == TYPED:
            for name in ("smax_per_d", "s50_ug_ml"):
                if name not in given and f"truth-{name}" not in self.faults:
                    self.blame(f"truth-{name}", _("This is missing."))
            return given
        if scenario not in SCENARIOS:
            self.blame("truth", _("Choose one of those listed."))
            return {}
        if given:
            self.blame("truth", _("Numbers of a truth are typed below: choose “as typed below”, or empty them."))
        return truth_of(escalation, SCENARIOS[scenario][1])


BOXES = {*NUMBERS, "truth", *DESIGNS, *(f"truth-{name}" for name in HAZARD)}


def truth_of(escalation: Mapping[str, Any], changes: Mapping[str, float]) -> dict[str, float]:
    """A hazard at the middle of the rule's prior, changed as the scenario says."""
    prior = usual_prior(escalation) | dict(escalation.get("prior") or {})
    smax, s50, kin = (math.exp(float(prior[name][0])) for name in PRIOR)
    truth = {
        "smax_per_d": smax * changes.get("smax_times", 1.0), "s50_ug_ml": s50,
        "kin_per_d": changes.get("kin_per_d", kin),
    }  # fmt: skip
    if (hill := escalation.get("hill")) is not None:
        truth["hill"] = float(hill)
    if (ratio := escalation.get("i50_over_s50")) is not None:
        truth["i50_ug_ml"] = float(ratio) * s50
    return truth
