"""Sign in and out, idle sessions, guessing, language and night."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.sign_in import guessing

pytestmark = pytest.mark.django_db


def sign_in(client, name: str, password: str, **also: str):
    return client.post(reverse("login"), {"username": name, "password": password} | also)


def test_a_nurse_signs_in_and_comes_to_the_page_she_wanted(client, world):
    answer = sign_in(client, world.nurse.username, f"{world.nurse.username}-password", next="/participants/7/")
    assert (answer.status_code, answer["Location"]) == (302, "/participants/7/")


def test_nobody_is_sent_to_another_site(client, world):
    answer = sign_in(client, world.nurse.username, f"{world.nurse.username}-password", next="https://example.org/")
    assert answer["Location"] == "/"


def test_guessing_waits_even_with_the_right_password(client, world):
    for _ in range(guessing.FREE_TRIES):
        assert sign_in(client, world.nurse.username, "wrong").status_code == 200
    answer = sign_in(client, world.nurse.username, f"{world.nurse.username}-password")
    assert answer.status_code == 200
    assert b"Too many tries" in answer.content


def test_guessing_one_name_does_not_lock_another(client, world):
    for _ in range(guessing.FREE_TRIES):
        sign_in(client, world.nurse.username, "wrong")
    assert sign_in(client, world.investigator.username, f"{world.investigator.username}-password").status_code == 302


def test_a_sign_in_forgets_the_failures(client, world):
    for _ in range(guessing.FREE_TRIES - 1):
        sign_in(client, world.nurse.username, "wrong")
    sign_in(client, world.nurse.username, f"{world.nurse.username}-password")
    client.post(reverse("logout"))
    assert sign_in(client, world.nurse.username, "wrong").status_code == 200
    assert sign_in(client, world.nurse.username, f"{world.nurse.username}-password").status_code == 302


def test_sign_out_is_by_post_and_remembers_the_page(client, world):
    client.force_login(world.nurse)
    assert client.get(reverse("logout")).status_code == 405
    answer = client.post(reverse("logout"), {"page": "/participants/7/vitals/?a=1&b=2"})
    assert answer["Location"] == "/accounts/login/?next=%2Fparticipants%2F7%2Fvitals%2F%3Fa%3D1%26b%3D2"
    assert client.get(reverse("board")).status_code == 302


def test_sign_out_remembers_no_page_of_another_site(client, world):
    client.force_login(world.nurse)
    assert client.post(reverse("logout"), {"page": "//example.org/"})["Location"] == reverse("login")


@pytest.mark.req("R05")
def test_an_idle_session_ends(client, world, time_machine, settings):
    settings.IDLE_LOCK_MINUTES = 10
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.force_login(world.nurse)
    assert client.get(reverse("board")).status_code == 200
    time_machine.move_to(start + timedelta(minutes=9), tick=False)
    assert client.get(reverse("board")).status_code == 200
    time_machine.move_to(start + timedelta(minutes=18), tick=False)
    assert client.get(reverse("board")).status_code == 200
    time_machine.move_to(start + timedelta(minutes=29), tick=False)
    assert client.get(reverse("board")).status_code == 302


def test_a_page_that_refreshes_itself_is_nobody_at_the_tablet(client, world, time_machine, settings):
    settings.IDLE_LOCK_MINUTES = 10
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.force_login(world.nurse)
    client.get(reverse("board"))
    for minutes in range(1, 11):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        assert client.get(reverse("board"), headers={"X-By-Itself": "1"}).status_code == 200
    time_machine.move_to(start + timedelta(minutes=11), tick=False)
    assert client.get(reverse("board"), headers={"X-By-Itself": "1"}).status_code == 302


def test_a_part_of_a_page_whose_session_ended_reloads_the_whole(client):
    answer = client.get(reverse("login"), headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


def test_the_language_is_chosen_without_a_sign_in(client, world):
    client.post(reverse("set_language"), {"language": "zh-hant", "next": "/accounts/login/"})
    text = client.get(reverse("login")).content.decode()
    assert 'lang="zh-Hant-TW"' in text
    assert "登入" in text


@pytest.mark.parametrize(("wanted", "kept"), [("zh-hant", "zh-hant"), ("en", "en"), ("xx", ""), ("", ""), ("\x00", "")])
def test_whoever_is_signed_in_chooses_the_language_of_her_messages_too(client, world, wanted, kept):
    client.force_login(world.nurse)
    client.post(reverse("set_language"), {"language": wanted, "next": "/"})

    world.nurse.refresh_from_db()
    assert world.nurse.language == kept


def test_the_first_sign_in_says_which_language_she_reads_and_a_borrowed_tablet_does_not(client, world):
    typed = {"username": "demo.nurse", "password": "demo.nurse-password"}
    for header in ("zh-Hant-TW,zh;q=0.9", "en"):
        client.post(reverse("login"), typed, headers={"Accept-Language": header})
        client.post(reverse("logout"))

        world.nurse.refresh_from_db()
        assert world.nurse.language == "zh-hant"


@pytest.mark.parametrize(("wanted", "kept"), [("dark", "dark"), ("light", "light"), ("pink", None)])
def test_day_and_night_are_kept_by_the_tablet(client, wanted, kept):
    answer = client.post(reverse("theme"), {"theme": wanted, "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert (answer.cookies["theme"].value if "theme" in answer.cookies else None) == kept


def test_the_page_says_when_it_locks_itself(client, world, settings):
    settings.IDLE_LOCK_MINUTES = 2
    client.force_login(world.nurse)
    assert 'data-idle-seconds="120"' in client.get(reverse("board")).content.decode()
