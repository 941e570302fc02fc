"""The Dataset-JSON API: what a key sees of it, parts of a data set, and what has not changed."""

import gzip
import json

import pytest
from django.test import Client
from django.utils import timezone
from psycopg import sql

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.exports.keys.services import Binding, issue
from grading.exports.writers import Download
from regimens.blinding import Profile
from tests.builders import build_world, dose, kept, person

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/v1/dataset-json"
ONE = f"{BASE}/studies/STDY.DEMO/datasets/IG.ADEX"  # nothing in it depends on now, as an open period of ADCRSP does


@pytest.fixture
def world(transactional_db):
    world = build_world()
    for hours in (0, 72):
        kept(dose(world, hours, despite_gate="as ordered"), world)
    return world


def client_of(world, *, datasets=("adcrsp", "adex"), profile=Profile.DOSES):
    with acting(by="test", reason="of the whole study"):
        manager = person("whole.data", world.study, Role.DATA_MANAGER)
    binding = Binding(sites=None, datasets=list(datasets), profile=profile)
    key = issue(world.study, name="edc", binding=binding, days=1, by=manager, at=timezone.now())
    return Client(headers={"api-key": key})


def read(answer):
    assert answer.status_code == 200, answer.content
    return json.loads(answer.getvalue())


def test_a_key_walks_from_the_study_to_its_data_sets(world):
    build_world("OTHER")
    client = client_of(world)

    assert read(client.get(f"{BASE}/about"))["profile"] == "read-only"
    (study,) = read(client.get(f"{BASE}/studies"))
    assert read(client.get(study["href"])) == study | {"snapshots": [], "metaDataRef": []}
    shown = read(client.get(f"{study['href']}/datasets"))
    assert [one["itemGroupOID"] for one in shown] == ["IG.ADCRSP", "IG.ADEX"]
    assert read(client.get(f"{study['href']}/datasets?standard=SDTMIG")) == []
    assert read(client.get(f"{study['href']}/datasets?standard=adamig")) == shown
    for one in shown:
        whole = read(client.get(one["href"]))
        assert (whole["itemGroupOID"], whole["records"]) == (one["itemGroupOID"], len(whole["rows"]))
        assert (one["records"], one["standard"]) == (2, "adamig")
        assert {len(row) for row in whole["rows"]} == {len(whole["columns"])}
    for strange in (f"{BASE}/studies/STDY.OTHER", f"{BASE}/studies/STDY.DEMO/datasets/IG.ADVS",
                    f"{BASE}/studies/STDY.NONE/datasets/IG.ADSL"):  # fmt: skip
        assert client.get(strange).status_code == 404


@pytest.mark.long
def test_parts_are_the_whole(world):
    client = client_of(world)
    whole = read(client.get(ONE))
    head, *lines = client.get(f"{ONE}/ndjson").getvalue().splitlines()
    assert ([json.loads(line) for line in lines], json.loads(head)["records"]) == (whole["rows"], 2)

    def rows(**part):
        return read(client.get(ONE, {"dataonly": "true"} | part))["rows"]

    assert len(rows()) == 2 == whole["records"]
    assert rows(limit=1) + rows(offset=1, limit=1) + rows(offset=2) == rows() == rows(limit=0)
    about = read(client.get(ONE, {"metadataonly": "True"}))
    assert (about["columns"], about["records"], "rows" in about) == (whole["columns"], 2, False)


@pytest.mark.parametrize("wrong", [
    {"limit": "-1"}, {"limit": "x"}, {"offset": "-1"}, {"offset": "99999999999"}, {"dataonly": "1"}, {"since": "2026"},
    {"profile": "open"}, {"dataonly": "true", "metadataonly": "true"},
])  # fmt: skip
def test_what_is_not_known_is_refused(world, wrong):
    answer = client_of(world).get(ONE, wrong)

    assert (answer.status_code, answer["content-type"]) == (400, "application/problem+json")


def test_what_has_not_changed_is_not_sent_again_and_all_of_it_is_packed(world):
    client = client_of(world)
    first = client.get(ONE, headers={"accept-encoding": "gzip"})
    assert first["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(first.getvalue()))["records"] == 2

    assert client.get(ONE, headers={"if-none-match": first["etag"]}).status_code == 304
    kept(dose(world, 144, despite_gate="as ordered"), world)
    assert client.get(ONE, headers={"if-none-match": first["etag"]}).status_code == 200


def test_one_at_a_time_and_each_in_the_trail(world):
    client = client_of(world)
    machine = AuditEvent.objects.filter(table_name="key_made").count()
    assert machine == 1
    read(client.get(ONE))
    events = AuditEvent.objects.filter(table_name__in=("export_begun", "export_ended")).order_by("id")
    assert [(one.table_name, one.after["dataset"], one.after["profile"]) for one in events] == [
        ("export_begun", "adex", "doses"), ("export_ended", "adex", "doses")]  # fmt: skip
    holder = int(events[0].actor.split(":")[1])
    running = Download(sql.SQL("COPY (SELECT 1) TO STDOUT").format(), user_id=holder)
    try:
        answer = client.get(ONE)
        assert (answer.status_code, answer["retry-after"]) == (429, "3")
    finally:
        running.close()
