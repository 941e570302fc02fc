"""Under which key a browser keeps what was typed and not saved: its owner's, while she is signed in."""

import base64

import pytest
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.draft_keys import draft_key
from crsmonitor.audit.acting import acting

pytestmark = pytest.mark.django_db


def test_it_is_of_one_person_and_ends_with_her_password(world):
    first = draft_key(world.nurse)
    assert len(base64.b64decode(first)) == 32
    assert draft_key(User.objects.get(pk=world.nurse.pk)) == first  # at her next sign-in
    assert draft_key(world.charge_nurse) != first
    with acting(by="test", reason="another password"):
        world.nurse.set_password("another-long-password")
        world.nurse.save()
    assert draft_key(world.nurse) != first


def test_the_page_gives_it_to_whoever_is_signed_in_and_no_cache_keeps_it(client, world):
    client.force_login(world.nurse)
    answer = client.get(reverse("vitals", args=[world.participant.pk]))
    assert f'data-draft-key="{draft_key(world.nurse)}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
