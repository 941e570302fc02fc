"""A correction is graded on the tablet as the server grades it, with the whole record: what is told is the same."""

import json
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from grading.models import Attribution, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.tablet.asked import answer, badge_written
from regimens.models import Measured, Measurement
from tests.bedside.posted import common, typed
from tests.builders import dose, draft, hour, kept, neuro, treatment, vitals

pytestmark = pytest.mark.django_db

LOW = {"temperature_c": "37.0", "sbp": "84", "hypotension": "yes"}
CORRECTED = {
    "vitals": [
        typed(), typed(temperature_c="36.9", sbp="122", hypotension="no", spo2="97", oxygen_device="room_air"),
        typed(**LOW), typed(**LOW, vasopressors=["norepinephrine", "phenylephrine"]),
        typed(temperature_c="37.1", sbp="95", hypotension="no", oxygen_flow_l_min="4"),
        typed(temperature_c=""), typed(spo2="88", oxygen_device="room_air"),
    ],
    "neuro": [
        common(ice_year="yes", ice_naming="3", consciousness="awake", seizure="none", motor="none", icp_signs=["none"]),
        common(consciousness="stupor_or_coma", seizure="none", motor="none"), common(motor="deep_focal_weakness"),
        common(consciousness="voice", seizure="focal"), common(icp_signs=["papilloedema"], ice_year="no"),
    ],
}  # fmt: skip
MOVED_MINUTES = (0, 20, -600, 600)


@pytest.fixture
def record(world):
    """A fever that was treated, a vasopressor that ran, an infection named by an investigator, and two baselines."""
    facts = [
        draft(Measurement, world, -3, kind=Measured.BASELINE_OXYGEN, text="nasal_cannula", value=Decimal(2)),
        treatment(world, -1, "paracetamol", "antipyretic", "premedication"),
        dose(world, 0),
        vitals(world, 1, temperature_c=Decimal("37.2")),
        vitals(world, 2, temperature_c=Decimal("38.6")),
        neuro(world, 2.5),
        treatment(world, 3, "paracetamol", "antipyretic", "crs"),
        vitals(world, 4, temperature_c=Decimal("37.1"), sbp=Decimal(86), hypotension=True),
        treatment(world, 5, "norepinephrine", "vasopressor", "crs", dose=4, unit="ug/min"),
        vitals(world, 6, sbp=Decimal(92), hypotension=True, vasopressors=["norepinephrine"]),
        neuro(world, 6),
        draft(Measurement, world, 6.5, kind=Measured.SBP_PROMPT, value=Decimal(95)),
        vitals(world, 8, sbp=Decimal(97), hypotension=False),
        neuro(world, 8.5),
    ]
    for fact in facts:
        kept(fact, world)
    run = Treatment.objects.get(drug="norepinephrine")
    kept(draft(TreatmentEnd, world, 7, treatment=run), world)
    kept(
        draft(Attribution, world, 7.5, sign="hypotension", cause="infection", because="cultures"),
        world,
        by=world.investigator,
    )
    return [("vitals", look) for look in VitalSigns.objects.all()] + [
        ("neuro", look) for look in NeuroAssessment.objects.all()
    ]


def on_the_page(client, kind, look):
    """What the page of a correction brings."""
    context = client.get(reverse("correct", args=[kind, look.pk])).context
    return json.loads(json.dumps(context["tablet_rules"]))


def when(look, minutes, zone="Asia/Taipei"):
    if minutes == 0:
        return {"when": "same"}
    clock = (look.observed_at + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return {"when": "other", "observed_on": f"{clock:%Y-%m-%d}", "observed_time": f"{clock:%H:%M}"}


@pytest.mark.long
def test_whatever_is_typed_and_wherever_it_is_moved_to(client, world, record):
    client.force_login(world.nurse)
    graded, turns = set(), {kind: cycle(forms) for kind, forms in CORRECTED.items()}
    for kind, look in record:
        known = on_the_page(client, kind, look)
        for minutes in MOVED_MINUTES:
            posted = next(turns[kind]) | when(look, minutes)
            at = (look.observed_at + timedelta(minutes=minutes)).isoformat()
            form = {name: value if isinstance(value, list) else [value] for name, value in posted.items()}
            question = {"ask": "typed", "kind": kind, "id": posted["id"], "at": at, "fields": form, "rules": known}
            on_tablet = answer(question)["badge"]
            if on_tablet is None:
                continue
            server = client.post(reverse("correct-preview", args=[kind, look.pk]), posted).context["badge"]
            assert on_tablet == badge_written(server), (kind, look.observed_at, posted)
            graded.add((kind, look.observed_at, minutes))

    hours = {"vitals": (1, 2, 4, 6, 8), "neuro": (2.5, 6, 8.5)}
    unmoved = {(kind, hour(h), 0) for kind, each in hours.items() for h in each}
    assert graded >= unmoved
    assert {(kind, at) for kind, at, minutes in graded if minutes == -600} == set()
    assert {(kind, at) for kind, at, minutes in graded if minutes == 600} == {("neuro", hour(8.5))}


def test_a_fact_that_comes_in_between_is_known_to_the_page_with_its_next_question(client, world, record):
    client.force_login(world.nurse)
    kind, look = next(one for one in record if one[1].observed_at == hour(8))
    before = on_the_page(client, kind, look)

    kept(
        draft(Attribution, world, 7.8, sign="fever", cause="infection", because="cultures"),
        world,
        by=world.investigator,
    )
    after = client.post(reverse("correct-preview", args=[kind, look.pk]), typed(when="same")).context["fresh_rules"]

    assert [sign for _at, _until, sign in before["state"]["attributed"]] == ["hypotension"]
    assert sorted(sign for _at, _until, sign in after["state"]["attributed"]) == ["fever", "hypotension"]
