"""How a request may come: methods that somebody serves, and the API under TLS or not at all."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "DEBUG", "PROPFIND"])
@pytest.mark.parametrize("address", ["/accounts/login/", "/healthz", "/api/v1/participants/", "/"])
def test_no_method_but_those_of_the_site(client, method, address):
    answer = client.generic(method, address)

    assert answer.status_code == 405
    assert "TRACE" not in answer["Allow"]


@pytest.mark.req("R29")
def test_a_program_that_comes_without_tls_is_refused_and_a_person_is_led_there(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    api, page = client.get("/api/v1/participants/"), client.get("/alerts/")

    assert (api.status_code, api.json()["title"]) == (403, "https_only")
    assert (page.status_code, page["Location"]) == (301, "https://testserver/alerts/")
    assert client.get("/api/v1/participants/", secure=True).json()["title"] == "not_authenticated"


def test_no_other_origin_may_read_and_nothing_is_kept_in_a_cache(client, world):
    client.force_login(world.nurse)
    for address in ("/", "/alerts/", "/api/v1/participants/", "/accounts/"):
        answer = client.get(address, headers={"Origin": "https://evil.example"})

        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]
        assert "no-store" in answer["Cache-Control"]
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_folder_is_listed(client):
    for address in ("/static/", "/static/crsmonitor/", "/static/crsmonitor", "/var/"):
        assert client.get(address).status_code == 404


def test_a_session_has_another_key_after_the_sign_in(client, world):
    """Whoever laid a key on the tablet before does not hold the session of who signs in."""
    client.cookies["sessionid"] = planted = client.session.session_key or "planted" * 4
    client.post("/accounts/login/", {"username": world.nurse.username, "password": f"{world.nurse.username}-password"})

    assert client.get("/").status_code == 200
    assert client.cookies["sessionid"].value != planted
    assert len(client.cookies["sessionid"].value) == 32  # of 36 characters each: 165 bits
