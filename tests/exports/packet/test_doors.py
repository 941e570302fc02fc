"""The door to data cuts: who makes one, who finds it, what is taken away, and what the study sees of that."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from crsmonitor.accounts.models import ApiToken
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.exports.datasets import ALL
from grading.exports.keys.services import Binding, issue
from grading.exports.packet.building import LEASE
from grading.exports.packet.cuts import make_cut, next_packet
from grading.exports.rows import scope_for
from grading.models import DataCut, Packet
from regimens.blinding import Profile
from regimens.wording import ROLE_NAMES
from tests.builders import build_world, person, signature
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.exports.packet.test_packets import archive_of, packed  # noqa: F401  # the stage

pytestmark = pytest.mark.django_db
CUTS, ONE = "/exports/DEMO/cuts/", "/exports/DEMO/cuts/dmc-1/"
CUTS_BY_API = "/api/v1/studies/DEMO/cuts/"
PACKET, BY_API = f"{ONE}packet.zip", "/api/v1/studies/DEMO/cuts/dmc-1/packet.zip"


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(world, **changes):
    return {"id": str(uuid.uuid4()), "label": "dsur-1", "cut": "", "because": "annual report",
            **signature(world.sponsor)} | changes  # fmt: skip


def status_of(answer):
    """Of an answer that is read to its end: who leaves one open takes nothing else away."""
    return answer.status_code if answer.getvalue() else None


def text_of(answer):
    return answer.content.decode()


# --- Made on the page ---------------------------------------------------------------------------------------------


def test_it_is_made_once_however_often_the_form_is_sent_and_its_page_says_by_whom_and_why(world):
    form = typed(world, cut="2026-03-02T17:00:00Z")
    answers = [of(world.sponsor).post(CUTS, form) for _ in range(2)]

    assert [(one.status_code, one["location"]) for one in answers] == [(302, f"{CUTS}dsur-1/")] * 2
    cut = DataCut.objects.get()
    assert (cut.made_by, cut.cut.isoformat(), cut.sites, cut.profile) == (
        world.sponsor, "2026-03-02T17:00:00+00:00", None, "doses")  # fmt: skip
    page = text_of(of(world.sponsor).get(f"{CUTS}dsur-1/"))
    for shown in ("2026-03-02 17:00:00 UTC", "annual report", str(ROLE_NAMES["sponsor"]), "queued", "As of"):
        assert shown in page
    facts = page.partition("<main")[2].partition("SHA-256")[0]
    assert facts.count(world.sponsor.username) == 2  # her own signature, name and account; else she hears of roles
    assert "dsur-1" in text_of(of(world.sponsor).get("/exports/"))
    assert "dsur-1" in text_of(of(world.sponsor).get(CUTS))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"password": "wrong"}, "password"), ({"password": ""}, "password"), ({"label": ""}, "label"),
     ({"label": "a/b"}, "label"), ({"because": " "}, "because"), ({"cut": "2999-01-01T00:00:00Z"}, "cut"),
     ({"cut": "yesterday"}, "cut"), ({"cut": "2026-03-02T17:00:00"}, "cut"), ({"id": "x"}, "id")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(world, changes, field):
    answer = of(world.sponsor).post(CUTS, typed(world, **changes))

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not DataCut.objects.exists()


def test_a_form_of_another_cut_and_a_label_that_is_used_are_refused(world):
    form = typed(world)
    of(world.sponsor).post(CUTS, form)

    again = of(world.sponsor).post(CUTS, form | {"label": "other"})
    taken = of(world.sponsor).post(CUTS, typed(world))

    assert (again.status_code, taken.status_code) == (400, 400)
    assert "label" in taken.context["form"].errors
    assert DataCut.objects.count() == 1


def test_what_waits_is_cancelled_by_its_maker_or_who_has_the_whole_study(world):
    make_cut(scope_for(world.data_manager, "DEMO"), label="dmc-1", because="x", cut=None, by=world.data_manager,
             at=timezone.now(), proof=Proof.PASSWORD)  # fmt: skip
    with acting(by="test", reason="a person"):
        other = person("other", world.study, Role.DATA_MANAGER, world.site)

    assert of(other).post(f"{ONE}cancel/").status_code == 302
    assert Packet.objects.get().state == "queued"
    assert of(world.sponsor).post(f"{ONE}cancel/").status_code == 302
    assert Packet.objects.get().state == "cancelled"
    assert AuditEvent.objects.filter(table_name="packet_cancelled").count() == 1


def test_what_failed_is_begun_again_by_page_and_nothing_else_is(world):
    make_cut(scope_for(world.sponsor, "DEMO"), label="dmc-1", because="x", cut=None, by=world.sponsor,
             at=timezone.now(), proof=Proof.PASSWORD)  # fmt: skip
    retry = f"{ONE}retry/"

    assert of(world.sponsor).post(retry).status_code == 302
    assert not AuditEvent.objects.filter(table_name="packet_retried").exists()  # it waits already
    Packet.objects.update(state="failed", problem="OSError", finished_at=timezone.now(), steps=4, steps_in_all=9)
    assert retry in text_of(of(world.sponsor).get(ONE))
    of(world.sponsor).post(retry)

    packet = Packet.objects.get()
    assert (packet.state, packet.problem, packet.finished_at, packet.steps) == ("queued", "", None, 0)
    assert next_packet(at=packet.not_before, lease=LEASE) == packet
    assert AuditEvent.objects.filter(table_name="packet_retried", after__label="dmc-1").count() == 1


def test_the_list_by_key_has_what_the_key_may_take(packed):  # noqa: F811
    world, cut = packed
    packet = Packet.objects.get(pk=cut.pk)
    client = APIClient()
    client.force_authenticate(world.sponsor)

    (one,) = client.get(CUTS_BY_API).json()

    assert one | {"cut": "", "made_at": ""} == {
        "label": "dmc-1", "cut": "", "made_at": "", "because": "safety committee", "profile": "doses",
        "all_sites": True, "state": "done", "size": packet.size, "sha256": packet.sha256,
    }  # fmt: skip
    assert one["cut"].endswith("Z")
    client.force_authenticate(world.data_manager)  # of one site
    assert client.get(CUTS_BY_API).json() == []


# --- Who finds it -------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_who_finds_what(packed):  # noqa: F811
    world, _cut = packed
    stranger = build_world("AWAY").sponsor
    statuses = {
        who: [status_of(of(user).get(url)) for url in (CUTS, ONE, PACKET)]
        for who, user in {"sponsor": world.sponsor, "investigator": world.investigator,
                          "data": world.data_manager, "nurse": world.nurse, "stranger": stranger}.items()
    }  # fmt: skip

    assert statuses == {
        "sponsor": [200, 200, 200], "nurse": [403, 403, 403], "stranger": [404, 404, 404],
        "investigator": [200, 200, 200], "data": [200, 404, 404],  # it is of all sites, and she has one
    }  # fmt: skip
    assert "dmc-1" not in text_of(of(world.data_manager).get("/exports/"))
    assert of(stranger).post(f"{ONE}cancel/").status_code == 404
    with acting(by="test", reason="blinded later"):
        world.study.blinded = True
        world.study.save()
    assert of(world.sponsor).get(PACKET).status_code == 404


def test_a_cut_of_one_site_is_found_there_and_at_no_other(world):
    with acting(by="test", reason="a person"):
        there = person("there", world.study, Role.DATA_MANAGER, world.other_site)
    make_cut(scope_for(world.data_manager, "DEMO"), label="dmc-1", because="x", cut=None, by=world.data_manager,
             at=timezone.now(), proof=Proof.PASSWORD)  # fmt: skip

    statuses = {user.username: of(user).get(ONE).status_code
             for user in (world.data_manager, world.investigator, world.sponsor, there)}  # fmt: skip

    assert list(statuses.values()) == [200, 200, 200, 404]
    assert of(world.sponsor).get(PACKET).status_code == 404  # not made yet


# --- Taken away ---------------------------------------------------------------------------------------------------


def test_whole_in_parts_and_unchanged(packed):  # noqa: F811
    world, cut = packed
    data, client = archive_of(cut).getvalue(), of(world.sponsor)
    etag = f'"{hashlib.sha256(data).hexdigest()}"'

    whole = client.get(PACKET)
    assert (whole.status_code, whole["ETag"], whole["Content-Length"]) == (200, etag, str(len(data)))
    assert whole["Content-Disposition"] == 'attachment; filename="DEMO-dmc-1.zip"'
    assert whole.getvalue() == data
    part = client.get(PACKET, headers={"Range": "bytes=5-9", "If-Range": etag})
    assert (part.status_code, part["Content-Range"], part["Content-Length"]) == (206, f"bytes 5-9/{len(data)}", "5")
    assert part.getvalue() == data[5:10]
    assert client.get(PACKET, headers={"Range": "bytes=5-9", "If-Range": '"other"'}).getvalue() == data
    beyond = client.get(PACKET, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    assert client.get(PACKET, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(PACKET, headers={"If-Match": '"other"'}).status_code == 412
    head = client.head(PACKET)
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(data)), b"")


def test_each_pull_is_in_the_trail_and_on_the_page_of_the_cut(packed):  # noqa: F811
    world, cut = packed
    now = timezone.now()
    with acting(by="test", reason="a token"):
        _token, key = ApiToken.issue(
            user=world.sponsor, label="edc", scopes=["export"], at=now, expires_at=now + timedelta(days=1)
        )
    of(world.sponsor).get(PACKET, headers={"Range": "bytes=0-9"}).getvalue()
    by_key = APIClient().get(BY_API, HTTP_AUTHORIZATION=f"Token {key}", HTTP_ACCEPT="application/zip")
    assert by_key.getvalue() == archive_of(cut).getvalue()

    packet = Packet.objects.get(pk=cut.pk)
    events = AuditEvent.objects.filter(table_name="packet_pulled", subject=f"study:{world.study.pk}").order_by("id")
    names = ("label", "profile", "sha256", "bytes", "by_token")
    details = [tuple(one.after[name] for name in names) for one in events]
    assert details == [
        ("dmc-1", "doses", packet.sha256, 10, False), ("dmc-1", "doses", packet.sha256, packet.size, True)]  # fmt: skip
    assert {one.actor for one in events} == {f"user:{world.sponsor.pk}:{world.sponsor.username}"}
    page = of(world.sponsor).get(ONE)
    assert [(one.by_token, one.is_whole, one.roles, one.actor) for one in page.context["pulls"]] == [
        (True, True, ("sponsor",), ""), (False, False, ("sponsor",), "")]  # fmt: skip
    for shown in ("by key", "by page", packet.sha256, "1 dose periods without a set of vital signs"):
        assert shown in text_of(page)


@pytest.mark.parametrize(
    ("names", "profile", "status"),
    [(None, Profile.DOSES, 200), (["adsl"], Profile.DOSES, 404), (None, Profile.BLINDED, 404)],
)
def test_a_key_of_a_program_gets_what_it_is_bound_to_and_no_more(packed, names, profile, status):  # noqa: F811
    world, _cut = packed
    binding = Binding(sites=None, datasets=names or [one.name for one in ALL], profile=profile)
    with acting(by="test", reason="a data manager of all sites"):
        manager = person("all.sites", world.study, Role.DATA_MANAGER)
    key = issue(world.study, name="edc", binding=binding, days=1, by=manager, at=timezone.now())

    answer = APIClient().get(BY_API, HTTP_AUTHORIZATION=f"Token {key}")
    answer.getvalue()

    assert answer.status_code == status
