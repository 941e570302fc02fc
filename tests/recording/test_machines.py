"""A fact that a program sends is answered as it is to anybody, but for what is kept of a browser."""

import json

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import get_resolver, resolve
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from crsmonitor.web.machines import FACTS, MachineHandler, is_of_a_machine
from grading.models import VitalSigns
from tests.web.test_lanes import routes

OF_THE_REQUEST = ("X-Request-Id", "Expires")
KEY = "Token 0123456789abcdef"


@pytest.fixture
def ask(api, dosed):
    """The answers of both to one request: everybody's, the program's."""
    keys = {name: api(getattr(dosed, name)).client.defaults["HTTP_AUTHORIZATION"] for name in ("nurse", "outsider")}
    everybody, programs = WSGIHandler(), MachineHandler()

    def answers(sent, *, who="nurse", fact="vital-signs", query="", participant=dosed.participant.pk, **headers):
        content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        more = {"content_type": "application/json", "HTTP_AUTHORIZATION": keys.get(who, who)} | headers
        address = f"/api/v1/participants/{participant}/{fact}/{query}"
        return [
            handler.get_response(RequestFactory().post(address, content, **more)) for handler in (everybody, programs)
        ]

    return answers


def words_of(answer) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_REQUEST}
    assert answer.headers["X-Request-Id"]
    varies = {one.strip() for one in headers.pop("Vary").split(",")} - {"Cookie"}  # they send none
    return answer.status_code, headers | {"Vary": ", ".join(sorted(varies))}, answer.content


@pytest.mark.req("R02", "R29")
def test_what_is_refused_is_refused_alike(ask, well):
    refused = {
        "a wrong key": (401, ask(well(), who=KEY)),
        "no key": (401, ask(well(), who="")),
        "a stranger": (404, ask(well(), who="outsider")),
        "nobody": (404, ask(well(), participant=0)),
        "no such fact": (404, ask(well(), fact="no-such-facts")),
        "no JSON": (400, ask(b"{")),
        "no such field": (400, ask(well(grade=4))),
        "an impossible value": (400, ask(well(spo2=970))),
        "no such parameter": (400, ask(well(), query="?by=1")),
        "a form": (415, ask(b"sbp=120", content_type="application/x-www-form-urlencoded")),
        "another's host": (400, ask(well(), HTTP_HOST="elsewhere.example")),
        "in Chinese": (400, ask(well(observed_at="2199-01-01T00:00:00Z"), HTTP_ACCEPT_LANGUAGE="zh-TW")),
    }

    for why, (status, (everybody, program)) in refused.items():
        assert (why, *words_of(program)) == (why, *words_of(everybody))
        assert (why, program.status_code) == (why, status)
    assert refused["in Chinese"][1][1]["Content-Language"] == "zh-hant"
    assert not VitalSigns.objects.exists()


@pytest.mark.req("R29")
def test_what_is_kept_is_kept_alike(ask, well, dosed):
    sent = well(temperature_c=38.4)

    first, again = ask(sent)
    same = ask(sent)

    assert (first.status_code, again.status_code) == (201, 200)
    assert words_of(same[0]) == words_of(same[1]) == words_of(again)
    assert again.content == first.content
    kept = VitalSigns.objects.get()
    assert (kept.recorded_by, kept.tablet) == (dosed.nurse, None)


def test_a_program_has_a_key_and_no_cookie():
    def is_one(method="POST", path="/api/v1/participants/3/vital-signs/", **headers):
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        return is_of_a_machine({"method": method, "path": path, "headers": pairs})

    assert is_one(authorization=KEY)
    assert is_one(authorization=KEY.replace("Token", "token"))
    assert not is_one()
    assert not is_one(authorization="Bearer x")
    assert not is_one(authorization=KEY, cookie="sessionid=x")
    assert not is_one("GET", authorization=KEY)
    assert not is_one(path="/participants/3/vitals/", authorization=KEY)
    assert not is_one(path="/api/v1/grade/", authorization=KEY)


def test_every_view_that_programs_reach_so_asks_itself_who_it_is():
    """The middleware that closes pages is not there."""
    reached = [
        address for route, _ in routes(get_resolver().url_patterns)
        if FACTS.match(address := "/" + route.replace("<int:participant_id>", "3"))
    ]  # fmt: skip

    assert len(reached) > 10
    for address in reached:
        view = resolve(address).func
        assert issubclass(view.cls, APIView), address
        assert IsAuthenticated in view.cls.permission_classes, address
