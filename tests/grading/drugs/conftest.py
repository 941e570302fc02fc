"""A participant of 70 kg in bed 12, dosed two hours ago, in a study whose pack has the default drug rules."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.models import ThresholdPack
from grading.packs import read_pack
from regimens.facts import Source
from regimens.models import Measurement
from tests.builders import THRESHOLDS, World, dose, draft, hour, kept, stay


def weigh(world: World, kg: str, when) -> None:
    one = draft(Measurement, world, 0, observed_at=when, kind="weight_kg", value=Decimal(kg), source=Source.IMPORT)
    kept(one, world)


@pytest.fixture
def ruled(world: World) -> World:
    with acting(by="test", reason="drug rules"):
        world.pack = ThresholdPack.objects.create(
            study=world.study, version=2, title="With drugs", thresholds=THRESHOLDS,
            drugs=read_pack().stored_drugs, in_force_from=hour(-1000),
        )  # fmt: skip
    return world


@pytest.fixture
def dosed(ruled: World) -> World:
    now = timezone.now()
    kept(stay(ruled, observed_at=now - timedelta(hours=3)), ruled)
    kept(dose(ruled, observed_at=now - timedelta(hours=2)), ruled)
    return ruled


@pytest.fixture
def weighed(dosed: World) -> World:
    weigh(dosed, "70", timezone.now() - timedelta(hours=2))
    return dosed


@pytest.fixture
def nurse(client, dosed):
    client.force_login(dosed.nurse)
    return client


def toci(world: World, **changes):
    """What the API is sent for 560 mg of tocilizumab, checked by the charge nurse."""
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "drug": "tocilizumab",
        "drug_class": "anticytokine", "dose": "560", "unit": "mg", "route": "intravenous", "indication": "crs",
        "checked_by": world.charge_nurse.username,
    }  # fmt: skip
    return {name: value for name, value in (body | changes).items() if value is not None}
