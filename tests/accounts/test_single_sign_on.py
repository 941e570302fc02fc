"""Single sign-on: off unless it is set; whoever is linked gets in, and nobody makes an account by signing in."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
CALLBACK = "/accounts/oidc/hospital/login/callback/"


class Provider(BaseHTTPRequestHandler):
    """A provider that signs everybody in as the same person."""

    also: ClassVar[dict[str, object]] = {}  # claims besides, or instead

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"
        if "well-known" in self.path:
            names = ("authorization", "token", "userinfo")
            self.answer({f"{name}_endpoint": f"{base}/{name}" for name in names} | {"issuer": base, "jwks_uri": base})
        else:
            self.answer({"sub": "person-7", "email": "demo.nurse@example.org", "email_verified": True})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        base, now = f"http://127.0.0.1:{self.server.server_port}", int(time.time())
        claims = {"sub": "person-7", "iss": base, "aud": "crs", "iat": now, "exp": now + 60} | self.also
        id_token = jwt.encode(claims, "k" * 32, algorithm="HS256")
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": id_token})

    def answer(self, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {
        "provider_id": "hospital", "name": "Hospital", "client_id": "crs", "secret": "s",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield
    server.shutdown()
    server.server_close()


def come_back(client: Client):
    """From the sign-in page to the provider and back."""
    away = client.get(reverse("openid_connect_login", args=["hospital"]), {"next": "/alerts/"})
    query = parse_qs(urlsplit(away["Location"]).query)
    assert "code_challenge" in query
    return client.get(CALLBACK, {"code": "c", "state": query["state"][0]})


def test_there_is_none_unless_it_is_set(client, world):
    assert "/oidc/" not in client.get(reverse("login")).content.decode()
    assert client.get(reverse("openid_connect_login", args=["hospital"])).status_code == 404


def test_whoever_is_not_linked_stays_outside_though_the_address_is_known(client, world, provider):
    assert "/oidc/hospital/" in client.get(reverse("login")).content.decode()
    people = User.objects.count()
    answer = come_back(client)
    assert answer.status_code == 403
    assert "Nobody here is linked" in answer.content.decode()
    assert client.get(reverse("board")).status_code == 302
    assert User.objects.count() == people
    assert "person-7" not in str(AuditEvent.objects.filter(table_name="sign_in_failed").values())


def test_whoever_is_linked_gets_in(client, world, provider):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    assert come_back(client)["Location"] == "/alerts/"
    assert client.get(reverse("board")).status_code == 200
    kinds = set(AuditEvent.objects.filter(subject=f"user:{world.nurse.pk}").values_list("table_name", flat=True))
    assert {"sign_in", "sign_in_linked"} <= kinds


def test_whoever_has_no_password_sets_up_a_passkey_right_after_signing_in(client, world, provider, time_machine):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    with acting(by="test", reason="single sign-on alone"):
        world.nurse.set_unusable_password()
        world.nurse.save()
    come_back(client)
    addresses = [reverse(name) for name in ("mfa_add_webauthn", "mfa_activate_totp", "tokens")]
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    time_machine.move_to(timezone.now() + timedelta(minutes=6), tick=False)
    assert [client.get(address).status_code for address in addresses] == [403] * 3


def test_one_person_is_linked_once(world):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    for name, why in ((world.investigator.username, "linked already"), ("nobody", "no active user")):
        with pytest.raises(CommandError, match=why):
            call_command("link_sign_in", name, "person-7")


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1_700_000_000}])
def test_a_token_for_another_of_another_or_of_before_opens_nothing(client, world, provider, monkeypatch, claims):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    monkeypatch.setattr(Provider, "also", claims)

    assert come_back(client).status_code == 403
    assert client.get(reverse("board")).status_code == 302


def test_nobody_comes_back_who_did_not_set_out_in_this_browser(client, world, provider):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    away = Client().get(reverse("openid_connect_login", args=["hospital"]))
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    for sent in ({"code": "c", "state": state}, {"code": "c"}, {"code": "c", "state": "made-up"}):
        assert client.get(CALLBACK, sent).status_code == 403
        assert client.get(reverse("board")).status_code == 302
