"""A second factor: set up, asked for, limited, good once, and required of roles (S11, R04)."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from tests.accounts.sign_in.test_guessing import right, sign_in
from tests.accounts.test_own_password import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_clock_stands(time_machine) -> None:
    """A code is good for half a minute, which no test shall see the end of."""
    time_machine.move_to(timezone.now(), tick=False)


def code_of(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client: Client, user: User) -> str:
    """The secret that the app keeps."""
    proven = client.post(reverse("account_reauthenticate"), {"password": right(user.username)})
    assert proven.status_code == 302
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret, steps=-1)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.fixture
def secret(world):
    return set_up(signed_in(world.nurse), world.nurse)


def begin(user: User) -> Client:
    client = Client()
    answer = client.post(reverse("login"), {"username": user.username, "password": right(user.username), "next": "/x/"})
    assert answer["Location"] == reverse("mfa_authenticate")
    return client


def give(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_the_password_alone_opens_nothing_and_the_code_leads_on(world, secret):
    client = begin(world.nurse)
    assert client.get(reverse("board")).status_code == 302
    assert give(client, code_of(secret))["Location"] == "/x/"
    assert client.get(reverse("board")).status_code == 200


def test_a_code_is_good_once_for_all_processes(world, secret):
    code = code_of(secret)
    assert give(begin(world.nurse), code).status_code == 302
    cache.clear()  # the library's own memory is that of one process
    again = give(begin(world.nurse), code)
    assert again.status_code == 200
    assert "used already" in again.content.decode()


def test_codes_cannot_be_guessed_with_the_password(world, secret):
    for _ in range(guessing.FREE_TRIES):
        assert give(begin(world.nurse), "000000").status_code == 200
    assert give(begin(world.nurse), code_of(secret)).status_code == 200


def test_a_recovery_code_opens_once(world, secret):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert give(begin(world.nurse), code).status_code == 302
    assert give(begin(world.nurse), code).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_sealed_and_every_change_is_in_the_trail(transactional_world):
    nurse = transactional_world.nurse
    secret = set_up(signed_in(nurse), nurse)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    events = AuditEvent.objects.filter(subject=f"user:{nurse.pk}", table_name="second_factor_added")
    assert sorted(event.after["type"] for event in events) == ["recovery_codes", "totp"]
    assert secret not in str(list(AuditEvent.objects.values_list("after", flat=True)))


@pytest.fixture
def required(world):
    with acting(by="test", reason="a protocol"):
        world.study.second_factor_roles = ["nurse"]
        world.study.save()
    return world


@pytest.mark.req("R04")
def test_a_role_that_needs_one_is_led_to_set_it_up(required):
    client = signed_in(required.nurse)
    assert client.get(reverse("board"))["Location"] == reverse("mfa_index")
    assert client.get("/api/v1/participants/").json()["title"] == "second_factor_first"
    assert "Your role needs a second factor" in client.get(reverse("mfa_index")).content.decode()
    set_up(client, required.nurse)
    assert client.get(reverse("board")).status_code == 200
    assert client.get("/api/v1/participants/").status_code == 200


def test_another_role_is_not(required):
    assert signed_in(required.investigator).get(reverse("board")).status_code == 200


def test_the_last_factor_of_such_a_role_stays(required):
    client = signed_in(required.nurse)
    set_up(client, required.nurse)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()


def test_operators_need_one_where_the_site_says_so(world, settings):
    settings.OPERATOR_SECOND_FACTOR = True
    with acting(by="test", reason="an operator"):
        operator = User.objects.create_superuser("operator", email="o@example.org", password=right("operator"))
    client = signed_in(operator)
    assert client.get("/admin/")["Location"] == reverse("mfa_index")
    set_up(client, operator)
    assert client.get("/admin/").status_code == 200


def test_a_data_manager_says_which_roles_need_one(client, world):
    client.force_login(world.data_manager)
    typed = {
        "title": "Demo trial", "resolution_hours": 24, "concurrence_days": 7, "late_after_minutes": 30,
        "second_factor_roles": ["investigator", "sponsor"], "reason": "protocol 4.2",
    }  # fmt: skip
    assert client.post(reverse("setup-parameters", args=[world.study.code]), typed).status_code == 302
    world.study.refresh_from_db()
    assert world.study.second_factor_roles == ["investigator", "sponsor"]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_every_page_of_ones_account_opens(world, secret, language):
    client = begin(world.nurse)
    give(client, code_of(secret))
    client.post(reverse("account_reauthenticate"), {"password": right(world.nurse.username)})
    client.cookies["django_language"] = language
    names = (
        "account", "account_change_password", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key_done", "account_reauthenticate", "account_inactive", "mfa_index",
        "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "usersessions_list",
    )  # fmt: skip
    assert {name: client.get(reverse(name)).status_code for name in names} == dict.fromkeys(names, 200)


def test_a_passkey_that_nobody_has_opens_nothing(client, world):
    answer = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"
    for credential in ("", "{}", '{"id": "x", "response": {}}', "[]", "null", '{"response": {"userHandle": "MQ"}}'):
        answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
        assert answer["Location"] == reverse("login"), credential
    assert not sign_in(client, world.nurse.username)


def test_a_new_factor_ends_the_sessions_that_came_in_without_it(transactional_world):
    nurse = transactional_world.nurse
    elsewhere, here = signed_in(nurse), signed_in(nurse)
    assert elsewhere.get(reverse("account")).status_code == 200
    set_up(here, nurse)
    assert elsewhere.get(reverse("account")).status_code == 302
    assert here.get(reverse("account")).status_code == 200
    ended = AuditEvent.objects.filter(table_name="sessions_ended", subject=f"user:{nurse.pk}")
    assert {event.after["which"] for event in ended} == {"second_factor"}
