"""Keys for machines: shown once, audited, with an end."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.accounts.selectors import live_token
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def issue(user="demo.nurse", *, label="ward tablet", days=30, scopes=("read",)):
    out = StringIO()
    call_command(
        "issue_token", user, "--label", label, "--days", str(days), "--scope", *scopes, stdout=out, stderr=StringIO()
    )  # fmt: skip
    return out.getvalue().strip()


def status(key):
    return Client(headers={"authorization": f"Token {key}"}).get("/api/v1/participants/").status_code


def test_a_key_opens_the_api_and_is_kept_as_a_hash_only(world):
    key = issue()

    token = ApiToken.objects.get()
    assert status(key) == 200
    assert (token.user, token.label, token.digest) == (world.nurse, "ward tablet", ApiToken.digest_of(key))
    assert timedelta(days=29) < token.expires_at - timezone.now() < timedelta(days=31)
    assert key not in str(AuditEvent.objects.filter(table_name="accounts_apitoken").values())


def test_issuing_and_revoking_are_audited(world):
    issue()
    call_command("revoke_token", str(ApiToken.objects.get().pk), stdout=StringIO())

    links = AuditEvent.objects.filter(table_name="accounts_apitoken").values_list("action", "actor", "reason")
    assert list(links) == [
        ("INSERT", "issue_token", "a key for ward tablet"),
        ("UPDATE", "revoke_token", "revoked"),
    ]


def test_a_revoked_key_is_refused_and_cannot_be_revoked_again(world):
    key, token_id = issue(), str(ApiToken.objects.get().pk)
    call_command("revoke_token", token_id, stdout=StringIO())

    assert status(key) == 401
    for again in (token_id, "999999"):
        with pytest.raises(CommandError, match="no key"):
            call_command("revoke_token", again)


def test_an_expired_key_and_one_of_an_inactive_user_are_refused(world):
    expired, inactive = issue(), issue("demo.sponsor")
    with acting(by="test", reason="time passed"):
        ApiToken.objects.filter(user=world.nurse).update(expires_at=timezone.now())
        world.sponsor.is_active = False
        world.sponsor.save()

    assert [status(key) for key in (expired, inactive, "", "x", "x y", "\xff")] == [401] * 6


@pytest.mark.parametrize(
    ("options", "why"),
    [({"days": 0}, "between 1 and 365"), ({"days": 366}, "between 1 and 365"), ({"label": " "}, "--label"),
     ({"label": "x" * 81}, "--label"), ({"user": "nobody"}, "no active user")],
)  # fmt: skip
def test_what_cannot_be_issued(world, options, why):
    with pytest.raises(CommandError, match=why):
        issue(**options)
    assert not ApiToken.objects.exists()


def address_of(world, noun):
    return f"/api/v1/participants/{world.participant.pk}/{noun}/"


def by_key(key):
    return Client(headers={"authorization": f"Token {key}"})


def test_a_key_does_what_its_scopes_say(world):
    vitals, export = address_of(world, "vital-signs"), f"/api/v1/studies/{world.study.code}/datasets/adcrsp/"
    for scopes, read, write, exported in (
        (["read"], 200, 403, 403),
        (["write"], 403, 400, 403),
        (["export"], 403, 403, 200),
    ):
        client = by_key(issue("demo.investigator", scopes=scopes))
        assert client.get(vitals).status_code == read
        assert client.post(vitals, {}, content_type="application/json").status_code == write
        assert client.get(export).status_code == exported


def test_no_key_judges_releases_signs_or_answers(world):
    client = by_key(issue("demo.investigator", scopes=["read", "write", "export"]))
    alert = "/api/v1/alerts/00000000-0000-0000-0000-000000000000"
    addresses = [address_of(world, noun) for noun in ("attributions", "grade-assessments", "window-closings", "gate")]
    addresses += [f"{alert}/{act}/" for act in ("acknowledge", "act", "snooze", "review")] + ["/api/v1/alerts/seen/"]
    for address in addresses:
        answer = client.post(address, {}, content_type="application/json")
        assert (answer.status_code, answer.json()["title"]) == (403, "forbidden"), address
    assert client.get("/admin/").status_code == 302


def test_a_use_is_noted_once_an_hour_and_is_in_the_trail(world, time_machine):
    client, at = by_key(issue()), timezone.now()
    for minutes in (0, 1, 59, 61):
        time_machine.move_to(at + timedelta(minutes=minutes), tick=False)
        client.get("/api/v1/participants/", REMOTE_ADDR="192.0.2.8")
    assert ApiToken.objects.get().last_used_at == at + timedelta(minutes=61)
    uses = AuditEvent.objects.filter(table_name="accounts_apitoken", action="UPDATE")
    assert [use.reason for use in uses] == ["key used from 192.0.2.8"] * 2


def test_bad_keys_are_limited_by_address_and_good_ones_are_not(world):
    good = issue()
    codes = [by_key("x" * 40).get("/api/v1/participants/").status_code for _ in range(52)]
    assert codes == [401] * 50 + [429] * 2
    assert by_key(good).get("/api/v1/participants/").status_code == 200


@pytest.fixture
def own(world):
    client = Client()
    client.force_login(world.nurse)
    client.post("/accounts/reauthenticate/", {"password": f"{world.nurse.username}-password"})
    return client


def test_a_key_is_made_by_page_and_shown_once(own, world):
    page = own.post("/accounts/tokens/", {"label": "ward", "scopes": ["read"], "days": 30})
    key = page.context["key"]
    assert by_key(key).get("/api/v1/participants/").status_code == 200
    again = own.get("/accounts/tokens/").content.decode()
    assert "ward" in again
    assert key not in again
    own.post("/accounts/tokens/", {"revoke": ApiToken.objects.get().pk})
    assert by_key(key).get("/api/v1/participants/").status_code == 401


@pytest.mark.parametrize("wrong", [{"days": 366}, {"days": 0}, {"scopes": []}, {"scopes": ["sign"]}, {"label": ""}])
def test_what_no_page_makes(own, world, wrong):
    typed = {"label": "ward", "scopes": ["read"], "days": 30} | wrong
    assert own.post("/accounts/tokens/", typed).status_code == 400
    assert not ApiToken.objects.exists()


def test_who_one_is_is_asked_before_a_key_is_made_and_anothers_is_not_revoked(own, world):
    client = Client()
    client.force_login(world.investigator)
    assert client.get("/accounts/tokens/")["Location"].startswith("/accounts/reauthenticate/")
    issue("demo.investigator")
    assert own.post("/accounts/tokens/", {"revoke": ApiToken.objects.get().pk}).status_code == 404
    assert own.post("/accounts/tokens/", {"revoke": "x"}).status_code == 404


@pytest.mark.req("R29")
def test_of_a_key_in_use_every_change_is_known_at_once(world):
    """What was read of it and of whom it belongs to holds no longer than their rows."""
    key, to_revoke = issue(scopes=("read", "write")), issue("demo.sponsor")

    def as_stored():
        return ApiToken.objects.select_related("user").get(user=world.nurse)

    def as_asked():
        return live_token(key, at=timezone.now())

    def columns_of(token):
        return [
            getattr(one, field.attname) for one in (token, token.user) for field in type(one)._meta.concrete_fields
        ]  # fmt: skip

    assert columns_of(as_asked()) == columns_of(as_asked()) == columns_of(as_stored())
    assert live_token(to_revoke, at=timezone.now()).user == world.sponsor
    with acting(by="test", reason="changes"):
        ApiToken.objects.filter(user=world.sponsor).update(revoked_at=timezone.now())
        assert live_token(to_revoke, at=timezone.now()) is None
        for rows, change in [
            (ApiToken, {"scopes": ["read"]}), (ApiToken, {"networks": ["192.0.2.0/24"]}), (ApiToken, {"label": "b"}),
            (User, {"username": "other"}), (User, {"must_change_password": True}), (User, {"is_superuser": True}),
        ]:  # fmt: skip
            rows.objects.filter(pk=getattr(as_stored(), "pk" if rows is ApiToken else "user_id")).update(**change)
            assert columns_of(as_asked()) == columns_of(as_stored()), change
        User.objects.filter(pk=world.nurse.pk).update(is_active=False)
        assert as_asked() is None


def test_two_requests_with_one_key_share_no_object(world):
    key = issue()

    one, other = (live_token(key, at=timezone.now()) for _ in range(2))
    one.label = one.user.username = "changed"

    assert (other.label, other.user.username) == ("ward tablet", "demo.nurse")
    assert live_token(key, at=timezone.now()).label == "ward tablet"
