"""What records are known by does not change under them: neither by page nor below it, and the page says what to do."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from regimens.models import Membership, NeuroInstrument, Participant, Regimen, Site, Study
from regimens.moving import transfer
from tests.audit.test_admin_pages import WHY, as_posted, form_of
from tests.builders import World, build_world, hour, kept, stay, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def recorded(world) -> World:
    """Somebody of whom a set is recorded, a study beside it, and an operator."""
    kept(vitals(world, 4), world)
    with acting(by="test", reason="an operator"):
        User.objects.create_superuser("root", "root@example.org", "root-password-long")
        Regimen.objects.create(study=world.study, code="OTHER", title="Other", drug="other")
    build_world("AWAY")
    return world


def another(model, world, name):
    """The row, and a value that it had no reason to get."""
    away, own = Study.objects.get(code="AWAY"), world.study
    return {
        (Participant, "study"): (world.participant, away),
        (Participant, "site"): (world.participant, world.other_site),
        (Participant, "number"): (world.participant, "DEMO-999"),
        (Participant, "neuro_instrument"): (world.participant, NeuroInstrument.CAPD),
        (Participant, "cohort"): (world.participant, "C9"),
        (Participant, "regimen"): (world.participant, Regimen.objects.get(code="OTHER")),
        (Site, "code"): (world.site, "DEMO-TPA"),
        (Site, "time_zone"): (world.site, "Europe/Berlin"),
        (Study, "code"): (own, "DEMA"),
        (Study, "resolution_hours"): (own, 12),
        (Study, "concurrence_days"): (own, 1),
        (Membership, "user"): (world.nurse.memberships.get(), world.outsider),
        (Membership, "study"): (world.nurse.memberships.get(), away),
        (Membership, "site"): (world.nurse.memberships.get(), world.other_site),
        (Membership, "role"): (world.nurse.memberships.get(), "investigator"),
        (Regimen, "study"): (world.regimen, away),
        (Regimen, "code"): (world.regimen, "STEP2"),
        (Regimen, "drug"): (world.regimen, "another"),
        (User, "username"): (world.nurse, "another.name"),
    }[model, name]


REFUSED = r"since the first record|by a transfer alone|another study|by a record of its own alone"
FIXED = [
    *((model, name) for model in (Participant, Site, Study, Membership, Regimen) for name in model.fixed),
    (User, "username"),
]


@pytest.mark.parametrize(("model", "name"), FIXED, ids=lambda one: getattr(one, "__name__", one))
def test_no_page_changes_it_once_something_is_recorded(recorded, client, model, name):
    """Case D5: each was accepted."""
    row, value = another(model, recorded, name)
    client.force_login(User.objects.get(username="root"))
    client.post(reverse("account_reauthenticate"), {"password": "root-password-long"})  # for accounts
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    sent = as_posted(form_of(client.get(address))) | WHY | {name: getattr(value, "pk", value)}

    answer = client.post(address, sent)

    assert answer.status_code == 200
    assert "since" in str(form_of(answer).errors[name])
    assert model.objects.filter(pk=row.pk, **{name: getattr(row, name)}).exists()


@pytest.mark.req("R01")
@pytest.mark.parametrize(("model", "name"), FIXED, ids=lambda one: getattr(one, "__name__", one))
def test_nothing_below_the_pages_changes_it(recorded, model, name):
    row, value = another(model, recorded, name)

    with (
        pytest.raises(
            IntegrityError,
            match=REFUSED,
        ),
        transaction.atomic(),
        acting(by="test", reason="around the pages"),
    ):
        model.objects.filter(pk=row.pk).update(**{name: value})


def test_before_the_first_record_a_slip_is_mended(world):
    build_world("AWAY")
    with acting(by="test", reason="a slip"):
        world.other_site.time_zone = "Europe/Berlin"
        for row, name, value in (
            (world.participant, "site", world.other_site), (world.participant, "number", "DEMO-2"),
            (world.study, "code", "DEMA"), (world.study, "concurrence_days", 1), (world.site, "time_zone", "UTC"),
            (world.nurse.memberships.get(), "role", "charge_nurse"), (world.regimen, "drug", "another"),
            (world.nurse, "username", "another.name"),
        ):  # fmt: skip
            setattr(row, name, value)
            row.clean()
            row.save()


def test_a_regimen_of_another_study_is_never_a_participants(world):
    away = build_world("AWAY")

    with pytest.raises(IntegrityError, match="another study"), transaction.atomic(), acting(by="test", reason="a slip"):
        Participant.objects.filter(pk=world.participant.pk).update(regimen=away.regimen)
    with pytest.raises(ValidationError):
        Participant(study=world.study, site=world.site, number="X", regimen=away.regimen).clean()


def test_what_is_the_right_way_stays_open(recorded):
    """An amendment, a transfer, the end of a membership, a title."""
    world, at = recorded, timezone.now()
    with acting(by="test", reason="the right way"):
        amended = Regimen.objects.create(study=world.study, code="STEP", version=2, title="Step-up", drug="demo",
                                         approved_at=at, approved_because="test")  # fmt: skip
        Participant.objects.filter(pk=world.participant.pk).update(regimen=amended)
        Membership.objects.filter(user=world.nurse).update(ended_at=at)
        Membership.objects.create(user=world.nurse, study=world.study, site=world.other_site, role="nurse")
        Study.objects.filter(pk=world.study.pk).update(title="Another title")
        Site.objects.filter(pk=world.site.pk).update(name="Another name")
        User.objects.filter(pk=world.nurse.pk).update(email="new@example.org", is_active=False)
    moved = transfer(
        participant_id=world.participant.pk, to=world.other_site, because="nearer home", by=world.charge_nurse, at=at
    )

    assert Participant.objects.get(pk=world.participant.pk).site == moved.to_site


def test_a_transfer_of_long_ago_is_no_leave_to_move(recorded):
    world = recorded
    for to in (world.other_site, world.site):
        transfer(
            participant_id=world.participant.pk, to=to, because="nearer home", by=world.investigator, at=timezone.now()
        )

    with (
        pytest.raises(IntegrityError, match="by a transfer alone"),
        transaction.atomic(),
        acting(by="test", reason="around the pages"),
    ):
        Participant.objects.filter(pk=world.participant.pk).update(site=world.other_site)


def test_a_stay_is_a_record_too(world):
    kept(stay(world), world, at=hour(-1))

    assert world.participant.has_records
    assert world.study.has_records
    assert world.site.has_records
