"""A participant of 70 kg in bed 12, dosed two hours ago, in a study whose policy has the default drug rules."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.models import AlertPolicy
from grading.policies.library import read_policy
from regimens.facts import Source
from regimens.library import document_from
from regimens.models import Measurement
from regimens.services.versions import adopt
from tests.bedside.posted import common
from tests.builders import RISK_WINDOWS, THRESHOLDS, World, dose, draft, hour, kept, stay
from tests.stages import stage


def weigh(world: World, kg: str, when) -> None:
    one = draft(Measurement, world, 0, observed_at=when, kind="weight_kg", value=Decimal(kg), source=Source.IMPORT)
    kept(one, world)


@stage(lasts_s=600)
def ruled(world: World) -> World:
    with acting(by="test", reason="drug rules"):
        world.policy = AlertPolicy.objects.create(
            study=world.study, version=2, title="With drugs", thresholds=THRESHOLDS,
            drugs=read_policy().stored_drugs, in_force_from=hour(-1000),
        )  # fmt: skip
    return world


@stage
def dosed(ruled: World) -> World:
    now = timezone.now()
    kept(stay(ruled, observed_at=now - timedelta(hours=3)), ruled)
    kept(dose(ruled, observed_at=now - timedelta(hours=2)), ruled)
    return ruled


@stage
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


def post(client, world: World, **changes):
    """To the API."""
    address = f"/api/v1/participants/{world.participant.pk}/treatments/"
    return client.post(address, toci(world, **changes), content_type="application/json")


def typed(world: World, **changes):
    """The same as the page is sent it."""
    body = toci(world, **changes)
    return common(**{name: value for name, value in body.items() if name not in ("id", "observed_at", "retyped")})


# --- A first-in-human cohort ------------------------------------------------------------------------------------

# The step's own dose is 1 mg; cohort C2 has 3 mg there and nothing of its own for the second step (3 mg).
FIH = {
    "id": "fih", "drug": "x", "title": "First in human", "route": "IV",
    "steps": [
        {"label": "d1", "day": 1, "dose": 1, "unit": "mg", "step_up": True, "source": "P"},
        {"label": "d2", "day": 8, "dose": 3, "unit": "mg", "target": True, "repeats": True,
         "interval": {"min_d": 7, "planned_d": 7, "source": "P"}, "source": "P"},
    ],
    "cohorts": [{"name": "C2", "ladder": {"d1": 3}, "staggering_h": 24, "sentinel": True}],
    "sources": {"P": {"what": "protocol"}},
}  # fmt: skip


def adopted(world, data, cohort):
    regimen = adopt(study=world.study, document=document_from(data), variant="", by="t", reason="t", at=hour(-99),
                    looks=RISK_WINDOWS)  # fmt: skip
    with acting(by="test", reason="a first-in-human cohort"):
        world.participant.regimen, world.participant.cohort = regimen, cohort
        world.participant.save()
    world.regimen, world.steps = regimen, list(regimen.steps.order_by("position"))
    return world


def in_cohort(world, name):
    with acting(by="test", reason="another cohort"):
        world.participant.cohort = name
        world.participant.save()
