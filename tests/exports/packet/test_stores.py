"""Packets in an S3-compatible store: a real server on loopback, which is away, slow or lying where a test says so."""

import io
import socket
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from crsmonitor.audit.models import AuditEvent
from crsmonitor.stores import s3
from crsmonitor.stores.s3 import Store, StoreTrouble
from grading.exports.cuts.ranges import ByteRange
from grading.exports.cuts.sending import SentPacket
from grading.exports.packet import keeping, places
from grading.exports.packet.building import LEASE, BuildProgress, Stopped, build_next
from grading.exports.packet.cuts import cancel, next_packet
from grading.exports.packet.keeping import give_up_uploads, keep
from grading.exports.packet.places import STORE_PART
from grading.exports.packet.stored import bytes_of
from grading.exports.writers import Turn
from grading.models import Packet, PacketPart
from tests.exports.packet.object_store import address_at, free_port, raw, running
from tests.exports.packet.test_packets import archive_of, later, made

pytestmark = [pytest.mark.django_db, pytest.mark.long]  # a server of its own
ONE = "/exports/DEMO/cuts/dmc-1/"
PACKET, BY_API = f"{ONE}packet.zip", "/api/v1/studies/DEMO/cuts/dmc-1/packet.zip"
DATA = b"a" * STORE_PART + b"the end"
BUCKETS = (f"bucket-{number}" for number in count())


@pytest.fixture(scope="module")
def server():
    with running() as port:
        yield port


@pytest.fixture
def archive(server, settings):
    """An empty bucket that new packets go into."""
    bucket = next(BUCKETS)
    address = address_at(server, bucket, "?lock=governance&days=3650")
    raw(address).create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    settings.PACKET_STORES, settings.PACKET_STORE = {"archive": address}, "archive"
    return Store(address)


@pytest.fixture
def away(settings):
    """New packets go where nothing listens."""
    settings.PACKET_STORES, settings.PACKET_STORE = {"archive": address_at(free_port())}, "archive"


def begun(world) -> Packet:
    made(world)
    return next_packet(at=later(), lease=LEASE)


def kept(world, data=DATA) -> Packet:
    packet = begun(world)
    keep(packet, io.BytesIO(data), at=later())
    return Packet.objects.get()


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def uploads(store) -> list:
    return raw(store.address).list_multipart_uploads(Bucket=store.address.bucket).get("Uploads", [])


def objects(store) -> list:
    return raw(store.address).list_objects_v2(Bucket=store.address.bucket).get("Contents", [])


def tampered(store, packet, data) -> None:
    """As whoever owns the store could, object lock or not: a newer version under the same name."""
    raw(store.address).put_object(Bucket=store.address.bucket, Key=store.address.prefix + packet.key, Body=data)


# --- Written ------------------------------------------------------------------------------------------------------


def test_it_lies_in_the_store_whole_locked_and_each_part_known_by_its_hash(world, archive):
    packet = kept(world)

    assert (packet.state, packet.size, packet.store) == ("done", len(DATA), "archive")
    assert packet.key == f"{packet.pk}/{packet.sha256}.zip"
    parts = PacketPart.objects.order_by("number").values_list("number", "data", "sha256")
    assert [(number, data, len(digest)) for number, data, digest in parts] == [(0, None, 64), (1, None, 64)]
    assert b"".join(bytes_of(packet, 0, len(DATA) - 1)) == DATA
    assert b"".join(bytes_of(packet, STORE_PART - 2, STORE_PART + 2)) == b"aathe"
    assert [one["Key"] for one in objects(archive)] == [f"crs/{packet.key}"]


def test_the_store_is_told_for_how_long_nobody_may_delete_it(world, archive):
    sent = []
    events, name = raw(archive.address).meta.events, "before-send.s3.CreateMultipartUpload"
    events.register(name, keep_headers := lambda request, **_: sent.append(request.headers))

    kept(world, b"few")

    events.unregister(name, keep_headers)
    assert sent[0]["x-amz-object-lock-mode"] == b"GOVERNANCE"
    until = datetime.fromisoformat(sent[0]["x-amz-object-lock-retain-until-date"].decode())
    assert timedelta(days=3649) < until - timezone.now() < timedelta(days=3651)


def test_what_is_interrupted_is_not_there_and_is_gone_on_with(world, archive):
    packet = begun(world)
    steps = iter([None])

    def stop():
        if next(steps, "stop") == "stop":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(packet, io.BytesIO(DATA), at=later(), step=stop)
    left = Packet.objects.get()
    assert (objects(archive), len(uploads(archive)), len(left.upload["etags"])) == ([], 1, 1)
    assert not PacketPart.objects.exists()

    keep(left, io.BytesIO(DATA), at=later())

    whole = Packet.objects.get()
    assert (whole.state, whole.upload, len(objects(archive)), uploads(archive)) == ("done", None, 1, [])


@pytest.mark.usefixtures("archive")
def test_a_slow_store_is_sent_to_for_a_while_and_the_rest_comes_later(world):
    packet, at = begun(world), later()
    minutes = iter([0, 0, 5.1])  # at the begin, before each part

    with (
        BuildProgress(packet, lambda: at + timedelta(minutes=next(minutes))) as steps,
        pytest.raises(StoreTrouble, match="store_slow"),
    ):
        steps.clock()
        keep(packet, io.BytesIO(DATA), at=at, step=steps.sending)
    assert len(Packet.objects.get().upload["etags"]) == 1
    keep(packet, io.BytesIO(DATA), at=at)

    assert Packet.objects.get().state == "done"


def test_of_what_is_cancelled_the_store_keeps_nothing(world, archive):
    packet = begun(world)

    def cancelled():
        cancel(packet, at=later())
        if Packet.objects.get().upload["etags"]:
            raise Stopped

    with pytest.raises(Stopped):
        keep(packet, io.BytesIO(DATA), at=later(), step=cancelled)
    give_up_uploads()

    assert (uploads(archive), objects(archive)) == ([], [])
    assert (Packet.objects.get().state, Packet.objects.get().upload) == ("cancelled", None)


@pytest.mark.parametrize("first", ["gone", "archive"])
def test_a_store_that_is_no_more_keeps_no_other_from_letting_go(world, archive, first):
    """Whichever of two comes first: the packet of a store that the settings name no longer, or that of ours."""
    stores = [first, *{"gone", "archive"} - {first}]
    for number, store in enumerate(stores):
        made(world, label=f"dmc-{number}")
        packet = Packet.objects.exclude(state="cancelled").get()
        upload = {"store": store, "key": "x", "id": "no such", "etags": []}
        Packet.objects.filter(pk=packet.pk).update(state="cancelled", upload=upload)

    give_up_uploads()

    assert [one.upload["store"] for one in Packet.objects.filter(upload__isnull=False)] == ["gone"]


def test_an_upload_that_the_store_swept_away_is_begun_anew(world, archive):
    packet = begun(world)
    Packet.objects.update(upload={"store": "archive", "key": "x", "id": "gone", "etags": []})  # of other bytes

    keep(packet, io.BytesIO(b"other"), at=later())

    assert Packet.objects.get().state == "done"
    assert len(objects(archive)) == 1


def test_nothing_is_overwritten(world, archive):
    packet = begun(world)
    digests = keeping.digests_of(io.BytesIO(DATA), STORE_PART)
    packet.key = f"{packet.pk}/{digests.whole}.zip"
    tampered(archive, packet, b"somebody else's")

    with pytest.raises(StoreTrouble, match="store_damaged"):
        keep(packet, io.BytesIO(DATA), at=later())

    assert archive.read(packet.key, 0, 14) == b"somebody else's"
    assert Packet.objects.get().state == "running"


def test_what_was_joined_by_a_worker_that_died_is_taken_as_it_lies_there(world, archive):
    first = kept(world)
    Packet.objects.update(state="running", store="", key="", size=None, finished_at=None, sha256="")
    packet = Packet.objects.get()
    keeping._put(
        packet, keeping.Upload(store="archive", key=first.key, id=""),
        keeping.Source(file=io.BytesIO(DATA), digests=keeping.digests_of(io.BytesIO(DATA), STORE_PART), at=later(),
                       step=lambda: None), archive,
    )  # fmt: skip

    assert (len(objects(archive)), uploads(archive), Packet.objects.get().upload) == (1, [], None)


@pytest.fixture
def heard(archive):
    """Event of botocore -> what is done at it; taken back afterwards. Of a store that checks no hash."""
    events, kept_ = raw(archive.address).meta.events, []

    def hear(name, does):
        events.register(name, does)
        kept_.append((name, does))

    hear("after-call.s3.UploadPart", lambda parsed, **_: parsed.pop("ChecksumSHA256", None))
    yield hear
    for name, does in kept_:
        events.unregister(name, does)


def test_what_a_store_did_not_check_is_read_back(world, heard):
    ranges = []
    heard("before-send.s3.GetObject", lambda request, **_: ranges.append(request.headers["Range"]))

    kept(world)

    assert ranges == [f"bytes=0-{STORE_PART - 1}".encode(), f"bytes={STORE_PART}-{len(DATA) - 1}".encode()]


def test_what_a_store_did_not_check_and_kept_otherwise_is_no_packet(world, archive, heard):
    packet = begun(world)
    packet.key = f"{packet.pk}/{keeping.digests_of(io.BytesIO(DATA), STORE_PART).whole}.zip"
    heard("after-call.s3.CompleteMultipartUpload", lambda **_: tampered(archive, packet, b"b" + DATA[1:]))

    with pytest.raises(StoreTrouble, match="store_damaged"):
        keep(packet, io.BytesIO(DATA), at=later())

    assert Packet.objects.get().state == "running"


# --- Away ---------------------------------------------------------------------------------------------------------


def test_a_packet_waits_for_a_store_that_is_away_says_so_and_is_made_when_it_is_back(world, away, settings, request):
    made(world)

    waiting = build_next(clock=later)
    packet = Packet.objects.get()
    assert (waiting.pk, packet.state, packet.problem, packet.claimed_until) == (packet.pk, "queued", "store_away", None)
    assert packet.not_before > later()
    page = of(world.sponsor).get(ONE).content.decode()
    assert "The store in which packets lie does not answer" in page
    assert build_next(clock=later) is None  # others would have their turn

    request.getfixturevalue("archive")
    build_next(clock=lambda: later() + timedelta(minutes=3))
    packet = Packet.objects.get()
    assert (packet.state, packet.problem, packet.store) == ("done", "", "archive")
    assert archive_of(packet.cut).getvalue()[:2] == b"PK"
    assert "archive" not in of(world.sponsor).get(ONE).content.decode().partition("<main")[2]
    settings.PACKET_STORE = ""  # new ones go into the database: this one is found where it lies
    whole = of(world.sponsor).get(PACKET)
    assert (whole.status_code, len(whole.getvalue())) == (200, packet.size)


@pytest.mark.parametrize("how", ["away", "renamed", "damaged"])
def test_a_download_that_cannot_be_is_503_with_words_and_is_no_pull(world, archive, settings, how):
    packet = kept(world)
    if how == "away":
        settings.PACKET_STORES = {"archive": address_at(free_port())}
    if how == "renamed":
        settings.PACKET_STORES = {"other": archive.address}
    if how == "damaged":
        tampered(archive, packet, b"b" + DATA[1:])
    words = {"away": "does not answer", "renamed": "no longer configured", "damaged": "other bytes"}[how]

    page, problem = of(world.sponsor).get(PACKET), api(world.sponsor).get(BY_API)

    assert (page.status_code, problem.status_code) == (503, 503)
    assert words in page.content.decode()
    assert words in problem.json()["detail"]
    assert page["Retry-After"].isdigit()
    assert problem["Retry-After"].isdigit()
    assert not AuditEvent.objects.filter(table_name="packet_pulled").exists()
    assert of(world.sponsor).get(ONE).status_code == 200  # what is known of it besides
    Turn(world.sponsor.pk).end()  # nobody's turn is left behind


def test_readyz_names_the_stores_and_stays_ready_for_the_alerts(client, world, archive, settings):
    kept(world)
    assert client.get("/readyz").json()["parts"]["stores"] == "ok"

    settings.PACKET_STORES = {}
    places._trouble_of.cache_clear()

    assert client.get("/readyz").json()["parts"]["stores"] == "warn"


def test_a_store_that_takes_calls_and_does_not_answer_is_away(monkeypatch):
    monkeypatch.setattr(s3, "PROBE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(StoreTrouble, match="store_away"):
        Store(address_at(silent.getsockname()[1])).answers()


def test_a_bucket_that_is_not_there_is_for_an_operator(server):
    with pytest.raises(StoreTrouble, match="store_refuses"):
        Store(address_at(server, "nobody")).answers()


# --- Taken away ---------------------------------------------------------------------------------------------------


def test_a_range_comes_through_the_app_with_its_etag_and_never_a_link_to_the_store(world, archive):
    packet = kept(world)

    answer = of(world.sponsor).get(PACKET, headers={"Range": f"bytes={STORE_PART - 1}-"})

    assert (answer.status_code, answer["ETag"]) == (206, f'"{packet.sha256}"')
    assert answer.getvalue() == b"athe end"
    assert "Location" not in answer
    assert AuditEvent.objects.get(table_name="packet_pulled").after["bytes"] == 8


@pytest.mark.usefixtures("archive")
def test_one_download_of_a_person_at_a_time(world):
    packet = kept(world)
    held = Turn(world.sponsor.pk)

    page, problem = of(world.sponsor).get(PACKET), api(world.sponsor).get(BY_API)

    assert [(one.status_code, one["Retry-After"]) for one in (page, problem)] == [(429, "3")] * 2
    assert not AuditEvent.objects.filter(table_name="packet_pulled").exists()
    assert of(world.investigator).get(PACKET).getvalue() == DATA  # somebody else
    held.end()
    running = SentPacket(packet, ByteRange(0, 5), user_id=world.sponsor.pk)
    assert of(world.sponsor).get(PACKET).status_code == 429
    running.close()  # as the server does with one whose reader is gone
    assert of(world.sponsor).get(PACKET).getvalue() == DATA
    assert of(world.sponsor).get(PACKET).getvalue() == DATA  # the one before has ended
