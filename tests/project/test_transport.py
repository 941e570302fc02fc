"""How a request may come: methods that somebody serves, and the API under TLS or not at all."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "DEBUG", "PROPFIND"])
@pytest.mark.parametrize("address", ["/accounts/login/", "/healthz", "/api/v1/participants/", "/"])
def test_no_method_but_those_of_the_site(client, method, address):
    answer = client.generic(method, address)

    assert answer.status_code == 405
    assert "TRACE" not in answer["Allow"]


def test_a_program_that_comes_without_tls_is_refused_and_a_person_is_led_there(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    api, page = client.get("/api/v1/participants/"), client.get("/alerts/")

    assert (api.status_code, api.json()["title"]) == (403, "https_only")
    assert (page.status_code, page["Location"]) == (301, "https://testserver/alerts/")
    assert client.get("/api/v1/participants/", secure=True).json()["title"] == "not_authenticated"
