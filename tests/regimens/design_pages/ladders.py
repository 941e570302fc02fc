"""A design with a ladder of three regimens, and counts of it."""

from collections.abc import Sequence
from typing import Any

from crsmonitor.accounts.models import User
from regimens.models import DesignVersion
from regimens.services.designs import create_design
from tests.builders import World, hour

TOPS = (6, 12, 48)
NAMES = [f"{mg} mg" for mg in TOPS]
COMPARISON: dict[str, Any] = {
    "drug": "epcoritamab", "horizon_d": 35,
    "regimens": [
        {"name": f"{mg} mg", "doses": [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": mg},
                                       {"t_d": 21, "mg": mg}]}
        for mg in TOPS
    ],
}  # fmt: skip
ESCALATION: dict[str, Any] = COMPARISON | {
    "data": [], "ladder": NAMES, "current": "6 mg", "grade3": {"events": 0, "of": 0},
}  # fmt: skip


def version_of(**parts: Any) -> DesignVersion:
    """Not kept anywhere."""
    return DesignVersion(contents={"comparison": COMPARISON, "escalation": ESCALATION} | parts)


def counts(regimen: str, n: int, events: Sequence[int]) -> list[dict[str, Any]]:
    """So many observed in every dose period, and those of them with an event."""
    return [
        {"regimen": regimen, "period": period, "n": n, "events": some} for period, some in enumerate(events, start=1)
    ]


def ladder_design(world: World, name: str = "ladder", by: User | None = None, **parts: Any) -> DesignVersion:
    contents = {"comparison": COMPARISON, "escalation": ESCALATION} | parts
    return create_design(study=world.study, name=name, contents=contents, by=by or world.data_manager, at=hour(-100))
