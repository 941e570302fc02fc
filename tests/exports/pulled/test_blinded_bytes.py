"""What a blinded recipient is sent, by every door: nowhere in the bytes a cohort, a regimen, a step or a dose."""

import io
from decimal import Decimal as D
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.exports.datasets import ALL
from grading.exports.keys.services import Binding, issue
from grading.exports.packet.building import build_next
from regimens.blinding import Profile
from tests.builders import build_world, dose, hour, kept, person, stay, vitals
from tests.exports.packet.test_packets import later, made
from tests.pages import undrawn
from tests.treatment.conftest import adopted

pytestmark = pytest.mark.django_db(transaction=True)

PLAN = {
    "id": "omegaplan", "drug": "sigmumab", "title": "Omega first in human", "route": "IV",
    "steps": [
        {"label": "ZETARISE", "day": 1, "dose": D("1.6180"), "unit": "mg", "step_up": True, "source": "P"},
        {"label": "ETAFULL", "day": 8, "dose": D("5.4321"), "unit": "mg", "target": True, "repeats": True,
         "interval": {"min_d": 7, "planned_d": 7, "source": "P"}, "source": "P"},
    ],
    "cohorts": [{"name": "KAPPA7", "ladder": {"ZETARISE": D("3.1415")}}],
    "sources": {"P": {"what": "protocol"}},
}  # fmt: skip
# Cohort, regimen, its drug and title, steps, planned doses, what was given, and what was put down first by mistake.
SECRETS = {"kappa7", "omegaplan", "sigmumab", "omega first", "zetarise", "etafull", "1.618", "5.4321", "3.1415",
           "2.7182", "6.5535", "7.389"}  # fmt: skip


@pytest.fixture
def world(transactional_db):
    """Two doses with a fever after each, the first corrected with a reason that tells it, then blinded."""
    world = adopted(build_world("TRIAL"), PLAN, "KAPPA7")
    kept(stay(world, -2), world)
    mistyped = kept(dose(world, 0, amount=D("6.5535"), unit="mg", despite_gate="KAPPA7 as ordered"), world).fact
    right = dose(world, 0, amount=D("2.7182"), unit="mg", despite_gate="KAPPA7 as ordered", supersedes=mistyped,
                 root=mistyped.root, reason="6.5535 was of ETAFULL")  # fmt: skip
    kept(right, world, at=hour(0.4))
    kept(dose(world, 168, step=1, amount=D("7.3890"), unit="mg", despite_gate="as ordered"), world)
    for hours in (4, 172):
        kept(vitals(world, hours, temperature_c=39.4, sbp=84, hypotension=True), world)
    world.study.blinded = True
    with acting(by=world.data_manager, reason="protocol 5.2"):
        world.study.save()
    return world


def client_of(world, profile, name):
    with acting(by="test", reason="of the whole study"):
        manager = person(f"{name}.data", world.study, Role.DATA_MANAGER)
    binding = Binding(sites=None, datasets=[one.name for one in ALL], profile=profile)
    key = issue(world.study, name=name, binding=binding, days=1, by=manager, at=timezone.now())
    return Client(headers={"api-key": key})


def sent_by(answer) -> bytes:
    """Headers and bytes; of an archive those of each file, with its name, besides."""
    body = answer.getvalue()
    parts = [f"{name}: {value}".encode() for name, value in answer.items()] + [body]
    if answer["content-type"] == "application/zip":
        with ZipFile(io.BytesIO(body)) as archive:
            parts += [part for name in archive.namelist() for part in (name.encode(), archive.read(name))]
    return b"\n".join(parts)


API = "/api/v1"
PULLED = f"{API}/dataset-json/studies/STDY.TRIAL"
DOORS = [
    f"{API}/dataset-json/about", f"{API}/dataset-json/studies", PULLED, f"{PULLED}/datasets",
    *(f"{PULLED}/datasets/IG.{one.name.upper()}" for one in ALL), f"{PULLED}/datasets/IG.ADEX?metadataonly=true",
    f"{PULLED}/datasets/IG.ADEX/ndjson",
    f"{API}/studies/TRIAL/dose-periods/", f"{API}/studies/TRIAL/dose-periods/?since=2026-01-01T00:00:00Z",
    f"{API}/studies/TRIAL/datasets/adcrsp/", f"{API}/studies/TRIAL/datasets/adcrsp/?format_variant=excel",
    f"{PULLED}/snapshots", f"{PULLED}/snapshots/first", f"{PULLED}/snapshots/first/datasets/IG.ADEX",
    f"{PULLED}/defines", f"{PULLED}/defines/first", f"{API}/studies/TRIAL/datasets/adcrsp/dictionary/",
    f"{API}/studies/TRIAL/cuts/first/packet.zip",
]  # fmt: skip
REFUSED = [
    f"{PULLED}/datasets/IG.OTHER", f"{PULLED}/datasets/IG.ADEX?cohort=1", f"{API}/studies/TRIAL/cuts/none/packet.zip",
    f"{API}/studies/TRIAL/dose-periods/?cursor=x", f"{API}/studies/TRIAL/datasets/adcrsp/?cut=2026-03-02T10:00:00Z",
    f"{API}/participants/", f"{API}/participants/1/", f"{API}/studies/TRIAL/datasets/adcrsp/?step=1",
]  # fmt: skip


def secrets_by(client, doors) -> dict[str, tuple[int, set[str]]]:
    """Of each door the status, and what its bytes tell."""
    secrets = {}
    for door in doors:
        answer = client.get(door)
        data = sent_by(answer)  # all of it, before the next is asked for: one export at a time
        text = undrawn(data.decode("latin-1")).lower()  # the instant of an answer, 12:00:07.389…, is no dose
        secrets[door] = answer.status_code, {one for one in SECRETS if one in text}
    return secrets


@pytest.mark.long
def test_no_byte_that_a_blinded_recipient_is_sent_tells_what_is_given(world):
    made(world, "first")
    build_next(clock=later)
    blinded, committee = (client_of(world, one, one.value) for one in (Profile.BLINDED, Profile.DMC))

    assert secrets_by(blinded, DOORS) == dict.fromkeys(DOORS, (200, set()))
    refused = secrets_by(blinded, REFUSED)
    assert {status for status, _ in refused.values()} == {400, 403, 404}
    assert {door: names for door, (_, names) in refused.items() if names} == {}
    assert not AuditEvent.objects.filter(table_name="unblinded_pull").exists()

    # The committee is told, so that the secrets are where they are looked for; each such pull is an event.
    period, adex = f"{API}/studies/TRIAL/dose-periods/", f"{PULLED}/datasets/IG.ADEX"
    of_committee = secrets_by(committee, [period, adex])
    assert of_committee[period][1] == SECRETS - {"sigmumab", "omega first", "6.5535", "1.618"}
    assert "sigmumab" in of_committee[adex][1]
    events = AuditEvent.objects.filter(table_name="unblinded_pull").order_by("id")
    assert [(event.after["what"], event.after["name"]) for event in events] == [
        ("adcrsp", "machine.TRIAL.dmc"), ("adex", "machine.TRIAL.dmc")]  # fmt: skip
