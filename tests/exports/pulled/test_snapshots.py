"""Data cuts by the Dataset-JSON API: what was kept in the packet, whole and in parts, to who may have it."""

import gzip
import json
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.exports.keys.services import Binding, issue
from regimens.blinding import Profile
from tests.builders import person
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.exports.packet.test_packets import archive_of, packed  # noqa: F401  # the stage

pytestmark = pytest.mark.django_db
STUDY = "/api/v1/dataset-json/studies/STDY.DEMO"
ONE = f"{STUDY}/snapshots/dmc-1"
ADEX = f"{ONE}/datasets/IG.ADEX"


def client_of(world, *, profile=Profile.DOSES, sites=None, name="edc"):
    with acting(by="test", reason="of the whole study"):
        manager = person(f"{name}.data", world.study, Role.DATA_MANAGER)
    binding = Binding(sites=sites, datasets=["adcrsp", "adex"], profile=profile)
    key = issue(world.study, name=name, binding=binding, days=1, by=manager, at=timezone.now())
    return Client(headers={"api-key": key})


@pytest.fixture
def client(packed):  # noqa: F811
    return client_of(packed[0])


def read(answer):
    assert answer.status_code == 200
    return json.loads(answer.getvalue())


def test_a_cut_is_a_snapshot_with_the_data_sets_of_the_key(packed, client):  # noqa: F811
    (snapshot,) = read(client.get(f"{STUDY}/snapshots"))
    assert (snapshot["snapshotID"], snapshot["label"], snapshot["href"]) == ("dmc-1", "dmc-1", ONE)
    one = read(client.get(ONE))
    assert [(each["itemGroupOID"], each["standard"], each["records"]) for each in one["datasets"]] == [
        ("IG.ADCRSP", "adamig", 4), ("IG.ADEX", "adamig", 4)]  # fmt: skip
    assert read(client.get(STUDY))["snapshots"] == [snapshot]
    assert one["dates"] == "recorded"
    with ZipFile(archive_of(packed[1])) as archive:
        stored, define = archive.read("adex.json"), archive.read("define.xml").decode()
    whole = client.get(one["datasets"][1]["href"])
    assert whole.getvalue() == stored
    assert whole["etag"] == f'"{sha256(stored).hexdigest()}"'
    assert read(client.get(f"{STUDY}/defines")) == one["metaDataRef"]
    assert read(client.get(one["metaDataRef"][0]["href"])) == {"label": "dmc-1", "defineXML": define}


def test_parts_of_a_snapshot_are_the_whole(client):
    whole = read(client.get(ADEX))

    def rows(**part):
        return read(client.get(ADEX, {"dataonly": "true"} | part))["rows"]

    assert rows(limit=1) + rows(offset=1, limit=2) + rows(offset=3) == whole["rows"] == rows(limit=0)
    assert rows(offset=4) == []
    about = read(client.get(ADEX, {"metadataonly": "true"}))
    assert about == {name: value for name, value in whole.items() if name != "rows"}
    assert client.get(ADEX, {"version": "1"}).status_code == 400


def test_a_snapshot_is_packed_and_not_sent_again(client):
    first = client.get(ADEX, headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(first.getvalue()))["records"] == 4
    for unchanged in ({"if-none-match": first["etag"]}, {"if-modified-since": first["last-modified"]}):
        assert client.get(ADEX, headers=unchanged).status_code == 304
    assert read(client.get(ADEX, {"limit": "1"}, headers={"if-none-match": first["etag"]}))
    ended = AuditEvent.objects.filter(table_name="export_ended").latest("id").after
    assert (ended["snapshot"], ended["dataset"], ended["profile"]) == ("dmc-1", "adex", "doses")


def test_what_is_not_this_keys_or_not_offered(packed, client):  # noqa: F811
    world = packed[0]
    blinded = client_of(world, profile=Profile.BLINDED, name="blind")
    of_site = client_of(world, sites=(world.site.pk,), name="site")
    for stranger in (blinded, of_site):  # the cut tells doses, and is of every site
        assert read(stranger.get(f"{STUDY}/snapshots")) == read(stranger.get(f"{STUDY}/defines")) == []
        assert {stranger.get(one).status_code for one in (ONE, ADEX, f"{STUDY}/defines/dmc-1")} == {404}
    assert {client.get(one).status_code for one in (f"{ONE}/datasets/IG.ADVS", f"{STUDY}/snapshots/none",
                                                    f"{STUDY}/defines/none")} == {404}  # fmt: skip
    assert client.post(f"{STUDY}/snapshots").status_code == 403  # a cut is signed: no key makes one
