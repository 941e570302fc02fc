"""Keys for machines: shown once, audited, with an end."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def issue(user="demo.nurse", *, label="ward tablet", days=30):
    out = StringIO()
    call_command("issue_token", user, "--label", label, "--days", str(days), stdout=out, stderr=StringIO())
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
