"""Calls of the API drawn from its own description, as four roles: none breaks it, and each answer is as described."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.acting import acting
from tests.pages import connection_kept
from tests.project.security.test_routes import things as things
from tests.recording.api.test_schema import DESCRIBES_ITSELF, api_routes
from tests.recording.api.test_schema import schema as schema
from tests.sizes import sized

pytestmark = [pytest.mark.django_db, pytest.mark.long]

schemathesis.serializer.alias("application/fhir+ndjson", "application/json")  # one line

ROLES = ("nurse", "investigator", "data_manager", "sponsor")
EXAMPLES = sized(5, sample=4)
OPERATIONS = [
    (path, method)
    for path, pattern in sorted(api_routes().items()) if path not in DESCRIBES_ITSELF
    for method in ("get", "post") if hasattr(pattern.callback.cls, method)
]  # fmt: skip
CHECKS = (
    schemathesis.checks.not_a_server_error, content_type_conformance, response_schema_conformance,
    status_code_conformance,
)  # fmt: skip


@pytest.fixture(scope="module")
def described(schema):
    return schemathesis.openapi.from_dict(schema)


@pytest.fixture
def keys(world) -> dict[str, str]:
    """A token for each role."""
    at, made = timezone.now(), {}
    with acting(by="test", reason="a key for a test"):
        for role in ROLES:
            until = at + timedelta(days=1)
            _, made[role] = ApiToken.issue(user=getattr(world, role), label="drawn", at=at, expires_at=until)
    return made


@pytest.fixture
def site() -> Iterator[WSGIHandler]:
    """The site without a server between, inside the transaction of the test, as Django's own client has it."""
    with connection_kept():
        yield WSGIHandler()


@pytest.mark.parametrize(
    ("path", "method"), sized(OPERATIONS, sample=OPERATIONS[::8]), ids=lambda one: re.sub(r"^/api/v1/|[{}]", "", one)
)
def test_no_call_that_the_description_allows_breaks_it(described, keys, things, world, site, path, method):
    operation = described[path][method.upper()]
    real = {"participant_id": world.participant.pk, "code": world.study.code, "id": things["alerts"], "dataset": "ADSL",
            "fact_id": things["fact_id"], "design_id": things["design_id"], "run_id": things["run_id"],
            "number": 1}  # fmt: skip

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(), role=st.sampled_from(ROLES), exists=st.integers(0, 4))
    def called(case: Any, role: str, exists: int) -> None:
        if exists:  # of a thing that is not there little is asked
            case.path_parameters = {name: real.get(name, value) for name, value in (case.path_parameters or {}).items()}
        answer = case.call(app=site, headers={"authorization": f"Token {keys[role]}", "accept-encoding": "identity"})
        case.validate_response(answer, checks=CHECKS)

    called()
