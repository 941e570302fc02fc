"""The description of the API says all of it, and the page that shows it asks nobody outside."""

import re

import pytest
import yaml
from django.core.management import call_command
from django.urls import URLPattern, get_resolver

from tests.project.security.test_routes import every_route

pytestmark = [pytest.mark.django_db, pytest.mark.long]

DESCRIBES_ITSELF = {"/api/v1/schema/", "/api/v1/docs/"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """The schema, made as strictly as it can be: a warning fails."""
    path = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(path))
    return yaml.safe_load(path.read_text())


SAY_NOTHING_MORE = ("/acknowledge/", "/review/", "/cancel/")


def api_routes() -> dict[str, URLPattern]:
    """The resolver's routes of the API, as OpenAPI writes them."""
    return {
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route).replace("{pk}", "{id}"): pattern
        for route, pattern in every_route(get_resolver().url_patterns)
        if route.startswith("api/")
    }


def test_the_schema_names_every_route_and_no_other(schema):
    assert set(schema["paths"]) == set(api_routes()) - DESCRIBES_ITSELF


def test_the_schema_names_every_method_and_no_other(schema):
    for path, pattern in api_routes().items():
        if path not in DESCRIBES_ITSELF:
            methods = {
                name for name in ("get", "post", "put", "patch", "delete") if hasattr(pattern.callback.cls, name)
            }
            assert methods == set(schema["paths"][path]), path


def test_every_operation_says_what_it_answers_when_all_is_well_and_when_it_refuses(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert any(status.startswith("2") for status in answers), (path, method)
            assert any(status.startswith("4") for status in answers), (path, method)
            assert method != "post" or "requestBody" in operation or path.endswith(SAY_NOTHING_MORE), (path, method)


def test_a_fact_is_described_field_by_field(schema):
    vital_signs = schema["components"]["schemas"]["VitalSigns"]

    assert vital_signs["required"] == ["id", "observed_at"]
    assert "room_air" in str(vital_signs["properties"]["oxygen_device"])
    assert {"recorded_by", "recorded_at", "root", "grade"}.isdisjoint(vital_signs["properties"])


def test_who_is_signed_in_may_read_it(api, world, client):
    client.force_login(world.sponsor)

    assert api(world.nurse).get("schema/").status_code == 200
    assert client.get("/api/v1/docs/").status_code == 200
    for path in DESCRIBES_ITSELF:
        assert api(None).client.get(path).status_code == 401


def test_the_page_keeps_the_sites_policy_and_asks_nobody_outside(world, client):
    client.force_login(world.nurse)

    answer = client.get("/api/v1/docs/")
    page = answer.content.decode()
    script = client.get("/api/v1/docs/?script=")

    assert "script-src 'self'" in answer["content-security-policy"]
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\bstyle=|\bon\w+=", page)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(addresses) == 5
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    assert script["content-type"].startswith("application/javascript")
    assert not re.search(r"https?://", script.content.decode())
