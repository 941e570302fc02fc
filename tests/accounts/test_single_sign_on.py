"""Single sign-on: off unless it is set; whoever is linked gets in, and nobody makes an account by signing in."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from crsmonitor.accounts.library.single_sign_on import PROOF
from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.models import Grade
from tests.builders import dose, kept, stay, vitals

pytestmark = pytest.mark.django_db
CALLBACK = "/accounts/oidc/hospital/login/callback/"


@cache
def private(kid: str) -> rsa.RSAPrivateKey:
    """Made when it is first asked for, which takes longer than many tests do."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def public() -> dict[str, str]:
    published = json.loads(RSAAlgorithm.to_jwk(private("ours").public_key()))
    return published | {"kid": "ours", "use": "sig", "alg": "RS256"}


class Provider(BaseHTTPRequestHandler):
    """A provider that signs everybody in as the same person."""

    also: ClassVar[dict[str, object]] = {}  # claims besides, or instead; None: left out
    header: ClassVar[dict[str, str]] = {}
    signs_by: ClassVar[str | None] = "ours"  # a private key
    secret: ClassVar[str | None] = None  # where it signs by none
    algorithm: ClassVar[str] = "RS256"
    parameters: ClassVar[dict[str, str]] = {}  # what was sent along with the person
    issuer: ClassVar[str] = ""
    moved: ClassVar[bool] = False

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_port}"
        if self.moved and "elsewhere" not in self.path:
            self.send_response(302)
            self.send_header("Location", f"{base}/elsewhere{self.path}")
            self.end_headers()
        elif "well-known" in self.path:
            names = ("authorization", "token", "userinfo")
            config = {f"{name}_endpoint": f"{base}/{name}" for name in names}
            self.answer(config | {"issuer": self.issuer or base, "jwks_uri": f"{base}/keys"})
        else:
            self.answer({"keys": [public(), {"kty": "oct", "kid": "secret", "k": "AAAA"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        base, now = f"http://127.0.0.1:{self.server.server_port}", int(time.time())
        claims = {"sub": "person-7", "iss": base, "aud": "crs", "iat": now, "exp": now + 60, "auth_time": now,
                  "nonce": self.parameters.get("nonce")} | self.also  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"kid": "ours"} | self.header
        key = private(self.signs_by) if self.signs_by else self.secret
        id_token = jwt.encode(claims, key, algorithm=self.algorithm, headers=header)
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
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()  # looks so often whether it ends
    app = {
        "provider_id": "hospital", "name": "Hospital", "client_id": "crs", "secret": "s",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield
    server.shutdown()
    server.server_close()


def set_out(client: Client, **form: str) -> dict[str, str]:
    """What goes to the provider with the person who is led there."""
    away = client.post(reverse("openid_connect_login", args=["hospital"]), {"next": "/alerts/"} | form)
    assert away.status_code == 200, away
    Provider.parameters = dict(parse_qsl(urlsplit(away["Refresh"].removeprefix("0; url=")).query))
    assert {"code_challenge", "nonce", "state"} <= set(Provider.parameters)
    return Provider.parameters


def come_back(client: Client, **form: str):
    """From a page to the provider and back."""
    return client.get(CALLBACK, {"code": "c", "state": set_out(client, **form)["state"]})


def test_there_is_none_unless_it_is_set(client, world):
    assert "/oidc/" not in client.get(reverse("login")).content.decode()
    assert client.post(reverse("openid_connect_login", args=["hospital"])).status_code == 404
    client.force_login(world.nurse)
    assert client.get(reverse("prove")).status_code == 404


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


@pytest.mark.req("R04")
def test_whoever_has_no_password_sets_up_a_passkey_right_after_signing_in(client, world, provider, time_machine):
    without_password(world.nurse)
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


def refused_at(client) -> bool:
    return come_back(client).status_code == 403 and client.get(reverse("board")).status_code == 302


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1_700_000_000}, {"nonce": "of another sign-in"},
     {"nonce": None}, {"exp": None}, {"sub": None}, {"aud": ["crs", "another"]},
     {"aud": ["crs", "another"], "azp": "another"}, {"iat": 4_000_000_000}],
    ids=str,
)  # fmt: skip
def test_a_token_for_another_of_another_or_of_before_opens_nothing(client, world, provider, monkeypatch, claims):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    monkeypatch.setattr(Provider, "also", claims)
    assert refused_at(client)


SHARED = {"signs_by": None, "secret": "k" * 32, "algorithm": "HS256"}


@pytest.mark.parametrize(
    "forged",
    [{"signs_by": "others"}, SHARED, {"signs_by": None, "algorithm": "none"},
     SHARED | {"header": {"kid": "secret"}}, {"header": {"kid": "unknown"}},
     {"header": {"typ": "at+jwt"}}, {"algorithm": "RS512"}],
    ids=["key of another", "shared key", "no key", "shared key by name", "unknown key", "another type", "RS512"],
)  # fmt: skip
def test_a_token_that_is_not_signed_by_the_providers_key_opens_nothing(client, world, provider, monkeypatch, forged):
    """OpenID Connect Core 3.1.3.7 (6, 7); RFC 8725 3.1: the algorithms are ours to choose."""
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    for name, value in forged.items():
        monkeypatch.setattr(Provider, name, value)
    assert refused_at(client)


@pytest.mark.parametrize("fault", [{"issuer": "https://other.example"}, {"moved": True}], ids=str)
def test_metadata_of_another_issuer_and_a_provider_that_leads_elsewhere_are_refused(
    client, world, provider, monkeypatch, fault
):
    """OpenID Connect Discovery 4.3."""
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    for name, value in fault.items():
        monkeypatch.setattr(Provider, name, value)
    answer = client.post(reverse("openid_connect_login", args=["hospital"]))
    assert (answer.status_code, "did not say who you are" in answer.content.decode()) == (403, True)


def test_no_link_of_another_site_signs_anybody_in(client, world, provider):
    """A visit leads to the sign-in page; only its own form, with its key, sets out."""
    address = reverse("openid_connect_login", args=["hospital"])
    assert client.get(address, {"next": "/alerts/"})["Location"] == "/accounts/login/?next=%2Falerts%2F"
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    sent = set_out(client)
    assert (sent["max_age"], "prompt" in sent) == (str(12 * 60 * 60), False)


@pytest.mark.long
def test_one_links_and_ends_the_own_link_after_saying_who_one_is(client, world, provider, time_machine):
    client.force_login(world.nurse)
    address, page = reverse("openid_connect_login", args=["hospital"]), reverse("socialaccount_connections")
    assert client.post(address, {"process": "connect"})["Location"] == page
    assert client.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": "demo.nurse-password"})
    assert "not linked" in client.get(page).content.decode()

    sent = set_out(client, process="connect", next="")
    assert (sent["prompt"], sent["max_age"]) == ("login", "0")
    client.get(CALLBACK, {"code": "c", "state": sent["state"]})
    assert "may sign in there" in client.get(page).content.decode()
    assert come_back(Client())["Location"] == "/alerts/"

    assert client.post(page).status_code == 302
    assert come_back(Client()).status_code == 403
    kinds = set(AuditEvent.objects.filter(subject=f"user:{world.nurse.pk}").values_list("table_name", flat=True))
    assert {"sign_in_linked", "sign_in_unlinked"} <= kinds


def test_the_only_way_in_is_not_ended(client, world, provider):
    without_password(world.nurse)
    come_back(client)
    assert client.post(reverse("socialaccount_connections")).status_code == 403
    assert come_back(Client())["Location"] == "/alerts/"


def without_password(user: User) -> None:
    call_command("link_sign_in", user.username, "person-7", stdout=StringIO())
    with acting(by="test", reason="single sign-on alone"):
        user.set_unusable_password()
        user.save()


# --- Signing --------------------------------------------------------------------------------------------------


def sign(client: Client, world) -> int:
    root = str(Grade.objects.get(kind="crs").root)
    body = {"id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat(), "about": "set", "about_root": root,
            "kind": "crs", "ledger": "investigator", "agrees": True,
            "signature": {"name": world.investigator.username, "password": ""}}  # fmt: skip
    there = f"/api/v1/participants/{world.participant.pk}/grade-assessments/"
    answer = client.post(there, body, content_type="application/json")
    print(answer.content)
    return answer.status_code


@pytest.fixture
def investigator(client, world, provider) -> Client:
    """Without a password, signed in at the provider; there is a fever to judge."""
    for fact in (stay(world), dose(world), vitals(world, 4, temperature_c=38.6)):
        kept(fact, world)
    without_password(world.investigator)
    come_back(client)
    return client


def test_who_has_no_password_signs_once_when_the_provider_asked_again(world, investigator):
    """21 CFR 11.200(a): at the moment of signing; the provider: prompt=login, max_age=0."""
    assert sign(investigator, world) == 400
    page = investigator.get(reverse("judge", args=[world.participant.pk, "set", Grade.objects.get(kind="crs").root]))
    assert reverse("prove") in page.content.decode()
    sent = set_out(investigator, process="prove")
    assert (sent["prompt"], sent["max_age"]) == ("login", "0")
    shown = investigator.get(CALLBACK, {"code": "c", "state": sent["state"]})
    assert "good for one signature" in shown.content.decode()

    assert [sign(investigator, world), sign(investigator, world)] == [201, 400]
    come_back(investigator, process="prove")
    session = investigator.session
    session[PROOF] |= {"at": (timezone.now() - timedelta(seconds=121)).isoformat()}
    session.save()
    assert sign(investigator, world) == 400
    kinds = set(AuditEvent.objects.filter(subject=f"user:{world.investigator.pk}").values_list("table_name", flat=True))
    assert "proven_by_single_sign_on" in kinds


@pytest.mark.parametrize("claims", [{"auth_time": None}, {"auth_time": 1_700_000_000}, {"sub": "person-8"}], ids=str)
def test_a_provider_that_did_not_ask_again_and_another_person_sign_nothing(world, investigator, monkeypatch, claims):
    monkeypatch.setattr(Provider, "also", claims)
    assert come_back(investigator, process="prove").status_code == 403
    assert sign(investigator, world) == 400


def test_nobody_comes_back_who_did_not_set_out_in_this_browser(client, world, provider):
    call_command("link_sign_in", world.nurse.username, "person-7", stdout=StringIO())
    state = set_out(Client())["state"]
    for sent in ({"code": "c", "state": state}, {"code": "c"}, {"code": "c", "state": "made-up"}):
        assert client.get(CALLBACK, sent).status_code == 403
        assert client.get(reverse("board")).status_code == 302
