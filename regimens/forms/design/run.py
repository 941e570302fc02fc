"""How many people a virtual trial has, and what else is asked of it."""

import math
from collections.abc import Mapping
from typing import Any

from regimens.design.contract.comparison import has_hazard
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.typed import TypedForm
from regimens.rules.reading import CaseError

BEGINS_WITH = {"patients": "10000", "seed": "1", "draws": "0", "interval_pct": "90", "pk_variability": "on",
               "sd_ln_smax": "1", "sd_ln_s50": "1", "sd_ln_kin": "0.5"}  # fmt: skip
NUMBERS = ("patients", "seed", "interval_pct", "draws", "n")
SHARES = ("prior_car_t_pct", "frailty_sd")
PROPHYLAXIS = ("one", "both")


class RunForm(TypedForm):
    """What is asked of a trial besides the regimens that were saved."""

    def fields_of(self, comparison: Mapping[str, Any], prior: Mapping[str, float] | None) -> dict[str, Any] | None:
        """The input of the trial. None: the boxes say what is wrong.

        `prior`: about which ln SMAX, ln S50 and ln Kin parameters are drawn. None: the contract has a default.
        """
        fields = {name: value for name, value in comparison.items() if name != "patient"}
        fields |= {name: value for name in NUMBERS if (value := self.number(name)) is not None}
        population: dict[str, Any] = {name: value for name in SHARES if (value := self.number(name)) is not None}
        prophylaxis = {name: value for name in PROPHYLAXIS if (value := self.number(f"prophylaxis_{name}")) is not None}
        if prophylaxis:
            population["prophylaxis_pct"] = prophylaxis
        if not self.text("pk_variability"):
            population["pk_variability"] = False
        if population:
            fields["population"] = population
        if fields.get("draws") and prior is not None:
            spreads = {name: self.number(f"sd_{name}") for name in prior}
            fields["prior"] = {
                name: [middle, spreads[name]] for name, middle in prior.items() if spreads[name] is not None
            }
        return None if self.is_faulty else fields

    def take(self, path: str, text: str) -> None:
        """A fault of the contract, at its box."""
        name = path.removeprefix("population.").replace("prophylaxis_pct.", "prophylaxis_")
        if path.startswith("prior."):
            name = "sd_" + path.removeprefix("prior.").partition("[")[0]
        self.blame(name if name in BOXES else "", text)

    def take_case(self, error: CaseError) -> None:
        self.take(error.field or "", fault_text(error))


BOXES = {*NUMBERS, *SHARES, *(f"prophylaxis_{name}" for name in PROPHYLAXIS), "sd_ln_smax", "sd_ln_s50", "sd_ln_kin"}


def prior_point(comparison: Mapping[str, Any], hazard: Mapping[str, float] | None) -> dict[str, float] | None:
    """Logs of the hazard about which parameters are drawn. `hazard`: the drug's. None: the contract has a default."""
    if not has_hazard(comparison):
        return None
    given = comparison.get("hazard")
    if given is not None:
        values = {"ln_smax": given["smax_per_d"], "ln_s50": given["s50_ug_ml"], "ln_kin": given.get("kin_per_d", 0.435)}
    elif hazard is not None:
        values = dict(hazard)
    else:
        return None
    return {name: math.log(float(value)) for name, value in values.items()}
