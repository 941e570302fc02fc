"""One's own password (A3, D4, R19): one that somebody else set opens and signs nothing. And when sessions end."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts import signing
from crsmonitor.accounts.models import ApiToken, User
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import DomainError
from grading.setup.people import end_membership
from regimens.models import Membership
from tests.accounts.sign_in.test_guessing import right, sign_in

pytestmark = pytest.mark.django_db
NEW = "a-new-long-passphrase"


def change(client, old: str, new: str = NEW):
    return client.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


def signed_in(user: User) -> Client:
    client = Client()
    assert sign_in(client, user.username, right(user.username))
    return client


def prove(client: Client, user: User) -> None:
    """Who is signed in says again who she is."""
    client.post(reverse("account_reauthenticate"), {"password": right(user.username)})


@pytest.fixture
def given(world):
    """The investigator's password was set in the administration."""
    with acting(by="test", reason="an operator"):
        operator = User.objects.create_superuser("operator", password=right("operator"))
    client = Client()
    client.force_login(operator)
    prove(client, operator)
    new = {"password1": "set-by-the-operator", "password2": "set-by-the-operator", "usable_password": "true"}
    page = client.post(f"/admin/accounts/user/{world.investigator.pk}/password/", new)
    assert page.status_code == 302
    world.investigator.refresh_from_db()
    return world.investigator


def test_a_password_is_changed_by_its_holder_and_other_sessions_end(world):
    here, elsewhere = signed_in(world.nurse), signed_in(world.nurse)
    assert change(here, right(world.nurse.username)).status_code == 302

    assert here.get(reverse("board")).status_code == 200
    assert elsewhere.get(reverse("board")).status_code == 302
    assert not sign_in(Client(), world.nurse.username, right(world.nurse.username))
    assert sign_in(Client(), world.nurse.username, NEW)
    link = AuditEvent.objects.filter(table_name="accounts_user", row_id=world.nurse.pk).order_by("seq").last()
    assert (link.after["password"], link.reason) == ("changed", "own password")


def test_the_present_one_is_asked_for_and_cannot_be_guessed(world):
    client = signed_in(world.nurse)
    for _ in range(guessing.FREE_TRIES):
        assert change(client, "guess").status_code == 200
    assert change(client, right(world.nurse.username)).status_code == 200
    assert client.get(reverse("board")).status_code == 200


@pytest.mark.parametrize("weak", ["short", "demo.nurse12", "12345678901234", "password1234"])
def test_a_weak_one_is_refused(world, weak):
    assert change(signed_in(world.nurse), right(world.nurse.username), weak).status_code == 200


def test_one_that_an_operator_set_opens_nothing_before_it_is_changed(given):
    client = Client()
    assert sign_in(client, given.username, "set-by-the-operator")
    for address in (reverse("board"), reverse("alerts"), reverse("mfa_index")):
        assert client.get(address)["Location"] == reverse("account_change_password")
    answer = client.get("/api/v1/participants/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["title"] == "own_password_first"
    assert "Somebody else set your password" in client.get(reverse("account_change_password")).content.decode()

    assert change(client, "set-by-the-operator").status_code == 302
    assert client.get(reverse("board")).status_code == 200


@pytest.mark.req("R19")
def test_one_that_an_operator_set_signs_nothing(given):
    request = RequestFactory().post("/")
    request.user, request.session = given, Client().session
    with pytest.raises(DomainError) as refused:
        signing.prove(request, name=given.username, password="set-by-the-operator")
    assert refused.value.message.code == "own_password_first"


def test_one_that_a_command_set_is_changed_first_too(world, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "set-on-the-server")
    call_command("changepassword", world.nurse.username)
    client = Client()
    assert sign_in(client, world.nurse.username, "set-on-the-server")
    assert client.get(reverse("board"))["Location"] == reverse("account_change_password")


def test_a_new_account_begins_with_a_change(world):
    with acting(by="test", reason="an operator"):
        operator = User.objects.create_superuser("operator", password=right("operator"))
    client, word = Client(), "first-password-of-new"
    client.force_login(operator)
    form = {"username": "new", "password1": word, "password2": word, "usable_password": "true"}
    assert client.post("/admin/accounts/user/add/", form).status_code == 302
    assert User.objects.get(username="new").must_change_password


def test_a_session_of_before_a_deactivation_never_comes_back(world):
    client = signed_in(world.nurse)
    for is_active in (False, True):
        with acting(by="test", reason="left, and came again"):
            User.objects.filter(pk=world.nurse.pk).update(is_active=is_active)
    assert client.get(reverse("board")).status_code == 302
    with acting(by="test", reason="as it was read before"):
        world.nurse.save()  # read before both
    assert client.get(reverse("board")).status_code == 302


@pytest.mark.parametrize("how", ["password", "deactivated"])
def test_keys_for_machines_end_with_the_password_and_the_account(world, how):
    at = timezone.now()
    with acting(by="test", reason="a key"):
        _, key = ApiToken.issue(user=world.nurse, label="t", at=at, expires_at=at + timedelta(days=1))
    machine = Client(headers={"authorization": f"Token {key}"})
    assert machine.get("/api/v1/participants/").status_code == 200
    if how == "password":
        assert change(signed_in(world.nurse), right(world.nurse.username)).status_code == 302
    else:
        for is_active in (False, True):
            with acting(by="test", reason="left, and came again"):
                User.objects.filter(pk=world.nurse.pk).update(is_active=is_active)
    assert machine.get("/api/v1/participants/").status_code == 401


def ask_for_link(name: str, *, address: str = "192.0.2.3"):
    answer = Client().post(reverse("account_reset_password"), {"email": name}, REMOTE_ADDR=address)
    return answer.status_code, answer.get("Location")


@pytest.mark.parametrize("by", ["username", "email"])
def test_a_link_comes_by_mail_and_is_good_once(world, mailoutbox, by):
    assert ask_for_link(getattr(world.nurse, by)) == (302, reverse("account_reset_password_done"))
    (mail,) = mailoutbox
    assert mail.to == [world.nurse.email]
    link = re.search(r"https?://[^/]+(/accounts/password_reset/\S+)", mail.body)[1]
    client = Client()
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert sign_in(Client(), world.nurse.username, NEW)
    assert "used already" in Client().get(link, follow=True).content.decode()


def test_nobody_learns_which_names_there_are(world, mailoutbox):
    assert ask_for_link("nobody") == ask_for_link(world.nurse.username)
    assert len(mailoutbox) == 1


def test_mails_are_limited(world, mailoutbox):
    for _ in range(guessing.FREE_TRIES + 3):
        ask_for_link(world.nurse.username)
    assert len(mailoutbox) == guessing.FREE_TRIES


@pytest.mark.req("R05")
def test_a_shift_ends_however_much_the_session_is_used(client, world, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    assert sign_in(client, world.nurse.username, right(world.nurse.username))
    for minutes in range(0, 12 * 60, 9):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        assert client.get(reverse("theme")).status_code == 405
    time_machine.move_to(start + timedelta(hours=11, minutes=59), tick=False)
    assert client.get(reverse("account")).status_code == 200
    time_machine.move_to(start + timedelta(hours=12, minutes=1), tick=False)
    assert client.get(reverse("account")).status_code == 302


def test_a_clock_that_was_put_back_ends_a_session(client, world, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    assert sign_in(client, world.nurse.username, right(world.nurse.username))
    time_machine.move_to(start - timedelta(hours=3), tick=False)
    assert client.get(reverse("account")).status_code == 302


def test_what_is_sent_after_the_end_of_a_session_is_said_to_be_unsaved(client, world):
    address = reverse("vitals", args=[world.participant.pk])
    answer = client.post(address, {"temperature_c": "39.5"})
    assert answer["Location"] == f"{reverse('login')}?next={address.replace('/', '%2F')}&unsaved=1"
    assert "Not saved" in client.get(answer["Location"]).content.decode()
    typed = {"username": world.nurse.username, "password": right(world.nurse.username), "next": address}
    assert client.post(answer["Location"], typed)["Location"] == address


def test_a_sign_in_leads_to_the_page_of_what_was_sent_and_never_to_where_none_is(client, world):
    stood = reverse("alerts") + "?x=1"
    taken = reverse("acknowledge_alert", args=["0f9b1f0e-6f3e-4f0c-8e0f-0d2f3a4b5c6d"])
    answer = client.post(taken, headers={"referer": f"http://testserver{stood}"})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": [stood], "unsaved": ["1"]}
    elsewhere = client.post(taken, headers={"referer": "https://elsewhere.example/alerts/"})
    assert parse_qs(urlsplit(elsewhere["Location"]).query)["next"] == [taken]
    # The page signs out by itself at the minute at which the session has ended already.
    idle = client.post(reverse("logout"), {"page": stood, "idle": "1"})
    assert parse_qs(urlsplit(idle["Location"]).query) == {"next": [stood]}
    client.force_login(world.nurse)
    shown = client.get(taken)
    assert (shown.status_code, shown["Allow"]) == (405, "POST")
    assert "it only takes what a page sends" in shown.content.decode()


def test_whoever_writes_on_a_page_keeps_the_session(client, world, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sign_in(client, world.nurse.username, right(world.nurse.username))
    for minute in range(0, 25, 8):  # IDLE_LOCK_MINUTES is 10
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        assert client.post(reverse("lock-use")).status_code == 204
    assert client.get(reverse("account")).status_code == 200


def test_own_sessions_are_listed_and_ended(world):
    here, there, third = (signed_in(world.nurse) for _ in range(3))
    prove(here, world.nurse)
    signed_in(world.investigator)
    page = here.get(reverse("usersessions_list"))
    assert len(page.context["sessions"]) == 3
    one = next(s for s in page.context["sessions"] if s.session_key == there.session.session_key)
    here.post(reverse("usersessions_list"), {"end": one.pk})
    assert [c.get(reverse("board")).status_code for c in (here, there, third)] == [200, 302, 200]
    here.post(reverse("usersessions_list"), {"end": "others"})
    assert [c.get(reverse("board")).status_code for c in (here, third)] == [200, 302]


def test_who_one_is_is_asked_before_a_session_is_ended(world):
    """Whoever finds a tablet that was left open ends nobody's sessions elsewhere."""
    here, there = signed_in(world.nurse), signed_in(world.nurse)
    assert here.get(reverse("usersessions_list")).status_code == 200
    answer = here.post(reverse("usersessions_list"), {"end": "others"})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert there.get(reverse("board")).status_code == 200


def test_nobody_ends_the_session_of_another(world):
    hers = signed_in(world.investigator)
    number = hers.get(reverse("usersessions_list")).context["sessions"][0].pk
    mine = signed_in(world.nurse)
    prove(mine, world.nurse)
    assert mine.post(reverse("usersessions_list"), {"end": number}).status_code == 404
    assert hers.get(reverse("board")).status_code == 200


# --- Sessions and what somebody may do ------------------------------------------------------------------------


def test_the_end_of_a_membership_ends_her_sessions_and_says_so(world):
    here, manager = signed_in(world.nurse), world.data_manager
    member = Membership.objects.get(user=world.nurse)

    end_membership(world.study, member.pk, reason="left the ward", by=manager, at=timezone.now())

    away = here.get(reverse("board"), follow=True)
    assert "what you are in a study has changed" in away.content.decode()
    event = AuditEvent.objects.get(table_name="sessions_ended", subject=f"user:{world.nurse.pk}")
    assert (event.actor.endswith(manager.username), event.after["which"]) == (True, "membership")
    assert sign_in(here, world.nurse.username, right(world.nurse.username))
    assert "has changed" not in here.get(reverse("account")).content.decode()


def test_a_role_that_is_changed_in_the_administration_ends_them_too(world):
    with acting(by="test", reason="an operator"):
        operator = User.objects.create_superuser("operator", password=right("operator"))
    here, member = signed_in(world.charge_nurse), Membership.objects.get(user=world.charge_nurse)
    client = Client()
    client.force_login(operator)
    ended = {"user": member.user_id, "study": member.study_id, "site": member.site_id, "role": member.role,
             "ended_at_0": "2026-11-01", "ended_at_1": "08:00:00", "reason": "left"}  # fmt: skip
    assert client.post(f"/admin/regimens/membership/{member.pk}/change/", ended).status_code == 302
    assert here.get(reverse("board")).status_code == 302


def test_a_session_has_another_key_after_proving_again_who_one_is(world):
    client = signed_in(world.nurse)
    before = client.session.session_key
    prove(client, world.nurse)
    assert client.session.session_key != before
    assert client.get(reverse("board")).status_code == 200
    assert [one.session_key for one in UserSession.objects.filter(user=world.nurse)] == [client.session.session_key]


def test_an_operator_says_again_who_she_is_before_changing_the_account_of_another(world):
    """A reset goes to the address of an account."""
    with acting(by="test", reason="an operator"):
        operator = User.objects.create_superuser("operator", password=right("operator"))
    client = Client()
    client.force_login(operator)
    for address in (
        f"/admin/accounts/user/{world.nurse.pk}/change/",
        f"/admin/accounts/user/{world.nurse.pk}/password/",
    ):
        for answer in (client.get(address), client.post(address, {"email": "mine@example.org"})):
            assert answer["Location"].startswith(reverse("account_reauthenticate"))
    prove(client, operator)
    assert client.get(f"/admin/accounts/user/{world.nurse.pk}/change/").status_code == 200
