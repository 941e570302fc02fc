"""A design of the test world, and runs of it as they lie in the tables."""

from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from regimens.models import DesignProgress, DesignRun, DesignVersion
from regimens.services.designs import create_design
from tests.builders import World, hour

DOSES = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}]
TRIAL: dict[str, Any] = {
    "drug": "epcoritamab", "regimens": [{"name": "label", "doses": DOSES}], "patients": 200, "seed": 7,
}  # fmt: skip
# The cheapest input of the contract: boundaries of a BOIN design.
BOIN: dict[str, Any] = {"design": "boin", "target": 0.25, "n": [3, 6, 9]}
COMPARISON: dict[str, Any] = {"drug": "epcoritamab", "regimens": TRIAL["regimens"]}
CONTENTS: dict[str, Any] = {"comparator": BOIN}


def design_of(world: World, name: str = "first in human", *, by: User | None = None) -> DesignVersion:
    return create_design(
        study=world.study, name=name, contents=CONTENTS, by=by or world.data_manager, at=hour(-100)
    )  # fmt: skip


def run_row(version: DesignVersion, *, at: float = -90, **columns: Any) -> DesignRun:
    """A run that waits, past the service."""
    whole = {
        "kind": "trial", "input": "{}", "seed": 7, "engine": "test", "digest": "0" * 64, "size": 200,
        "queued_by": version.drafted_by,
    }  # fmt: skip
    with acting(by="test", reason="a run for a test"):
        run = DesignRun.objects.create(
            design=version.design, version=version, queued_at=hour(at), **whole | columns
        )  # fmt: skip
        DesignProgress.objects.create(run=run)
    return run
