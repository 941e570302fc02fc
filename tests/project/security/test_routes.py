"""No route answers whom it should not: strangers anywhere, users of another site below any object."""

import re
import uuid
from collections.abc import Iterator, Sequence

import pytest
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, path, resolve
from django.utils import timezone

from grading.models import Alert, Treatment
from grading.queries.services import AboutRecord, StepBy, open_query
from regimens.models import Dose
from tests.bodies import ASSESSMENTS, BODIES, ENDS
from tests.builders import build_world, dose, kept, stay, treatment, vitals
from tests.pages import undrawn
from tests.regimens.designs.builders import design_of, run_row
from tests.stages import stage

pytestmark = pytest.mark.django_db

PUBLIC = {"healthz", "readyz", "accounts/login/", "accounts/language/", "accounts/theme/", "admin/login/"} | {
    "manifest.webmanifest", "service_worker.js", "tablet/shell.json", "tablet/offline/",  # the same for everybody
} | {
    f"accounts/{page}"
    for page in (
        "inactive/", "factors/webauthn/login/", "password_reset/", "password_reset/done/", "password_reset/set/",
        "password_reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/", "invitation/<uidb64>/<token>/",
    )
}  # fmt: skip
REFUSED = {302, 401, 403, 405}  # 405: of a method that no page takes
# For a secret of their own; without it they are not there (404), or take no such method (405).
HIDDEN = {
    "metrics", "beacon/receipt/", "lock/open/", "lock/alarms/", "lock/alarms/stream/",
    "calendar/<int:pk>/<str:key>/shifts.ics",
    "accounts/oidc/<str:provider_id>/login/", "accounts/oidc/<str:provider_id>/login/callback/",
}  # fmt: skip
NOWHERE = str(uuid.UUID(int=0))


def every_route(patterns: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its pattern, as it is written in urls.py."""
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix(r"\Z").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from every_route(pattern.url_patterns, route)
        else:
            yield route, pattern


ROUTES = dict(every_route(get_resolver().url_patterns))
API = [route for route in ROUTES if route.startswith("api/")]


def filled(route: str, objects: dict[str, str]) -> str:
    """The route as an address. KeyError: say below which object this parameter names."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    route = re.sub(r"([\w-]+)/<(?:\w+:)?pk>", r"\1/<\1>", route)  # a pk is of what stands before it
    return "/" + re.sub(r"<(?:\w+:)?([\w-]+)>", lambda match: objects[match[1]], route)


class Anything(dict):
    def __missing__(self, name: str) -> str:
        return NOWHERE if name in ("fact_id", "alerts", "root", "file_id", "query_id", "copy_id", "run_id") else "1"


def test_every_address_that_is_tried_is_one_of_its_route():
    """An address that leads nowhere would be refused by everybody."""
    assert [route for route in ROUTES if not leads_somewhere(filled(route, Anything()))] == []


def leads_somewhere(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


@pytest.mark.long
@pytest.mark.req("R02")
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_no_route_answers_a_stranger(method):
    answered = {}

    for route in ROUTES.keys() - PUBLIC:
        answer = getattr(Client(raise_request_exception=False), method)(filled(route, Anything()))
        refused = REFUSED | {404, 405} if route in HIDDEN else REFUSED
        if answer.status_code not in refused or answer.get("location", "/accounts/login/").startswith(("http", "//")):
            answered[route] = answer.status_code

    assert answered == {}


def test_the_guard_sees_a_route_that_answers_anybody():
    routes = dict(every_route([path("open/<int:pk>/", lambda request, pk: None)], "x/"))

    assert list(routes) == ["x/open/<int:pk>/"]
    assert not leads_somewhere("/participants/1/judge/crs/1/")  # where an id belongs
    assert filled("x/open/<int:pk>/<uuid:fact_id>/", Anything()) == f"/x/open/1/{NOWHERE}/"


# --- Role x route x method ----------------------------------------------------------------------------------

READ = {"nurse": 200, "charge_nurse": 200, "investigator": 200, "data_manager": 200, "sponsor": 403, "outsider": 404}
RECORD = {"nurse": 201, "charge_nurse": 201, "investigator": 201, "data_manager": 403, "sponsor": 403, "outsider": 404}
JUDGE = RECORD | {"nurse": 403, "charge_nurse": 403}
PEOPLE = list(READ)


@stage
def things(world):
    """One object for every kind of parameter, all of the first site, with a grade 2 alert."""
    kept(stay(world, -7, observed_at=timezone.now()), world)
    kept(dose(world, -6, observed_at=timezone.now()), world)
    kept(treatment(world, 0, "norepinephrine", "vasopressor", "crs", observed_at=timezone.now()), world)
    fact = kept(vitals(world, 0, temperature_c=38.6, hypotension=True, observed_at=timezone.now()), world).fact
    alert = Alert.objects.first()
    run = run_row(design_of(world))
    return {
        "participant_id": str(world.participant.pk),
        "fact_id": str(fact.pk),
        "alerts": str(alert.pk),
        "code": world.study.code,
        "dataset": "ADSL",
        "label": "dmc-1",
        "kind": "crs",
        "root": str(fact.root),
        "query_id": str(_query_about(world, fact).pk),
        "design_id": str(run.design_id),
        "number": "1",
        "run_id": str(run.pk),
    }


def _query_about(world, fact):
    about = AboutRecord(participant_id=world.participant.pk, kind=fact._meta.db_table, root=fact.root)
    step = StepBy(id=uuid.uuid4(), by=world.data_manager, at=timezone.now())
    return open_query(about, "as on paper?", step=step)


def facts_body(noun, world):
    extra = (BODIES | ASSESSMENTS).get(noun)
    if extra is None:
        field, model = ENDS[noun]
        extra = {field: str(model.objects.filter(participant=world.participant).first().pk)}
    return {"id": str(uuid.uuid4()), "observed_at": timezone.now().isoformat(), **extra}


@pytest.mark.req("R06")
@pytest.mark.req("R02")
@pytest.mark.parametrize("noun", [*BODIES, *ENDS])
def test_who_may_do_what_to_the_facts_of_a_participant(world, things, noun):
    address = f"/api/v1/participants/{world.participant.pk}/{noun}/"
    may_record = JUDGE if noun == "attributions" else RECORD
    client = Client(raise_request_exception=False)
    statuses = {}

    for who in PEOPLE:
        client.force_login(getattr(world, who))
        read = client.get(address).status_code
        recorded = client.post(address, facts_body(noun, world), content_type="application/json").status_code
        others = {getattr(client, method)(address).status_code for method in ("put", "patch", "delete")}
        statuses[who] = (read, recorded, others)

    assert statuses == {who: (READ[who], may_record[who], {405}) for who in PEOPLE}


@pytest.mark.long
@pytest.mark.req("R02")
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_below_an_object_a_user_of_another_site_finds_nothing(world, things, method):
    client, elsewhere, statuses = Client(raise_request_exception=False), build_world("AWAY"), {}

    for route in (route for route in API if "<" in route):
        # who works at another site belongs to the study: below a study the stranger is of another one
        client.force_login(elsewhere.nurse if "studies/" in route else world.outsider)
        noun = route.rstrip("/").split("/")[-1]
        body = facts_body(noun, world) if noun in BODIES | ASSESSMENTS or noun in ENDS else {}
        address = filled(route, things)
        send = getattr(client, method)
        answer = send(address) if method == "get" else send(address, body, content_type="application/json")
        if answer.status_code not in (404, 405):
            statuses[route] = answer.status_code

    assert statuses == {}


@pytest.mark.long
@pytest.mark.req("R02")
def test_a_stranger_is_told_the_same_of_what_is_elsewhere_and_what_is_nowhere(world, things):
    """Else an id that somebody came by says that there is such a record."""
    client, differing, answers = Client(raise_request_exception=False), {}, []
    client.force_login(world.outsider)
    known = things | {"kind": "vitals", "field": "temperature_c"}
    nothing = known | dict.fromkeys(("fact_id", "alerts", "query_id", "run_id"), NOWHERE)
    facts = {"doses": Dose.objects.get().pk, "treatments": Treatment.objects.get().pk}
    for route in (route for route in ROUTES if re.match(r"[a-z-]+/(vitals/|runs/|rows/|<slug:kind>/)?<uuid:", route)):
        there = known | {"fact_id": str(facts.get(route.split("/")[0], things["fact_id"]))}
        if "<uuid:file_id>" in route or "<uuid:copy_id>" in route:
            continue  # of which there is none here
        for method in ("get", "post"):
            send = getattr(client, method)
            here, nowhere = (as_told(send(filled(route, ids)), ids) for ids in (there, nothing))
            answers.append(here[0])
            if here != nowhere:
                differing[route, method] = (here[0], nowhere[0])
    assert differing == {}
    assert answers.count(404) > 12


def as_told(answer, objects: dict[str, str]) -> tuple[int, str]:
    text = undrawn(answer.content.decode())
    for one in objects.values():
        text = text.replace(f"/{one}/", "/·/")
    return answer.status_code, text


def test_the_objects_exist_for_who_may_see_them(world, things):
    client = Client(raise_request_exception=False)
    client.force_login(world.investigator)

    for route in (
        "participants/<int:participant_id>/",
        "participants/<int:participant_id>/vital-signs/<uuid:fact_id>/",
    ):
        assert client.get(filled(f"api/v1/{route}", things)).status_code == 200


def test_a_session_without_its_csrf_token_may_not_write(world, things):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.nurse)

    answer = client.post(
        f"/api/v1/participants/{world.participant.pk}/stays/",
        facts_body("stays", world),
        content_type="application/json",
    )

    assert answer.status_code == 403
