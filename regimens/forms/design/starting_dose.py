"""Assays, exposure and correction: what the page of the starting dose is about."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regimens.charts.figures import plain
from regimens.design.contract.kinds import read
from regimens.forms.design.fault_words import fault_text
from regimens.forms.design.pasted import COLUMNS, MOST_ROWS, NUMBERS, pasted_assays
from regimens.forms.design.typed import TypedBox, TypedForm
from regimens.rules.reading import CaseError

PK = ("cl_l_per_d", "vc_l", "q_l_per_d", "vp_l", "ka_per_d", "f", "infusion_h")
ALONE = (
    "mw_kda", "effect_pct", "safety_factor", "kd_cd3_nm", "tumour_effector_to_target", "slope", "fold_cap",
    "predicted_active_ug",
)  # fmt: skip
# The other of its two constants is the KD of CD3, which the occupancy has too.
TRIMER = ("kd_target_pm", "target_cells_per_ml", "receptors_per_target", "t_cells_per_ml", "cd3_per_t_cell")
PM_PER_NM = 1000
SITES = ("tumour", "blood")
IN_ASSAY = re.compile(r"assays\[(\d+)\](?:\.(\w+))?")
FAR = 100  # so many times outside the band it is asked again
BAND_PM = (1.0, 200.0)
EMPTY_ROWS = 3


class StartingDoseForm(TypedForm):
    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.places = list(self.rows("assay", MOST_ROWS))

    @property
    def assays(self) -> list[list[TypedBox]]:
        """The boxes of each row, and some empty rows below."""
        after = max(self.places, default=-1) + 1
        places = [*self.places, *range(after, min(after + EMPTY_ROWS, MOST_ROWS))]
        return [[self.box[f"assay-{place}-{column}"] for column in COLUMNS] for place in places]

    def with_pasted(self) -> "StartingDoseForm":
        """The same with what was pasted in place of the rows. With faults, these are said and the paste is kept."""
        rows, faults = pasted_assays(self.text("paste"))
        if not rows:
            self.faults["paste"] = faults
            return self
        others = {name: value for name, value in self.values.items() if not name.startswith("assay-")}
        typed = {f"assay-{at}-{name}": cell for at, row in enumerate(rows) for name, cell in row.items()}
        form = StartingDoseForm(others | typed | ({} if faults else {"paste": ""}))
        if faults:
            form.faults["paste"] = faults
        return form

    def document(self) -> dict[str, Any] | None:
        """The input of the contract. None: the boxes say what is wrong."""
        document = self._typed()
        if self.is_faulty:
            return None
        try:
            read("starting_dose", document)
        except CaseError as error:
            self._take(error)
            return None
        return document

    def trimer(self) -> dict[str, Any] | None:
        """What trimers are made of, without a concentration. None: not typed, or its boxes say a fault."""
        given = self.group("trimer", TRIMER)
        if not given:
            return None
        if (kd := self.number("kd_cd3_nm")) is not None:
            given["kd_cd3_pm"] = kd * PM_PER_NM
        try:
            read("trimer", {**given, "free_pm": 1})
        except CaseError as error:
            name = error.field or ""
            self.blame("kd_cd3_nm" if name == "kd_cd3_pm" else f"trimer-{name}", fault_text(error))
            return None
        return given

    def asks_again(self, answer: Mapping[str, Any]) -> bool:
        """Whether the target is so far outside the band that a unit may be wrong, and nobody said it is right."""
        if self.text("confirm"):
            return False
        far = is_far(answer, float(self.number("safety_factor") or 1))
        if far:
            self.blame("confirm", _("Is a unit wrong? It is asked again, since this is far outside the band."))
        return far

    def _typed(self) -> dict[str, Any]:
        document: dict[str, Any] = {"assays": [self._assay(place) for place in self.places]}
        document |= {name: value for name in ALONE if (value := self.number(name)) is not None}
        exposure: dict[str, Any] = {}
        for name in ("plasma_volume_l", "interval_d"):
            if (value := self.number(f"exposure-{name}")) is not None:
                exposure[name] = value
        if pk := self.group("exposure-pk", PK):
            exposure["pk"] = pk
        if exposure:
            document["exposure"] = exposure
        if site := self.text("risk_site"):
            document["risk_site"] = site
        return document

    def _assay(self, place: int) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for column in COLUMNS:
            box = f"assay-{place}-{column}"
            value: Decimal | str | None = self.number(box) if column in NUMBERS else self.written(box)
            if value is not None:
                row[column] = value
        return row

    def _take(self, error: CaseError) -> None:
        text, path = fault_text(error), error.field or ""
        if match := IN_ASSAY.match(path):
            place = self.places[int(match[1])]
            box = f"assay-{place}-{match[2] or 'name'}"
        else:
            box = path.replace(".", "-")
            box = {"exposure": "exposure-plasma_volume_l", "exposure-pk": "exposure-pk-cl_l_per_d",
                   "assays": "paste"}.get(box, box)  # fmt: skip
        self.blame(box if box.startswith(("assay-", "exposure-")) or box in BOXES else "", text)


BOXES = {*ALONE, "risk_site", "paste"}


def is_far(answer: Mapping[str, Any], safety_factor: float) -> bool:
    """Whether the target after the safety factor lies more than FAR times outside of the band of first doses."""
    target = answer["traditional"]["target_pm"] / safety_factor
    return bool(target < BAND_PM[0] / FAR or target > BAND_PM[1] * FAR)


def as_typed(document: Mapping[str, Any] | None, trimer: Mapping[str, Any] | None = None) -> dict[str, str]:
    """What the boxes of a form show of the inputs that were kept."""
    if not document:
        return {}
    typed = {
        f"assay-{place}-{name}": _shown(value)
        for place, row in enumerate(document["assays"])
        for name, value in row.items()
    }
    typed |= {name: _shown(document[name]) for name in (*ALONE, "risk_site") if name in document}
    typed |= {f"trimer-{name}": _shown(trimer[name]) for name in TRIMER} if trimer else {}
    exposure = document.get("exposure", {})
    typed |= {f"exposure-{name}": _shown(value) for name, value in exposure.items() if name != "pk"}
    return typed | {f"exposure-pk-{name}": _shown(value) for name, value in exposure.get("pk", {}).items()}


def _shown(value: object) -> str:
    return plain(float(value)) if isinstance(value, int | float | Decimal) else str(value)
