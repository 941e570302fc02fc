"""A client that signs in by one INSERT has what Django's own has."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from tests.accounts import sign_ins

pytestmark = pytest.mark.django_db


def left_by(sign_in, user) -> tuple[dict, dict]:
    """The session, and all of the cookie but the key of the session."""
    client = Client()
    sign_in(client, user, client._get_backend())
    [cookie] = client.cookies.values()
    session = Session.objects.get(pk=cookie.value).get_decoded()
    assert client.get(reverse("board")).wsgi_request.user == user
    return session, dict(cookie)


def test_session_and_cookie_are_those_of_django(world):
    assert left_by(sign_ins._login, world.nurse) == left_by(sign_ins._by_django, world.nurse)


def test_it_is_noted_that_she_signed_in(world):
    before = timezone.now()

    Client().force_login(world.nurse)

    assert User.objects.get(pk=world.nurse.pk).last_login >= before


def test_whoever_signs_in_after_another_has_a_session_of_her_own(world):
    client = Client()
    client.force_login(world.nurse)
    first = client.session.session_key
    client.force_login(world.investigator)

    assert client.session.session_key != first
    assert not Session.objects.filter(pk=first).exists()
