"""A design of the demo study, with a small virtual trial that is done: what the pages of the workbench show at once."""

from datetime import datetime, timedelta
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from regimens.design.contract import kinds
from regimens.models import DesignProgress, DesignRun, Study
from regimens.runs.child import computed
from regimens.runs.claims import claim_next, finish
from regimens.runs.inputs import read_input
from regimens.services.designs import create_design

NAME = "Three steps or two"
ASSAY = {"readout": "cytotoxicity", "hill": 1, "effector_to_target": 10, "source": "made up for the demo"}
STARTING_DOSE: dict[str, Any] = {
    "assays": [
        ASSAY | {"name": "TDCC, donor 1", "ec50_pm": 50},
        ASSAY | {"name": "TDCC, donor 2", "ec50_pm": 84},
        ASSAY | {"name": "IL-6, donor 1", "readout": "cytokine", "ec50_pm": 140, "hill": 0.8},
    ],
    "mw_kda": 146, "effect_pct": 20, "exposure": {"plasma_volume_l": 3}, "kd_cd3_nm": 40,
    "tumour_effector_to_target": 1, "predicted_active_ug": 48_000,
}  # fmt: skip


def _regimen(name: str, *mg: float) -> dict[str, Any]:
    """A dose a week."""
    return {"name": name, "doses": [{"t_d": 7 * week, "mg": dose} for week, dose in enumerate(mg)]}


COMPARISON: dict[str, Any] = {
    "drug": "epcoritamab", "horizon_d": 35,
    "regimens": [_regimen("0.16/0.8/48 mg", 0.16, 0.8, 48, 48, 48), _regimen("0.16/0.8/3/48 mg", 0.16, 0.8, 3, 48, 48)],
}  # fmt: skip
ASKED_FOR = {"patients": 500, "seed": 1, "draws": 20, "n": 20}
TOOK = timedelta(seconds=2)


def design_of(study: Study, *, by: User, at: datetime) -> None:
    """Computed here, as a worker would: the pages have it before a worker of runs has ever started."""
    contents = {"starting_dose": STARTING_DOSE, "comparison": COMPARISON}
    version = create_design(study=study, name=NAME, contents=contents, by=by, at=at, note="demo")
    given = read_input("trial", COMPARISON | ASKED_FOR)
    with acting(by=by, reason="demo"):  # not by the service: no worker is to start for what is done
        run = DesignRun.objects.create(
            design=version.design, version=version, kind=given.kind, input=given.text, seed=given.seed,
            engine=given.engine, digest=given.digest, size=given.size, queued_by=by, queued_at=at,
        )  # fmt: skip
        DesignProgress.objects.create(run=run)
    claim = claim_next(engine=kinds.engine(), at=at)
    assert claim is not None  # it was queued in this transaction
    answer = computed(claim.run.kind, claim.run.input, lambda done, of: None)
    finish(claim, answer, cpu_s=TOOK.total_seconds(), done=given.size, at=at + TOOK)
