"""A packet: made once, checked without us, and built again to the byte."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.exports.datasets import ALL
from grading.exports.packet.building import LEASE, build_next
from grading.exports.packet.cuts import cancel, make_cut, next_packet
from grading.exports.packet.keeping import keep
from grading.exports.packet.places import PART
from grading.exports.packet.stored import bytes_of, read_into
from grading.exports.packet.verifying import faults_in
from grading.exports.rows import scope_for
from grading.models import DataCut, Packet, PacketPart
from regimens.models import Step, StepKind
from tests.builders import dose, hour, kept, treatment, vitals
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.exports.formats import transport
from tests.stages import stage

pytestmark = pytest.mark.django_db


def later():
    """When every request that was on its way at a cut of now has arrived."""
    return timezone.now() + timedelta(minutes=5)


def made(world, label="dmc-1", cut=None, **changes):
    values = {"label": label, "because": "safety committee", "cut": cut, "by": world.sponsor, "at": timezone.now()}
    return make_cut(scope_for(world.sponsor, world.study.code), **values | changes, proof=Proof.PASSWORD)


@stage(lasts_s=600)
def packed(trial):  # noqa: F811
    cut = made(trial)
    build_next(clock=later)
    return trial, cut


def archive_of(cut):
    file = io.BytesIO()
    read_into(Packet.objects.get(pk=cut.pk), file)
    return file


def test_every_data_set_is_in_it_in_each_format_with_its_hash(packed):
    _world, cut = packed
    packet = Packet.objects.get(pk=cut.pk)

    with ZipFile(archive_of(cut)) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("MANIFEST.json"))

    assert (packet.state, packet.steps, packet.problem) == ("done", 0, "")
    assert {f"{one.name}{suffix}" for one in ALL for suffix in (".csv", ".json", ".xpt")} < set(names)
    assert names[-2:] == ["README.txt", "MANIFEST.json"]
    assert [entry["name"] for entry in manifest["files"]] == names[:-1]
    rows = {entry["name"]: entry["rows"] for entry in manifest["files"]}
    assert (rows["adcrsp.csv"], rows["adcrsp.xpt"], rows["README.txt"]) == (4, 4, None)  # two doses of each
    assert (manifest["label"], manifest["study"], manifest["profile"]) == ("dmc-1", "DEMO", "doses")
    assert manifest["steroid_factors"]["methylprednisolone"] == "0.1875"  # exports.md, 8
    assert manifest["audit"]["study_chain"]["hash"]
    assert manifest["dates"] == "recorded"
    assert manifest["warnings"]["periods_without_observation"] == 1  # dose 2 of 001


@pytest.mark.req("R22")
def test_it_is_whole_and_one_flipped_byte_is_named(packed):
    archive = archive_of(packed[1])
    assert list(faults_in(archive)) == []

    data = bytearray(archive.getvalue())
    with ZipFile(archive) as known:
        start = known.getinfo("advs.csv").header_offset
    data[data.index(b"TEMP", start)] ^= 1

    (fault,) = faults_in(io.BytesIO(bytes(data)))
    assert (fault.file, fault.what) == ("advs.csv", "bytes_changed")


def test_what_was_exchanged_left_out_or_added_is_named(packed):
    source = ZipFile(archive_of(packed[1]))
    changed = io.BytesIO()
    with ZipFile(changed, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "adsl.csv":
                continue
            archive.writestr(name, data + b"x" if name == "adcm.csv" else data)
        archive.writestr("more.csv", "")

    faults = {(fault.file, fault.what) for fault in faults_in(changed)}
    assert faults == {("adsl.csv", "missing"), ("adcm.csv", "other_size"), ("more.csv", "not_in_the_manifest")}
    assert [fault.what for fault in faults_in(io.BytesIO(b"no archive"))] == ["cannot_be_read"]


@pytest.mark.long
def test_after_more_facts_and_corrections_it_is_built_again_to_the_byte(packed, capsys):
    world, cut = packed
    given = vitals(world, 30, temperature_c=40, reason="late")
    kept(given, world, at=timezone.now())
    kept(vitals(world, 31, temperature_c=36, supersedes=given, reason="typed wrong"), world, at=timezone.now())

    call_command("replay_packet", str(cut.pk))

    assert Packet.objects.get(pk=cut.pk).sha256 in capsys.readouterr().out


def test_what_was_cancelled_while_it_was_made_is_not_kept(packed):
    cut = made(packed[0], label="cancelled", cut=hour(30))
    packet = next_packet(at=later(), lease=LEASE)
    assert packet.pk == cut.pk
    assert cancel(packet, at=later())

    keep(packet, io.BytesIO(b"an archive"), at=later())

    assert Packet.objects.get(pk=cut.pk).state == "cancelled"
    assert not PacketPart.objects.filter(packet_id=cut.pk).exists()


@pytest.mark.long
def test_a_replay_names_the_first_byte_that_differs(packed):
    _world, cut = packed
    other = made(packed[0], label="other", cut=hour(30))
    Packet.objects.filter(pk=other.pk).update(state="done", size=1, sha256="0" * 64, finished_at=timezone.now())
    data = archive_of(cut).getvalue()
    PacketPart.objects.create(packet_id=other.pk, number=0, data=data)
    Packet.objects.filter(pk=other.pk).update(size=len(data))

    with pytest.raises(CommandError, match=r"other: byte \d+ differs, in adcrsp\.csv"):
        call_command("replay_packet", str(other.pk))


def test_a_cut_is_refused_without_a_label_of_its_own_a_reason_or_of_the_future(packed):
    world, _cut = packed
    for changes, code in (
        ({"label": "dmc-1"}, "label_used"),
        ({"label": " "}, "label_length"),
        ({"label": "b", "because": ""}, "say_what_for"),
        ({"label": "b", "cut": timezone.now() + timedelta(hours=1)}, "in_future"),
    ):
        with pytest.raises(InvalidInput) as refused, transaction.atomic():
            made(world, **changes)
        assert code in str(refused.value.fields) + str(refused.value)


def test_a_cut_is_written_once(packed):
    with pytest.raises(DatabaseError), transaction.atomic():
        DataCut.objects.filter(pk=packed[1].pk).update(label="another")
    with pytest.raises(DatabaseError), transaction.atomic():
        PacketPart.objects.all().delete()


def test_a_packet_waits_for_its_time_is_taken_once_and_again_when_its_worker_is_gone(world):
    cut = made(world)
    at = cut.made_at

    assert next_packet(at=at, lease=LEASE) is None  # what was on its way may still come in
    due = at + timedelta(minutes=1)
    assert next_packet(at=due, lease=LEASE).pk == cut.pk
    assert next_packet(at=due, lease=LEASE) is None
    assert next_packet(at=due + LEASE, lease=LEASE).pk == cut.pk
    assert cancel(Packet.objects.get(), at=due) is True
    assert next_packet(at=due + 2 * LEASE, lease=LEASE) is None
    assert cancel(Packet.objects.get(), at=due) is False


def test_a_range_of_its_bytes_over_the_edge_of_a_part(world):
    cut = made(world)
    Packet.objects.filter(pk=cut.pk).update(size=10)
    for number, data in enumerate((b"a" * PART, b"bcd")):
        PacketPart.objects.create(packet_id=cut.pk, number=number, data=data)

    packet = Packet.objects.get()
    assert b"".join(bytes_of(packet, PART - 2, PART + 1)) == b"aabc"


@pytest.mark.long
def test_a_step_has_an_english_name_in_transport_files_and_a_text_that_has_none_is_named(world):
    with acting(by="test", reason="labels"):  # the third of its kind, after STEP-UP 1 and 2
        world.steps[0] = Step.objects.create(
            regimen=world.regimen, position=9, label="步驟一", planned_dose=5, unit="mg", kind=StepKind.STEP_UP
        )
    kept(dose(world), world)
    wrong = kept(vitals(world, 2, temperature_c=37), world).fact
    kept(vitals(world, 2, temperature_c=36.5, supersedes=wrong, reason="打錯字"), world, at=hour(3))
    kept(treatment(world, 3, "paracétamol ≥ 1 g", "antipyretic", "crs"), world)
    cut = made(world)
    build_next(clock=later)

    with ZipFile(archive_of(cut)) as archive:
        names, manifest = archive.namelist(), json.loads(archive.read("MANIFEST.json"))
        rows = {name: transport.read(archive.read(f"{name}.xpt")).rows for name in ("adcrsp", "adcm")}
        text = archive.read("adcrsp.csv").decode()

    assert manifest["english_names"] == {"步驟一": "STEP-UP 3"}
    assert "STEP-UP 3" in rows["adcrsp"][0]
    assert "步驟一" in text
    assert any("paracetamol >= 1 g" in row for row in rows["adcm"])
    refused = {one["name"]: (one["code"], one["column"]) for one in manifest["not_written"]}
    assert refused == {"audit.xpt": ("cell_not_ascii", "REASON")}
    assert "audit.xpt" not in names
    assert {"audit.csv", "audit.json", "adsl.xpt"} <= set(names)
    assert list(faults_in(archive_of(cut))) == []
