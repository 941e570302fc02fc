"""The page of the queue: what is proposed beside what is on file, decided with a reason, in both languages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grading.intake.words import REASON_WORDS
from grading.models import IntakePolicy, IntakeRow, RowState, Treatment, VitalSigns
from grading.rules.intake.reasons import REASONS, reason
from grading.rules.intake.received import RowKind
from regimens.models import Signature
from tests.builders import World, dose, hour, kept, signature, stay, vitals
from tests.intake.builders import part, taken
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def queued(world: World) -> World:
    """A set on file at 3 h, fevers that wait, before the dose one that asks, and a drug for nobody knows what."""
    kept(stay(world, -2), world)
    kept(dose(world, 0), world)
    kept(vitals(world, 3, temperature_c=37.1), world)
    drug = part(
        world, "m", 4, gives={"drug": "paracetamol", "drug_class": "antipyretic"}, kind=RowKind.TREATMENT,
        reasons=(reason("indication_missing"),),
    )  # fmt: skip
    taken(world, part(world, "t", 4), part(world, "u", 4.5), part(world, "v", 4.8), part(world, "e", -3), drug)
    return world


def browser(user: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def row_of(h: float, kind: str = "vitals") -> IntakeRow:
    return IntakeRow.objects.get(observed_at=hour(h), kind=kind)


def decided(client: Client, row: IntakeRow, **body: str) -> Any:
    return client.post(reverse("intake-decide", args=[row.pk]), body)


def test_what_is_proposed_stands_beside_what_is_on_file(queued: World) -> None:
    text = browser(queued.nurse).get(reverse("intake")).content.decode()
    assert queued.participant.number in text
    for shown in ("38.6", "37.1", "From before the first dose.", "It does not say what it was given for.", "Accept"):
        assert shown in text
    assert "早於第一劑。" in browser(queued.nurse, "zh-hant").get(reverse("intake")).content.decode()


def test_accepted_with_what_is_asked(queued: World) -> None:
    client = browser(queued.nurse)
    assert decided(client, row_of(4), do="accept").status_code == 302
    assert VitalSigns.objects.filter(pk=row_of(4).pk, recorded_by=queued.nurse).exists()
    assert "say why it is accepted" in decided(client, row_of(-3), do="accept").content.decode()
    drug = row_of(4, "treatment")
    assert decided(client, drug, do="accept", because="fever").status_code == 400
    assert decided(client, drug, do="accept", because="fever", indication="crs").status_code == 302
    assert Treatment.objects.get(pk=drug.pk).indication == "crs"
    assert decided(client, row_of(4), do="reject", because="late").status_code == 409


def test_rejected_with_a_reason(queued: World) -> None:
    client = browser(queued.nurse)
    assert decided(client, row_of(4), do="reject").status_code == 400
    assert decided(client, row_of(4), do="reject", because="another bed").status_code == 302
    assert row_of(4).state == RowState.REJECTED


def test_all_of_a_participant_that_nothing_is_asked_of(queued: World) -> None:
    address = reverse("intake-accept-all", args=[queued.participant.pk])
    assert browser(queued.data_manager).post(address).status_code == 403
    assert browser(queued.nurse).post(address).status_code == 302
    assert sorted(IntakeRow.objects.values_list("state", flat=True)) == ["accepted"] * 3 + ["held"] * 2


def test_who_sees_and_who_decides(queued: World) -> None:
    seen = browser(queued.data_manager).get(reverse("intake")).content.decode()
    assert "38.6" in seen
    assert 'value="accept"' not in seen
    assert "38.6" not in browser(queued.outsider).get(reverse("intake")).content.decode()
    assert browser(queued.sponsor).get(reverse("intake")).status_code == 404
    for who, status in ((queued.data_manager, 403), (queued.outsider, 404), (queued.sponsor, 404)):
        assert decided(browser(who), row_of(4), do="accept").status_code == status


@pytest.mark.long
def test_letting_in_without_a_person_is_signed(queued: World) -> None:
    address = reverse("intake-automatic", args=[queued.study.code])
    client = browser(queued.investigator)
    assert "nothing is let in by itself" in client.get(address).content.decode()
    body = {"automatic": "fhir", "because": "pilot of the interface"}
    assert client.post(address, body).status_code == 400
    assert client.post(address, body | signature(queued.investigator)).status_code == 302
    assert "Imports let in without a person" in client.get(reverse("signatures")).content.decode()
    one = Signature.objects.get(kind="imports")
    assert client.get(f"{reverse('signatures')}?kind=imports&record={one.record}").status_code == 200
    assert IntakePolicy.objects.get().automatic == ["fhir"]
    assert Signature.objects.filter(kind="imports").count() == 1
    assert browser(queued.data_manager).post(address, body).status_code == 403
    assert browser(queued.data_manager).get(address).status_code == 200
    assert browser(queued.sponsor).get(address).status_code == 404


def test_every_reason_has_its_words() -> None:
    assert set(REASON_WORDS) == set(REASONS)
