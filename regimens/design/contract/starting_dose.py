"""`starting_dose`: the first dose from assays, traditional and with the corrected effector-to-target ratio."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from regimens.design.contract.reading import (
    Need,
    Reader,
    choice,
    contradicts,
    listed,
    positive,
    read_object,
    record,
    text,
    whole_within,
    within,
)
from regimens.design.contract.shared import OwnPk, hill, molecule_of, own_pk
from regimens.design.starting_dose import (
    Assay,
    PerMg,
    Question,
    Start,
    Working,
    cd3_occupancy_pct,
    fold_to_active,
    is_outside,
    modified,
    traditional,
    why_not_modified,
)

MOST_ASSAYS = 50
READOUTS = ("cytotoxicity", "activation", "cytokine")
RISK_SITES = ("tumour", "blood")

ASSAY: dict[str, Reader] = {
    "name": text,
    "readout": choice(*READOUTS),
    "ec50_pm": positive,
    "hill": hill,
    "effector_to_target": positive,
    "cell_line": text,
    "receptors": positive,
    "incubation_h": within(0, 24_000),
    "serum_pct": within(0, 100),
    "donors": whole_within(0, 10_000),
    "statistic": text,
    "source": text,
}
ASSAY_NEEDS = ("name", "readout", "ec50_pm", "hill", "effector_to_target")


def _interval_of_pk(values: Mapping[str, object]) -> str | None:
    return "interval_d" if values.get("pk") is not None and values.get("interval_d") is None else None


def _no_exposure(values: Mapping[str, object]) -> str | None:
    """Nothing by which a concentration becomes a dose."""
    given = values.get("exposure")
    has_one = not isinstance(given, Mapping) or any(given.get(name) is not None for name in ("plasma_volume_l", "pk"))
    return "exposure" if given is None or not has_one else None


EXPOSURE: dict[str, Reader] = {
    "plasma_volume_l": positive,
    "pk": own_pk,
    "interval_d": within(0, 1000, above=True),
}
FIELDS: dict[str, Reader] = {
    "assays": listed(record(ASSAY, Assay, needs=ASSAY_NEEDS), MOST_ASSAYS),
    "mw_kda": positive,
    "effect_pct": within(0, 100, above=True, below=True),
    "exposure": record(EXPOSURE, needs=(_interval_of_pk,)),
    "safety_factor": within(1, 1e12),
    "kd_cd3_nm": positive,
    "tumour_effector_to_target": positive,
    "slope": within(0, 10),
    "fold_cap": within(1, 1e12),
    "risk_site": choice(*RISK_SITES),
    "predicted_active_ug": positive,
}
NEEDS: tuple[Need, ...] = ("assays", "mw_kda", "effect_pct", _no_exposure)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartingDoseCase:
    """`question` without what the molecule's own PK says, which is computed for the answer."""

    question: dict[str, Any]
    pk: OwnPk | None
    interval_d: float | None


def read_starting_dose(fields: object) -> StartingDoseCase:
    values = read_object(fields, FIELDS, needs=NEEDS)
    exposure = values.pop("exposure")
    pk: OwnPk | None = exposure.get("pk")
    names: set[str] = set()
    for at, assay in enumerate(values["assays"]):
        if assay.name in names:
            raise contradicts(f"assays[{at}].name", "is given twice")
        names.add(assay.name)
    if pk is not None and pk.ka_per_d is not None and pk.infusion_h is not None:
        raise contradicts("exposure.pk.infusion_h", "is of what is given intravenously, ka_per_d of what is not")
    values["tumour_ratio"] = values.pop("tumour_effector_to_target", None)
    return StartingDoseCase(
        question=values | {"plasma_volume_l": exposure.get("plasma_volume_l")}, pk=pk,
        interval_d=exposure.get("interval_d"),
    )  # fmt: skip


def answer_starting_dose(case: StartingDoseCase) -> dict[str, Any]:
    question = Question(**case.question, per_mg=_per_mg(case))
    working = Working()
    plain = traditional(question, working)
    corrected = modified(question, working)
    occupancy = None if question.kd_cd3_nm is None else cd3_occupancy_pct(plain.target_pm, question.kd_cd3_nm, working)
    starts = {"traditional": plain, "modified": corrected}
    active = question.predicted_active_ug
    folds = None if active is None else {
        name: None if start is None else fold_to_active(start, name, active, working) for name, start in starts.items()
    }  # fmt: skip
    return {
        "limiting_assay": plain.limiting_assay,
        "traditional": _start(plain),
        "modified": None if corrected is None else _start(corrected) | {
            "fold": corrected.fold, "capped": corrected.capped, "limiting_assay": corrected.limiting_assay,
        },
        "modified_refused": why_not_modified(question),
        "cd3_occupancy_pct": occupancy,
        "fold_to_active": folds,
        "warnings": _warnings(question, starts),
        "steps": [asdict(line) for line in working.lines],
    }  # fmt: skip


def _start(start: Start) -> dict[str, Any]:
    return {"target_pm": start.target_pm, "target_ng_ml": start.target_ng_ml, "dose_ug": dict(start.dose_ug)}


def _warnings(question: Question, starts: Mapping[str, Start | None]) -> list[str]:
    outside = [
        f"{name}_outside_1_to_200_pm"
        for name, start in starts.items()
        if start is not None and is_outside(start, question.safety_factor)
    ]
    corrected = starts["modified"]
    return [*outside, "fold_capped"] if corrected is not None and corrected.capped else outside


def _per_mg(case: StartingDoseCase) -> PerMg | None:
    if case.pk is None or case.interval_d is None:
        return None
    # Here alone, since they need numpy; a dose by volume does not.
    from regimens.design.concentrations import exposures
    from regimens.design.doses import VirtualDose
    from regimens.design.people import typical

    molecule = molecule_of(None, case.pk)
    window = (0.0, case.interval_d)
    (reached,) = exposures(molecule, typical(molecule), [VirtualDose(t_d=0, mg=1)], [window])
    given = {name: value for name, value in asdict(case.pk).items() if name != "cv_pct" and value is not None}
    return PerMg(interval_d=case.interval_d, cmax=reached.cmax_ng_ml, cavg=reached.cavg_ng_ml, pk=given)
