"""`trimer`: how many trimers of target, drug and CD3 a concentration makes, or the concentration that makes so many."""

from dataclasses import dataclass
from typing import Any

from regimens.design.contract.reading import Reader, contradicts, positive, read_object
from regimens.design.trimer import Binding
from regimens.design.units import pm_of_receptors

NEEDED: dict[str, Reader] = dict.fromkeys(
    (
        "kd_target_pm",
        "kd_cd3_pm",
        "target_cells_per_ml",
        "receptors_per_target",
        "t_cells_per_ml",
        "cd3_per_t_cell",
    ),
    positive,
)
ONE_OF = ("free_pm", "trimers_per_target")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimerCase:
    """Exactly one of `free_pm` and `trimers_per_target`."""

    kd_target_pm: float
    kd_cd3_pm: float
    target_cells_per_ml: float
    receptors_per_target: float
    t_cells_per_ml: float
    cd3_per_t_cell: float
    free_pm: float | None = None
    trimers_per_target: float | None = None

    @property
    def binding(self) -> Binding:
        return Binding(
            k1=self.kd_target_pm,
            k2=self.kd_cd3_pm,
            target=pm_of_receptors(self.target_cells_per_ml, self.receptors_per_target),
            cd3=pm_of_receptors(self.t_cells_per_ml, self.cd3_per_t_cell),
        )

    @property
    def targets_pm(self) -> float:
        """The target cells themselves as a concentration: one trimer on each."""
        return pm_of_receptors(self.target_cells_per_ml, 1)


def read_trimer(fields: object) -> TrimerCase:
    readers = NEEDED | dict.fromkeys(ONE_OF, positive)
    case = TrimerCase(**read_object(fields, readers, needs=(*NEEDED, ONE_OF)))
    if case.free_pm is not None and case.trimers_per_target is not None:
        raise contradicts("trimers_per_target", "and free_pm are two questions")
    return case


def answer_trimer(case: TrimerCase) -> dict[str, Any]:
    binding = case.binding
    answer = {"target_pm": binding.target, "cd3_pm": binding.cd3, "free_at_maximum_pm": binding.free_at_maximum}
    if case.free_pm is not None:
        trimer_pm = binding.trimers(case.free_pm)
        return answer | {"trimer_pm": trimer_pm, "trimers_per_target": trimer_pm / case.targets_pm}
    assert case.trimers_per_target is not None
    return answer | {"free_pm": binding.free_for(case.trimers_per_target * case.targets_pm)}
