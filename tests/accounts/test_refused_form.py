"""A form whose key does not fit says what happened, in both languages, and the way back to it (R20)."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def signed_in(client: Client, world) -> None:
    client.get("/accounts/login/")
    client.post(
        "/accounts/login/",
        {
            "username": world.nurse.username, "password": f"{world.nurse.username}-password",
            "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        },
    )  # fmt: skip


@pytest.fixture
def left_open(world):
    """A tab with a form from before; the nurse signed out and in again in another tab."""
    client, address = Client(enforce_csrf_checks=True), reverse("vitals", args=[world.participant.pk])
    signed_in(client, world)
    key = client.get(address).context["csrf_token"]
    client.post("/accounts/logout/", {"csrfmiddlewaretoken": key})
    signed_in(client, world)
    return lambda **headers: client.post(address, {"csrfmiddlewaretoken": str(key)}, headers=headers), client, address


@pytest.mark.parametrize(("language", "html"), [("en", "signed in again in this browser"), ("zh-hant", "重新登入")])
def test_signed_in_again_in_another_tab(left_open, world, language, html):
    save, client, address = left_open
    client.cookies["django_language"] = language
    answer = save(referer=f"http://testserver{address}")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert html in page
    assert world.nurse.username in page
    assert f'href="{address}"' in page
    assert "cookies" not in page


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/participants/1/vitals/", "http://testserver//evil.example/", "javascript:alert(1)", ""],
)
def test_nobody_is_sent_to_another_site(left_open, referer):
    page = left_open[0](referer=referer).content.decode()
    assert "evil" not in page
    assert "javascript:" not in page
    assert "Open the form again" not in page


def test_without_cookies_it_says_so(world):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"username": "x", "password": "x"})
    assert answer.status_code == 403
    assert "sends no cookies" in answer.content.decode()
