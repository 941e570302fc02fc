"""One limit of guesses for every door (A1, A4, H3, D3): whose count it is, how long one waits, who goes on."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import GuessCount
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_clock_stands(time_machine) -> None:
    """A wait that ends after a minute ends in no test that takes one."""
    time_machine.move_to(timezone.now(), tick=False)


def sign_in(client, name: str, password: str = "wrong", *, address: str = "192.0.2.1", **also: str) -> bool:
    """Whether it opened the door."""
    typed = {"username": name, "password": password} | also
    return client.post(reverse("login"), typed, REMOTE_ADDR=address).status_code == 302


def right(name: str) -> str:
    return f"{name}-password"


def guess_out(name: str, *, address: str = "198.51.100.9") -> None:
    for _ in range(guessing.FREE_TRIES + 1):
        assert not sign_in(Client(), name, address=address)


def test_the_administration_has_the_same_door(client, world):
    answer = client.get("/admin/login/?next=/admin/regimens/study/")
    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2Fregimens%2Fstudy%2F"
    for _ in range(8):
        answer = client.post("/admin/login/", {"username": world.nurse.username, "password": "wrong"})
        assert answer["Location"].startswith("/accounts/login/")


def test_whoever_is_no_operator_is_not_sent_in_a_circle(client, world):
    client.force_login(world.nurse)
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.req("R04")
def test_the_wait_grows_and_ends(world):
    at, request, waits = timezone.now(), RequestFactory().get("/", REMOTE_ADDR="192.0.2.1"), []
    counted = lambda at: guessing._counted(  # noqa: E731
        guessing.Guess("sign_in", request, "x", None, [guessing.Count("x")]), at=at
    )
    for _ in range(guessing.FREE_TRIES):
        assert counted(at).is_allowed
    for seconds in (60, 120, 240, 300, 300, 300):
        assert not counted(at + timedelta(seconds=seconds - 1)).is_allowed
        at += timedelta(seconds=seconds)
        waits.append(counted(at).is_allowed)
    assert waits == [True] * 6
    assert counted(at + timedelta(hours=1, seconds=1)).tries == 1


def test_a_clock_that_was_put_back_locks_nobody_out(world):
    at, request = timezone.now(), RequestFactory().get("/")
    for moment in [at] * guessing.FREE_TRIES + [at - timedelta(hours=5)]:
        guess = guessing.Guess("sign_in", request, "x", None, [guessing.Count("x")])
        assert guessing._counted(guess, at=moment).is_allowed


def test_eight_addresses_have_no_more_guesses_at_a_name_than_one(world):
    for number in range(guessing.FREE_TRIES):
        assert not sign_in(Client(), world.nurse.username, address=f"198.51.100.{number}")
    assert not sign_in(Client(), world.nurse.username, right(world.nurse.username), address="198.51.100.77")


def test_the_person_at_her_tablet_gets_in_while_others_guess_her_name(world):
    tablet = Client()
    assert sign_in(tablet, world.nurse.username, right(world.nurse.username))
    tablet.post(reverse("logout"))
    guess_out(world.nurse.username)
    assert sign_in(tablet, world.nurse.username, right(world.nurse.username))


def test_a_known_tablet_has_a_limit_of_its_own_and_is_known_for_her_alone(world):
    tablet = Client()
    assert sign_in(tablet, world.nurse.username, right(world.nurse.username))
    tablet.post(reverse("logout"))
    for _ in range(guessing.FREE_TRIES):
        assert not sign_in(tablet, world.nurse.username)
    assert not sign_in(tablet, world.nurse.username, right(world.nurse.username))
    guess_out(world.investigator.username)
    assert not sign_in(tablet, world.investigator.username, right(world.investigator.username))


@pytest.mark.parametrize("cookie", ["", "x", "WyJ4IixbMV1d:1abc:forged"])
def test_a_cookie_that_we_did_not_write_is_none(client, world, cookie):
    client.cookies["known_device"] = cookie
    guess_out(world.nurse.username)
    assert not sign_in(client, world.nurse.username, right(world.nurse.username))


def test_a_colleague_behind_the_same_address_gets_in(world):
    guess_out(world.nurse.username, address="192.0.2.1")
    assert sign_in(Client(), world.investigator.username, right(world.investigator.username), address="192.0.2.1")


@pytest.mark.long
def test_one_address_may_not_go_through_thirty_names(world):
    looked_at = sum(not _waits(f"name{number % 30}") for number in range(120))
    assert looked_at == guessing.MOST_OF_AN_ADDRESS


def _waits(name: str) -> bool:
    page = Client().post(reverse("login"), {"username": name, "password": "x"}, REMOTE_ADDR="198.51.100.9")
    return b"Too many tries" in page.content


@pytest.mark.long
def test_sixty_four_bits_of_ipv6_are_one_place(world):
    for number in range(guessing.MOST_OF_AN_ADDRESS):
        sign_in(Client(), f"name{number}", address=f"2001:db8::{number:x}")
    assert not sign_in(Client(), world.nurse.username, right(world.nurse.username), address="2001:db8::ffff")
    assert sign_in(Client(), world.nurse.username, right(world.nurse.username), address="2001:db8:0:1::1")


def test_signing_in_gives_the_address_its_try_back(world):
    for _ in range(3):
        assert sign_in(Client(), world.nurse.username, right(world.nurse.username))
    assert list(GuessCount.objects.values_list("tries", flat=True)) == [0]


@pytest.mark.req("R03")
def test_failures_and_lock_outs_are_in_the_trail_without_what_was_typed(world):
    guess_out(world.nurse.username)
    sign_in(Client(), "my-password-in-the-wrong-box")

    links = AuditEvent.objects.filter(subject=f"user:{world.nurse.pk}", action="EVENT").order_by("seq")
    assert [link.table_name for link in links] == ["sign_in_failed"] * 5 + ["locked_out"]
    assert links[0].after == {"address": "198.51.100.9", "known_device": False, "door": "sign_in", "tries": 1}
    unknown = AuditEvent.objects.get(subject=guessing.UNKNOWN)
    assert unknown.after["name"] == guessing.hash_of("my-password-in-the-wrong-box")
    assert "wrong-box" not in str(AuditEvent.objects.filter(action="EVENT").values())


@pytest.mark.req("R03")
def test_signing_in_and_out_are_in_the_trail(client, world):
    sign_in(client, world.nurse.username, right(world.nurse.username))
    client.post(reverse("logout"))

    links = AuditEvent.objects.filter(subject=f"user:{world.nurse.pk}", action="EVENT").order_by("seq")
    assert [(link.table_name, link.actor) for link in links] == [
        (kind, f"user:{world.nurse.pk}:{world.nurse.username}") for kind in ("sign_in", "sign_out")
    ]
