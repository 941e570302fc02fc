"""R08: wherever a corrected value is shown it says so, and its old values are one tap away."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import Episode, VitalSigns
from tests.builders import World, dose, hour, kept, person, stay, treatment, vitals
from tests.review.drafts import send
from tests.stages import stage

pytestmark = [pytest.mark.django_db, pytest.mark.req("R08")]
SETS, DRUGS, DOSES = "grading_vitalsigns", "grading_treatment", "regimens_dose"
AGAIN = {"reason": "mistyped"}


@stage(lasts_s=600)
def entered(world: World) -> World:
    """A fever, paracetamol and the dose, each as it came."""
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    kept(treatment(world, 5, "paracetamol", "antipyretic", "crs", dose=500, unit="mg"), world)
    return world


def correct(world: World) -> None:
    first = VitalSigns.objects.get()
    kept(vitals(world, 4, temperature_c=38.9, supersedes=first, **AGAIN), world, at=hour(6))
    drug = world.participant.treatment_facts.get()
    changed = {"dose": 1000, "unit": "mg", "supersedes": drug, **AGAIN}
    kept(treatment(world, 5, "paracetamol", "antipyretic", "crs", **changed), world, at=hour(6))
    given = world.participant.dose_facts.get()
    kept(dose(world, amount=4, supersedes=given, **AGAIN), world, at=hour(6))


def pages(world: World) -> dict[str, str]:
    pk, root = world.participant.pk, Episode.objects.get(kind="crs").root
    return {
        "board": reverse("board"), "participant": reverse("participant", args=[pk]),
        "episode": reverse("episode", args=[pk, "crs", root]),
    }  # fmt: skip


MARKS = {"board": {SETS}, "participant": {SETS, DRUGS, DOSES}, "episode": {SETS, DRUGS}}


def marked(user, address: str) -> set[str]:
    """The kinds whose old values are a tap away there."""
    client = Client()
    client.force_login(user)
    page = client.get(address)
    assert page.status_code == 200, address
    links = re.findall(r'class="corrected-mark"\s+href="([^"]*)"', page.content.decode())
    for link in set(links):
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link
    return {kind for link in links for kind in re.findall(r"kind=(\w+)", link)}


@pytest.mark.long
def test_a_mark_stands_beside_each_corrected_value_and_beside_no_other(entered):
    before = {name: marked(entered.investigator, address) for name, address in pages(entered).items()}
    assert before == {name: set() for name in MARKS}

    correct(entered)

    assert {name: marked(entered.investigator, address) for name, address in pages(entered).items()} == MARKS


def test_a_central_reviewer_sees_that_it_was_corrected_and_no_ward(entered):
    correct(entered)
    with acting(by="test", reason="a reviewer"):
        central = person("demo.central", entered.study, Role.CENTRAL)
    send(entered)
    client = Client()
    client.force_login(central)

    text = client.get(pages(entered)["episode"]).content.decode()

    assert '<span class="corrected-mark">corrected</span>' in text
    assert reverse("history", args=[entered.participant.pk]) not in text


def test_a_page_is_no_call_in_chinese(entered):
    """Both were "page" in the catalogue: 呼叫 is what is done to somebody on call."""
    changed = vitals(entered, 4, temperature_c=38.9, supersedes=VitalSigns.objects.get(), source="page", **AGAIN)
    kept(changed, entered, at=hour(6))
    client = Client(headers={"accept-language": "zh-hant"})
    client.force_login(entered.nurse)
    page = client.get(reverse("history", args=[entered.participant.pk])).content.decode()
    assert "頁面" in page
    assert "呼叫" not in page
