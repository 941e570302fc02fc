"""A design of epcoritamab in the test world, and regimen versions that are made of it."""

from decimal import Decimal
from typing import Any

from regimens.library import Document, read
from regimens.library.own import with_windows
from regimens.models import DesignVersion, Regimen
from regimens.rules.plan import ObservationClock
from regimens.services.designed import FromDesign
from regimens.services.designs import create_design
from regimens.services.drafting import draft
from regimens.services.versions import OwnPlan
from tests.builders import World, hour

DOSES = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}, {"t_d": 21, "mg": 48}]
CONTENTS: dict[str, Any] = {"comparison": {"drug": "epcoritamab", "regimens": [{"name": "label", "doses": DOSES}]}}
WHOLE = OwnPlan(
    looks={"vitals_every_h": 4, "neuro_every_h": 8, "risk_window_h": 168}, grace_minutes=20,
    untightened_because="protocol 6.3", source="protocol 6",
)  # fmt: skip


def designed_version(world: World, contents: dict[str, Any] = CONTENTS, name: str = "three steps") -> DesignVersion:
    return create_design(study=world.study, name=name, contents=contents, by=world.sponsor, at=hour(-200))


def origin_of(version: DesignVersion, **more: Any) -> FromDesign:
    return FromDesign(**{"version": version, "rungs": {"": "label"}} | more)


def windowed() -> Document:
    """epcoritamab's published steps with the hours of observation that its label does not print."""
    return with_windows(
        read("epcoritamab_LBCL"), "US", hours=Decimal(24), clock=ObservationClock.ADMINISTRATION, source="protocol 6"
    )[0]


def drafted(world: World, origin: FromDesign, *, document: Document | None = None) -> Regimen:
    return draft(
        study=world.study, document=document or windowed(), variant="US", by=world.data_manager, reason="design",
        at=hour(-100), own=WHOLE, origin=origin,
    )  # fmt: skip
