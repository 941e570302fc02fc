"""Molecule, person and up to six regimens: what the pages of exposure and of regimens side by side are about."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regimens.charts.figures import plain
from regimens.design.contract.comparison import check
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.typed import TypedForm
from regimens.rules.reading import CaseError

MOST_REGIMENS = 6
OWN = "own"  # instead of the name of a drug: the molecule that is described by its PK
PK = ("cl_l_per_d", "vc_l", "q_l_per_d", "vp_l", "ka_per_d", "f", "infusion_h")
HAZARD = ("smax_per_d", "s50_ug_ml", "hill", "kin_per_d", "i50_ug_ml")
PERSON = ("weight_kg", "age_y")
UNITS = {"mg": "mg", "mg_per_kg": "mg/kg"}
IN_REGIMEN = re.compile(r"regimens\[(\d+)\](?:\.(name|doses)(?:\[(\d+)\](?:\.(\w+))?)?)?")


class ComparisonForm(TypedForm):
    """`rows`: the places of the regimens that were typed, in the order in which the contract has them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        # The unit of an empty column comes with the page.
        self.places = [
            place for place in self.rows("regimen", MOST_REGIMENS)
            if any(self.text(f"regimen-{place}-{name}").strip() for name in ("name", "days", "doses"))
        ]  # fmt: skip

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The boxes of each regimen, and of one more while there may be one."""
        shown = [*self.places, *(place for place in range(MOST_REGIMENS) if place not in self.places)][
            : min(len(self.places) + 1, MOST_REGIMENS)
        ]
        names = ("name", "days", "doses", "unit", "infusion_h")
        return [
            {name: self.box[f"regimen-{place}-{name}"] for name in names} | {"number": at, "place": place}
            for at, place in enumerate(shown, start=1)
        ]

    def document(self) -> dict[str, Any] | None:
        """The comparison as it is kept. None: the boxes say what is wrong, the first fault of the contract last."""
        document = self._typed()
        if self.is_faulty:
            return None
        try:
            check(document)
        except CaseError as error:
            self._take(error)
            return None
        return document

    def _typed(self) -> dict[str, Any]:
        document: dict[str, Any] = {}
        name = self.text("drug")
        pk = self.group("pk", PK)
        if name and name != OWN:
            document["drug"] = name
        if pk or name == OWN:
            document["pk"] = pk
        if person := self._person():
            document["patient"] = person
        if hazard := self.group("hazard", HAZARD):
            document["hazard"] = hazard
        document["regimens"] = [self._regimen(place) for place in self.places]
        for name in ("horizon_d", "last_period_d"):
            if (value := self.number(name)) is not None:
                document[name] = value
        return document

    def _person(self) -> dict[str, Any]:
        person = self.group("patient", PERSON)
        person |= {name: True for name in ("female", "prior_car_t") if self.text(f"patient-{name}")}
        prophylaxis = self.text("patient-prophylaxis")
        return person | ({"prophylaxis": prophylaxis} if prophylaxis not in ("", "none") else {})

    def _regimen(self, place: int) -> dict[str, Any]:
        days, amounts = self.numbers(f"regimen-{place}-days"), self.numbers(f"regimen-{place}-doses")
        unit = self.text(f"regimen-{place}-unit") or "mg"
        infusion_h = self.number(f"regimen-{place}-infusion_h")
        if unit not in UNITS:
            self.blame(f"regimen-{place}-unit", _("Choose one of those listed."))
        if len(days) != len(amounts) and f"regimen-{place}-days" not in self.faults:
            self.blame(
                f"regimen-{place}-doses",
                _("%(doses)s doses on %(days)s days: as many of one as of the other.")
                % {"doses": len(amounts), "days": len(days)},
            )
        extra = {} if infusion_h is None else {"infusion_h": infusion_h}
        doses = [
            {"t_d": day, unit: amount} | extra
            for day, amount in sorted(zip(days, amounts, strict=False), key=lambda one: one[0])
        ]
        name = self.written(f"regimen-{place}-name")
        return {"name": name or _default_name(doses, unit), "doses": doses}

    def _take(self, error: CaseError) -> None:
        """At its box; a fault of what has no box above the form."""
        text, path = fault_text(error), error.field or ""
        if match := IN_REGIMEN.match(path):
            box, text = self._in_regimen(match, text)
        else:
            box = path.replace(".", "-")
            box = {"hazard": "hazard-smax_per_d", "pk": "drug"}.get(box, box)
        self.blame(box if box in BOXES or box.startswith("regimen-") else "", text)

    def _in_regimen(self, match: re.Match[str], text: str) -> tuple[str, str]:
        place = self.places[int(match[1])]
        if match[2] != "doses":
            return f"regimen-{place}-name", text
        box = {"t_d": "days", "infusion_h": "infusion_h"}.get(match[4] or "", "doses")
        if match[3] is not None:
            text = _("Dose %(n)s: %(fault)s") % {"n": int(match[3]) + 1, "fault": text}
        return f"regimen-{place}-{box}", text


BOXES = {
    "drug", "horizon_d", "last_period_d", *(f"pk-{name}" for name in PK), *(f"hazard-{name}" for name in HAZARD),
    *(f"patient-{name}" for name in (*PERSON, "female", "prior_car_t", "prophylaxis")),
}  # fmt: skip


def as_typed(document: Mapping[str, Any] | None) -> dict[str, str]:
    """What the boxes of a form show of a comparison that was kept."""
    if not document:
        return {}
    typed = {"drug": document.get("drug", OWN if "pk" in document else "")}
    for prefix in ("pk", "hazard", "patient"):
        typed |= {f"{prefix}-{name}": _shown(value) for name, value in document.get(prefix, {}).items()}
    typed |= {name: _shown(document[name]) for name in ("horizon_d", "last_period_d") if name in document}
    for place, regimen in enumerate(document["regimens"]):
        typed |= regimen_typed(place, regimen)
    return typed


def regimen_typed(place: int, regimen: Mapping[str, Any]) -> dict[str, str]:
    doses = regimen["doses"]
    unit = next((name for name in UNITS if doses and name in doses[0]), "mg")
    boxes = {
        "name": regimen["name"],
        "days": " ".join(_shown(dose["t_d"]) for dose in doses),
        "doses": " ".join(_shown(dose[unit]) for dose in doses),
        "unit": unit,
        "infusion_h": _shown(doses[0]["infusion_h"]) if doses and "infusion_h" in doses[0] else "",
    }
    return {f"regimen-{place}-{name}": value for name, value in boxes.items()}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return plain(float(value)) if isinstance(value, int | float | Decimal) else str(value)


def _default_name(doses: list[dict[str, Any]], unit: str) -> str:
    """0.16/0.8/48 mg: what a regimen is called where nobody named it; a dose that repeats is said once."""
    amounts = [plain(float(dose[unit])) for dose in doses if unit in dose]
    once = [amount for place, amount in enumerate(amounts) if place == 0 or amount != amounts[place - 1]]
    return f"{'/'.join(once)} {UNITS.get(unit, '')}".strip()
