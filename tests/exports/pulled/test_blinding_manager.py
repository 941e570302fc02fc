"""Who keeps a study blinded: named by page, told by mail of each unblinded pull and key, and shown all of them."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.encoding import force_str

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.alerting import tasks
from grading.exports.blinding.naming import name
from grading.exports.keys.services import Binding, issue
from grading.models import BlindingManager, UnblindingNote
from regimens.blinding import Profile
from regimens.models import Membership
from tests.builders import build_world, person

pytestmark = pytest.mark.django_db
PAGE = "/exports/DEMO/unblinding/"
ROWS = "/api/v1/dataset-json/studies/STDY.DEMO/datasets/IG.ADSL"


@pytest.fixture
def world(world):
    """Blinded, with a data manager of all sites and the sponsor's person who keeps it so."""
    with acting(by="test", reason="a blinded study"):
        world.study.blinded = True
        world.study.save()
        world.data_manager = person("whole.data", world.study, Role.DATA_MANAGER)
        world.keeper = person("keeper", world.study, Role.SPONSOR)
    name(world.study, str(world.keeper.pk), by=world.data_manager, at=timezone.now())
    return world


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def key_of(world, profile=Profile.DMC, program="dmc") -> str:
    binding = Binding(sites=None, datasets=["adsl"], profile=profile)
    return issue(world.study, name=program, binding=binding, days=9, by=world.data_manager, at=timezone.now())


def pulled(key) -> int:
    answer = Client(headers={"api-key": key}).get(ROWS)
    answer.getvalue()
    return answer.status_code


def sent() -> list[mail.EmailMessage]:
    mail.outbox.clear()
    for note in UnblindingNote.objects.filter(sent_at=None):
        tasks.deliver(str(note.pk))
    return list(mail.outbox)


def test_a_key_and_a_pull_are_told_at_once_and_stand_on_the_page(world):
    key = key_of(world)
    (made,) = sent()
    assert pulled(key) == 200
    (left,) = sent()
    assert pulled(key) == 200

    assert sent() == []  # the same program and thing, within the hour: it is on the page
    assert (made.to, left.to) == ([world.keeper.email], [world.keeper.email])
    assert made.subject == "[crsmonitor] DEMO: something tells what is blinded"
    assert "A key was made" in made.body
    assert "Data left that tell" in left.body
    page = force_str(of(world.keeper).get(PAGE).content).partition("<main")[2]
    assert page.count("machine.DEMO.dmc · adsl") == 2
    assert "key made" in page
    assert "whole.data · dmc" in page


def test_the_message_names_nobody_and_nothing_but_study_instant_and_page(world):
    key = key_of(world)
    pulled(key)

    for message in sent():
        words = message.subject + message.body
        assert PAGE in words
        for personal in (
            "machine",
            "dmc",
            "whole.data",
            "keeper",
            "adsl",
            world.study.title,
            key,
        ):
            assert personal not in words


def test_a_blinded_key_and_an_open_study_are_told_to_nobody(world):
    assert pulled(key_of(world, Profile.BLINDED, "edc")) == 200
    with acting(by="test", reason="opened"):
        world.study.blinded = False
        world.study.save()
    assert pulled(key_of(world)) == 200

    assert not UnblindingNote.objects.exists()
    assert not AuditEvent.objects.filter(table_name__in=["unblinded_pull", "unblinded_key"]).exists()


def test_whoever_was_ended_or_has_left_the_study_is_told_nothing_and_finds_nothing(world):
    with acting(by="test", reason="left"):
        Membership.objects.filter(user=world.keeper).update(ended_at=timezone.now())

    key_of(world)

    assert not UnblindingNote.objects.exists()
    assert of(world.keeper).get(PAGE).status_code == 404


def test_a_data_manager_names_and_ends_by_page_and_the_trail_has_it(world):
    client, stranger = of(world.data_manager), build_world("OTHER").nurse

    answers = [client.post(PAGE, {"person": pk}) for pk in (world.nurse.pk, world.nurse.pk, stranger.pk, "x")]
    assert [one.status_code for one in answers] == [302, 400, 400, 400]
    named = BlindingManager.objects.get(person=world.nurse)
    assert of(world.nurse).get(PAGE).status_code == 200
    assert of(world.nurse).post(PAGE, {"end": named.pk}).status_code == 403
    assert client.post(PAGE, {"end": named.pk}).status_code == 302
    assert client.post(PAGE, {"end": named.pk}).status_code == 404
    trail = AuditEvent.objects.filter(table_name="grading_blindingmanager", subject=f"study:{world.study.pk}")
    assert trail.filter(row_id=str(named.pk)).count() == 2


def test_nobody_else_finds_the_page(world):
    strangers = (world.nurse, world.sponsor, world.investigator, build_world("OTHER").data_manager)

    assert {of(one).get(PAGE).status_code for one in strangers} == {404}
