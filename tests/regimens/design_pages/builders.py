"""A design with a starting dose and two regimens, and a small trial of it that is done."""

from typing import Any

from django.utils import timezone

from crsmonitor.accounts.models import User
from regimens.design.contract.kinds import engine
from regimens.models import DesignRun, DesignVersion
from regimens.runs.child import computed
from regimens.runs.claims import Claim, claim_next, finish
from regimens.services.design_runs import queue_run
from regimens.services.designs import create_design
from tests.builders import World, hour

STARTING_DOSE: dict[str, Any] = {
    "assays": [{"name": "TDCC", "readout": "cytotoxicity", "ec50_pm": 50, "hill": 1, "effector_to_target": 10}],
    "mw_kda": 146, "effect_pct": 20, "exposure": {"plasma_volume_l": 3}, "tumour_effector_to_target": 1,
    "kd_cd3_nm": 40, "predicted_active_ug": 10_000,
}  # fmt: skip
TWO_STEPS = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}]
COMPARISON: dict[str, Any] = {
    "drug": "epcoritamab", "horizon_d": 28,
    "regimens": [{"name": "A", "doses": TWO_STEPS}, {"name": "B", "doses": [{"t_d": 0, "mg": 0.8}, *TWO_STEPS[2:]]}],
}  # fmt: skip
PEOPLE = 30


def whole_design(world: World, name: str = "epco", by: User | None = None) -> DesignVersion:
    contents = {"starting_dose": STARTING_DOSE, "comparison": COMPARISON}
    return create_design(study=world.study, name=name, contents=contents, by=by or world.data_manager, at=hour(-100))


def queued_trial(version: DesignVersion, **changes: Any) -> DesignRun:
    fields = COMPARISON | {"patients": PEOPLE, "seed": 7, "n": 20, "draws": 2} | changes
    return queue_run(
        design_id=version.design_id, number=version.number, kind="trial", fields=fields, by=version.drafted_by,
        at=hour(-90),
    )  # fmt: skip


def claimed() -> Claim:
    """A worker has taken the run that waits."""
    claim = claim_next(engine=engine(), at=timezone.now())
    assert claim is not None
    return claim


def computed_now(claim: Claim) -> DesignRun:
    """Computed here and now, as a worker does it, and kept."""
    answer = computed(claim.run.kind, claim.run.input, lambda done, of: None)
    assert finish(claim, answer, cpu_s=0.1, done=2 * PEOPLE, at=timezone.now())
    return claim.run


def finished_trial(version: DesignVersion, **changes: Any) -> DesignRun:
    run = queued_trial(version, **changes)
    assert computed_now(claimed()) == run
    return run
