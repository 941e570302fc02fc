"""Every page, for every role and method: none breaks, strangers find nothing, and no link leads where nobody may go."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.devices.enrolling import enrol
from crsmonitor.devices.models import Tablet
from grading.alerting.services import drills
from grading.alerting.services.on_call import contacts
from grading.copies.making import make_copy
from grading.downtime import making as downtime_sheets
from grading.downtime.facts import in_care
from grading.exports.packet.cuts import make_cut
from grading.exports.rows import scope_for
from grading.intake.files.services import keep_file
from grading.models import (
    Alert,
    AlertPolicy,
    CertifiedCopy,
    DataQuery,
    DowntimeSheet,
    IntakeFile,
    RotaShift,
    SilentRun,
)
from grading.policies.silent.services import begin_run
from regimens.models import Design, DesignRun
from tests.builders import THRESHOLDS, build_world, dose, kept, person, stay, treatment, vitals
from tests.pages import connection_kept
from tests.project.security.test_routes import HIDDEN, PUBLIC, ROUTES
from tests.queries.moves import asks
from tests.regimens.design_pages.builders import finished_trial, whole_design
from tests.sizes import sized
from tests.stages import stage

pytestmark = [pytest.mark.django_db, pytest.mark.long]

PAGES = [route for route in ROUTES if not route.startswith(("api/", "admin/")) and route not in PUBLIC | HIDDEN]
ENDS_THE_SESSION = {"accounts/logout/"}
# A link in a mail, or in a calendar, is for whoever has its key; whoever changes factors signs in again first.
BY_KEY = ("accounts/invitation/", "calendar/", "accounts/factors/")
OF_NOBODY = ("regimens/library/",)  # published texts
WRITING = ("put", "patch", "delete")  # no page has them, whoever asks: two people ask, and one stranger
SLUGS = {"kind": "vitals", "field": "temperature_c", "about": "set", "name": "tarlatamab", "key": "x", "uidb64": "MQ",
         "token": "x", "table": "grading_vitalsigns"}  # fmt: skip


@stage
def furnished(world):
    """One of everything that an address names, and everybody who may ask."""
    at = timezone.now()
    kept(stay(world, observed_at=at - timedelta(hours=8)), world)
    kept(dose(world, observed_at=at - timedelta(hours=7)), world)
    kept(treatment(world, 0, "norepinephrine", "vasopressor", "crs", observed_at=at), world)
    kept(vitals(world, 0, temperature_c=38.6, hypotension=True, observed_at=at), world)
    contacts.add("email", "ward.phone@example.org", by=world.nurse, at=at)
    with acting(by="test", reason="one of everything"):
        RotaShift.objects.create(
            study=world.study, site=world.site, on_call_role="assigned_nurse", person=world.nurse, starts_at=at,
            ends_at=at + timedelta(hours=8),
        )  # fmt: skip
        person("demo.central", world.study, Role.CENTRAL)
        User.objects.create_superuser("root", "root@example.org", "root-password-long")
    enrol("7B cart 2", site_id=world.site.pk, by=world.data_manager, at=at)
    drills.hold(world.study, world.site, by="test", reason="a drill", at=at)
    make_cut(
        scope_for(world.sponsor, world.study.code), label="dmc-1", because="x", cut=None, by=world.sponsor, at=at,
        proof=Proof.PASSWORD,
    )  # fmt: skip
    downtime_sheets.make(in_care().get(pk=world.participant.pk), at=at)
    keep_file(world.study, world.site, b"ID,When,T\n1,2026-03-02 17:00,38\n", by=world.nurse, at=at)
    asks(world, world.participant.vitalsigns_facts.get(), at=at, field="temperature_c")
    make_copy(world.investigator, world.participant.pk, because="x", language="en", at=at, key=uuid.uuid4())
    with acting(by="test", reason="beside the one in force"):
        version = AlertPolicy.objects.create(study=world.study, version=2, title="Test policy", thresholds=THRESHOLDS)
    begin_run(version.pk, because="x", by=world.investigator, at=at)
    finished_trial(whole_design(world))
    build_world("AWAY")
    return world


def people(world) -> dict[str, User]:
    named = ("nurse", "charge_nurse", "investigator", "data_manager", "sponsor", "outsider")
    others = {"central": User.objects.get(username="demo.central"), "root": User.objects.get(username="root")}
    return {name: getattr(world, name) for name in named} | others


@dataclass(frozen=True)
class There:
    """What the parameters of addresses name: primary keys by the word before them, and the rest by their own name."""

    keys: dict[str, int]
    names: dict[str, str]


def there(world) -> There:
    fact = world.participant.vitalsigns_facts.get()
    keys = {
        "participants": world.participant.pk, "alerts": Alert.objects.first().pk, "regimens": world.regimen.pk,
        "policies": world.policy.pk, "contacts": world.nurse.contacts.get().pk, "drills": 1, "people": world.nurse.pk,
        "silent-runs": SilentRun.objects.get().pk, "design": Design.objects.get().pk,
        "tablets": Tablet.objects.get().pk, "sites": world.site.pk,
        "site": RotaShift.objects.get().pk, "calendar": world.nurse.pk, "keys": 1,
    }  # fmt: skip
    names = SLUGS | {"code": world.study.code, "study": world.study.code, "site": world.site.code,
                     "fact_id": str(fact.pk), "root": str(fact.root), "person": str(world.nurse.pk),
                     "sheet_id": str(DowntimeSheet.objects.get().pk), "label": "dmc-1",
                     "file_id": str(IntakeFile.objects.get().pk),
                     "query_id": str(DataQuery.objects.get().pk),
                     "run_id": str(DesignRun.objects.order_by("queued_at").first().pk),
                     "copy_id": str(CertifiedCopy.objects.get().pk), "form": "pdf"}  # fmt: skip
    return There(keys, names)


def address_of(route: str, named: There) -> str:
    """The route as an address of something that is there. KeyError: say above what this parameter names."""

    def filled(match: re.Match[str]) -> str:
        if match[1] != "pk":
            return named.names[match[1]]
        before = [part for part in route[: match.start()].split("/") if part]
        return str(named.keys[before[-1].partition(":")[2].rstrip(">") if before[-1].startswith("<") else before[-1]])

    return "/" + re.sub(r"<(?:\w+:)?([\w-]+)>", filled, route)


def closed(answer: Any) -> None:
    """A stream that nobody reads."""
    with connection_kept():
        answer.close()


def status_of(client: Client, method: str, address: str) -> int:
    answer = getattr(client, method)(address)
    closed(answer)
    return answer.status_code


# --- Role x page x method -----------------------------------------------------------------------------------

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)', re.IGNORECASE)
MOST = 60  # pages of one person
NOT_OPENED = ("/api/", "/static/", "/admin/", "/accounts/logout", "/alerts/stream", "/alarms/stream", "/lock/alarms")
# What strangers do not find is there for one of these two, or that test would look where nothing is.
FOUND_BY = {
    "investigator": (
        "participants/",
        "corrections/",
        "alerts/<",
        "policies/<",
        "regimens/<",
        "exports/<",
        "queries/<",
        "silent-runs/<",
        "design/<",
        "design/runs/<",
    ),
    "data_manager": ("rota/<", "setup/<"),
}


@dataclass(frozen=True)
class Opened:
    """What one address answered to GET. `links`: of its page; None: it is none. `to`: where it led instead."""

    status: int
    links: tuple[str, ...] | None = None
    to: str = ""


def open_page(client: Client, address: str) -> Opened:
    answer = client.get(address)
    if answer.status_code == 200 and answer["content-type"].startswith("text/html"):
        return Opened(200, links=tuple(link.replace("&amp;", "&") for link in LINK.findall(answer.content.decode())))
    closed(answer)
    return Opened(answer.status_code, to=answer.headers.get("location", ""))


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.parametrize("who", sized([*["nurse", "charge_nurse", "investigator", "data_manager", "sponsor"],
                                       "central", "outsider", "root"], sample=["nurse", "sponsor"]))  # fmt: skip
def test_no_page_breaks_for_anybody_and_no_link_leads_nowhere(furnished, who):
    """One walk over every address; what it opened is not opened again for the links that it shows.

    Case A18: "Alerts" in the menu of sponsor and reviewer was not there for them.
    """
    user, named, broken, opened = people(furnished)[who], there(furnished), {}, {}
    client = signed_in(user)
    for route in PAGES:
        address = address_of(route, named)
        opened[address] = open_page(client, address)
        if opened[address].to.startswith(reverse("login")):  # the page before had signed her out
            client = signed_in(user)
            opened[address] = open_page(client, address)
        statuses = {"get": opened[address].status}
        for method in ("post", *(WRITING if who in ("nurse", "root") else ())):
            statuses[method] = status_of(client, method, address)
        for method, status in statuses.items():
            if status >= 500 or (method in WRITING and 200 <= status < 300 and route not in ENDS_THE_SESSION):
                broken[f"{method} {address}"] = status

    assert broken == {}
    if who != "outsider":
        assert lost_links(signed_in(user), opened) == {}
    pages = {route for route in PAGES if "<" in route and opened[address_of(route, named)].status == 200}
    for part in FOUND_BY.get(who, ()):
        assert any(route.startswith(part) for route in pages - ENDS_THE_SESSION), part


def lost_links(client: Client, opened: dict[str, Opened]) -> dict[str, tuple[int, str]]:
    """What is linked to on the way from the first page and is not there, with the page that shows it."""
    lost, waiting, seen = {}, [("/", "")], {"/"}
    while waiting and len(seen) < MOST:
        address, shown_on = waiting.pop(0)
        answer = opened.get(address) or open_page(client, address)
        while answer.to:
            answer = open_page(client, answer.to)
        if answer.status != 200:
            lost[address] = (answer.status, shown_on)
        for link in answer.links or ():
            if kind_of(link) not in seen and not link.startswith(NOT_OPENED):
                seen.add(kind_of(link))
                waiting.append((link, address))
    assert len(seen) > 2
    return lost


def kind_of(address: str) -> str:
    """Pages that differ in an id alone are one kind: one of them is opened."""
    return re.sub(r"[0-9a-f-]{36}|\d+", "#", address.partition("?")[0])


@pytest.mark.parametrize("who", ["investigator", "data_manager"])
def test_below_a_thing_of_another_study_nobody_finds_anything(furnished, who):
    stranger = User.objects.get(username=f"away.{who.removesuffix('_manager')}")
    client, answered = Client(raise_request_exception=False), {}
    client.force_login(stranger)
    named = there(furnished)
    for route in PAGES:
        if "<" not in route or route.startswith((*BY_KEY, *OF_NOBODY)):
            continue
        address = address_of(route, named)
        methods = ("get", "post", *(WRITING if who == "investigator" else ()))
        statuses = {status_of(client, method, address) for method in methods}
        if not statuses <= {404, 405}:
            answered[address] = statuses

    assert answered == {}
