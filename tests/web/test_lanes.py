"""Which threads answer what: a save and a bedside form never wait behind pages."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from crsmonitor.web.lanes import DEFAULT_THREADS, EXPORTS, PAGES, SAVES, WATCH, lane_of, threads, turn_of

UUID = "1b6c1f0e-6c1e-4f6e-9d0e-0a1b2c3d4e5f"


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("POST", "/api/v1/participants/3/vital-signs/", SAVES),
        ("POST", "/participants/3/vitals/", SAVES),
        ("GET", "/participants/3/vitals/", SAVES),
        ("POST", f"/corrections/vitals/{UUID}/", SAVES),
        ("POST", f"/alerts/{UUID}/acknowledge/", SAVES),
        ("POST", "/alerts/seen/", PAGES),
        ("POST", f"/api/v1/alerts/{UUID}/act/", SAVES),
        ("GET", "/", PAGES),
        ("GET", "/participants/3/", PAGES),
        ("GET", "/participants/3/window/", PAGES),
        ("GET", "/participants/3/gate/", PAGES),
        ("GET", "/participants/3/stream/", PAGES),
        ("GET", "/alerts/", PAGES),
        ("GET", "/alerts/list/", PAGES),
        ("GET", "/alerts/stream/", PAGES),
        ("GET", "/api/v1/ward/", PAGES),
        ("POST", "/accounts/login/", PAGES),
        ("POST", "/admin/regimens/study/add/", PAGES),
        ("POST", "/policies/3/replay/", PAGES),
        ("POST", "/api/v1/grade/", PAGES),
        ("GET", "/exports/DEMO/adcrsp.csv", EXPORTS),
        ("GET", "/api/v1/studies/DEMO/datasets/adcrsp/", EXPORTS),
        ("GET", "/burden.csv", EXPORTS),
        ("GET", "/readyz", WATCH),
        ("POST", "/beacon/receipt/", WATCH),
    ],
)
def test_each_request_has_its_lane(method, path, lane):
    assert lane_of(method, path) == lane


def routes(patterns, before: str = ""):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern), getattr(one.callback, "__module__", "")


def address(route: str) -> str:
    """An address of the route."""
    for shape, value in (("<int:pk>", "3"), ("<int:participant_id>", "3"), ("<uuid:fact_id>", UUID),
                         ("<slug:kind>", "vitals")):  # fmt: skip
        route = route.replace(shape, value)
    return f"/{route}"


def test_every_form_and_every_kind_of_fact_is_saved_in_the_lane_of_saves():
    known = list(routes(get_resolver().url_patterns))
    forms = [address(route) for route, module in known if module == "grading.bedside.views.entry"]
    facts = [address(route) for route, module in known if module == "grading.recording.api.views"]

    assert len(forms) > 10
    assert len(facts) > 10
    assert {lane_of("POST", path) for path in forms + facts} == {SAVES}
    shown = [path for path in forms if not path.endswith("/preview/")]
    assert {lane_of("GET", path) for path in shown} == {SAVES}


@pytest.mark.parametrize("pool", [5, 10, DEFAULT_THREADS, 40])
def test_no_thread_waits_for_a_connection_and_each_lane_has_threads(pool):
    connections = threads(pool)

    assert min(connections.values()) >= 2
    assert sum(connections.values()) + 1 <= max(pool, 9)  # one is the drawing of lists
    assert connections[SAVES] == connections[PAGES]


@pytest.mark.parametrize(
    ("method", "path", "what"),
    [
        ("POST", "/api/v1/participants/3/vital-signs/", "participants/3"),
        ("POST", "/participants/3/vitals/", "participants/3"),
        ("POST", f"/api/v1/alerts/{UUID}/act/", f"alerts/{UUID}"),
        ("POST", f"/corrections/vitals/{UUID}/", f"corrections/vitals/{UUID}"),
        ("GET", "/participants/3/vitals/", None),
        ("POST", "/alerts/seen/", None),
        ("POST", "/accounts/login/", None),
    ],
)
def test_who_changes_the_same_waits_for_each_other(method, path, what):
    assert turn_of(method, path) == what
