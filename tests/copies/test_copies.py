"""A certified copy: complete, the same in its three forms, on record, and for the site alone."""

import csv
import hashlib
import io
import json
import uuid
from itertools import pairwise
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.copies.making import make_copy
from grading.copies.tables import NOT_IN, tables
from grading.models import CertifiedCopy, CopyFile, GradeAssessment
from regimens.facts import Fact
from regimens.models import Disposition, Participant, Signature
from tests.builders import draft, hour, kept, person, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage(lasts_s=600)
def recorded(ward):
    """A fever at hour 4 that was typed wrongly first, judged by the investigator; a set of hour 8 was taken back."""
    wrong = kept(vitals(ward, 4, temperature_c=39.6), ward).fact
    kept(vitals(ward, 4, temperature_c=38.6, sbp=84, hypotension=True, supersedes=wrong, reason="mistyped 打錯"), ward,
         at=hour(6))  # fmt: skip
    gone = kept(vitals(ward, 8), ward).fact
    kept(vitals(ward, 8, supersedes=gone, withdrawn=True, reason="another participant's"), ward)
    judged = draft(
        GradeAssessment, ward, 9, about="set", about_root=wrong.root, kind="crs", ledger="investigator", agrees=True,
    )  # fmt: skip
    kept(judged, ward, by=ward.investigator)
    return ward


@stage(lasts_s=600)
def copied(recorded):
    """With the copy, as the page makes one."""
    make_copy(recorded.investigator, recorded.participant.pk, because="inspection of the site", language="en",
              at=timezone.now(), key=uuid.uuid4())  # fmt: skip
    return recorded


def browser(user, language="en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def taken(world, form, user=None) -> bytes:
    copy = CertifiedCopy.objects.get(participant=world.participant)
    answer = browser(user or world.investigator).get(reverse("copy-file", args=[copy.pk, form]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="copy-DEMO-001-')
    return answer.content


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def lookup(user, **typed):
    return browser(user).post(reverse("copy-verify"), typed)


@pytest.mark.req("R20")
def test_every_fact_in_every_version_is_in_the_copy_with_who_and_both_clocks(copied):
    document = json.loads(taken(copied, "json"))
    people = document["people"]

    sets = document["records"]["grading_vitalsigns"]
    assert [(float(one["temperature_c"]), float(one["sbp"])) for one in sets[:2]] == [(39.6, 120), (38.6, 84)]
    assert [one["withdrawn"] for one in sets] == [False, False, False, True]
    assert sets[1]["supersedes_id"] == sets[0]["id"]
    assert [sets[1][name] for name in ("observed_at", "recorded_at")] == [
        "2026-03-02T13:00:00+00:00", "2026-03-02T15:00:00+00:00",
    ]  # fmt: skip
    assert people[str(sets[0]["recorded_by_id"])]["roles"] == ["nurse"]
    for model in Fact.__subclasses__():
        kept_here = model._default_manager.filter(participant=copied.participant).count()
        assert len(document["records"][model._meta.db_table]) == kept_here, model
    assert document["audit"]["broken"] == []


@pytest.mark.req("R20")
def test_grades_episodes_judgements_alerts_signatures_and_the_chain_are_in_it(copied):
    document = json.loads(taken(copied, "json"))
    records, events = document["records"], document["audit"]["events"]
    copy = CertifiedCopy.objects.get()

    assert [one["grade"] for one in records["grading_grade"] if one["kind"] == "crs"] == [2]
    assert [one["max_grade"] for one in records["grading_episode"]] == [2]
    assert [one["agrees"] for one in records["grading_gradeassessment"]] == [True]
    assert records["grading_alert"]
    assert records["grading_alertevent"]
    (signed,) = records["regimens_signature"]
    assert (signed["meaning"], signed["hash"]) == ("grade_confirmed", Signature.objects.get().hash)
    assert [one["seq"] for one in events] == list(range(1, len(events) + 1))
    assert all(one["previous_hash"] == before["hash"] for before, one in pairwise(events))
    assert (copy.chain_seq, copy.chain_hash) == (events[-1]["seq"], events[-1]["hash"])


@pytest.mark.req("R20")
def test_the_csv_has_every_value_of_the_json(copied):
    records = json.loads(taken(copied, "json"))["records"]
    lines = list(csv.DictReader(io.StringIO(taken(copied, "csv").decode())))
    keys = {table.name: table.model._meta.pk.column for table in tables()}

    in_json = {
        (table, str(row[keys[table]]), name): value
        for table, rows in records.items() for row in rows for name, value in row.items() if value is not None
    }  # fmt: skip
    in_csv = {(one["RECORD"], one["ID"], one["FIELD"]): one["VALUE"] for one in lines if one["SECTION"] != "audit"}
    assert in_csv.keys() == in_json.keys()
    plain = {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
             for key, value in in_json.items()}  # fmt: skip
    assert {key: value for key, value in in_csv.items() if value != plain[key]} == {}
    (line,) = [
        one
        for one in lines
        if one["FIELD"] == "reason" and one["VALUE"] == "mistyped 打錯" and one["SECTION"] == "facts"
    ]
    assert (line["STATUS"], line["BY"]) == ("stands", "demo.nurse")
    assert line["OBSERVED"] == "2026-03-02T13:00:00+00:00"
    assert line["OBSERVED_LOCAL"] == "2026-03-02T21:00:00+08:00"


@pytest.mark.req("R20")
@pytest.mark.req("R17")
def test_the_pdf_is_read_by_people_and_holds_the_other_two(copied):
    pdf = taken(copied, "pdf")
    text, files = text_of(pdf), PdfReader(io.BytesIO(pdf)).attachments

    assert sorted(data for (data,) in files.values()) == sorted([taken(copied, "json"), taken(copied, "csv")])
    assert "2026-03-02 21:00:00 Asia/Taipei +08:00" in text
    assert "Temperature (°C): 39.6" in text
    assert "Temperature (°C): 38.6" in text
    for words in ("corrected later", "taken back", "mistyped", "inspection of the site", "The audit chain holds."):
        assert words in text
    signature = Signature.objects.get()
    assert "Signed: grade confirmed; demo.investigator (demo.investigator); 2026-03-03 02:00:00" in text
    assert signature.hash in text.replace(" ", "")


@pytest.mark.req("R20")
def test_the_archive_has_all_three_with_their_hashes_and_is_the_same_each_time(copied):
    once = taken(copied, "zip")
    archive = ZipFile(io.BytesIO(once))
    manifest = json.loads(archive.read("MANIFEST.json"))

    assert taken(copied, "zip") == once
    assert hashlib.sha256(once).hexdigest() == CopyFile.objects.get(form="zip").sha256
    assert manifest["made"]["because"] == "inspection of the site"
    assert len(manifest["files"]) == 3
    for one in manifest["files"]:
        assert hashlib.sha256(archive.read(one["name"])).hexdigest() == one["sha256"]


@pytest.mark.req("R20")
def test_the_site_makes_them_and_nobody_else(copied):
    with acting(by="test", reason="another role"):
        central = person("demo.central", copied.study, Role.CENTRAL)
    copy = CertifiedCopy.objects.get()
    statuses = {}

    for who in ("nurse", "charge_nurse", "investigator", "data_manager", "sponsor", "outsider", "central"):
        client = browser(central if who == "central" else getattr(copied, who))
        page = client.get(reverse("copies", args=[copied.participant.pk])).status_code
        statuses[who] = (page, client.get(reverse("copy-file", args=[copy.pk, "pdf"])).status_code)

    refused, unknown = (403, 404), (404, 404)
    assert statuses == {
        "nurse": refused, "charge_nurse": (200, 200), "investigator": (200, 200), "data_manager": (200, 200),
        "sponsor": refused, "central": refused, "outsider": unknown,
    }  # fmt: skip


@pytest.mark.req("R20")
def test_the_page_of_verification_knows_each_file_by_its_bytes_or_its_hash(copied):
    for form, by_bytes in (("pdf", True), ("zip", True), ("json", False), ("csv", False)):
        data = taken(copied, form)
        upload = io.BytesIO(data)
        upload.name = f"anything.{form}"
        what = {"file": upload} if by_bytes else {"sha256": hashlib.sha256(data).hexdigest().upper() + " \n"}

        page = lookup(copied.charge_nurse, **what)

        assert page.context["known"].known.file.form == form
        assert "The record has not changed since." in page.content.decode()
        assert "inspection of the site" in page.content.decode()


@pytest.mark.req("R20")
def test_it_says_what_was_written_to_the_record_since(copied):
    digest = CopyFile.objects.get(form="pdf").sha256
    kept(vitals(copied, 12), copied)

    page = lookup(copied.investigator, sha256=digest)

    assert page.context["known"].changes == [("Vital signs", 1)]
    assert "The record has changed since:" in page.content.decode()


@pytest.mark.req("R20")
def test_strangers_are_told_the_same_of_a_copy_and_of_any_file(copied):
    digest = CopyFile.objects.get(form="pdf").sha256
    of_copy = lookup(copied.outsider, sha256=digest)
    of_nothing = lookup(copied.outsider, sha256="0" * 64)

    assert of_copy.context["known"] is None
    assert of_copy.status_code == of_nothing.status_code == 200
    assert "DEMO-001" not in of_copy.content.decode()
    assert lookup(copied.outsider, sha256="not a hash").status_code == 400
    assert lookup(copied.outsider).status_code == 400


@pytest.mark.req("R20")
def test_a_sponsor_is_told_that_it_is_one_and_no_name(copied):
    page = lookup(copied.sponsor, sha256=CopyFile.objects.get(form="pdf").sha256)

    assert page.context["known"] is not None
    assert "inspection of the site" not in page.content.decode()
    assert "demo.investigator" not in page.content.decode()


@pytest.mark.long
@pytest.mark.req("R20")
def test_its_words_are_those_of_whoever_makes_it(recorded):
    client = browser(recorded.charge_nurse, "zh-hant")
    form = {"id": str(uuid.uuid4()), "because": "稽核"}

    answer = client.post(reverse("copies", args=[recorded.participant.pk]), form)

    assert answer.status_code == 302
    assert CertifiedCopy.objects.get().language == "zh-hant"
    text = text_of(taken(recorded, "pdf"))
    assert "核證副本" in text
    assert "收縮壓" in text
    assert "稽核" in text


@pytest.mark.req("R20")
@pytest.mark.req("R11")
def test_that_it_was_made_and_taken_is_in_the_trail_and_twice_the_same_form_is_one(recorded):
    client, address = browser(recorded.data_manager), reverse("copies", args=[recorded.participant.pk])
    form = {"id": str(uuid.uuid4()), "because": "monitoring visit"}

    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    taken(recorded, "csv", recorded.data_manager)

    made = CertifiedCopy.objects.get()
    chain = AuditEvent.objects.filter(subject=f"participant:{recorded.participant.pk}")
    entry = chain.get(table_name="grading_certifiedcopy")
    assert (entry.reason, entry.actor.rpartition(":")[2]) == ("monitoring visit", "demo.data")
    assert entry.after["chain_hash"] == made.chain_hash
    event = chain.get(action="EVENT", table_name="copy_taken")
    assert event.after["sha256"] == made.files.get(form="csv").sha256
    assert client.post(address, {"id": str(uuid.uuid4()), "because": " "}).status_code == 400


@pytest.mark.req("R20")
def test_after_the_end_of_observation_a_copy_is_made_as_before(recorded):
    kept(draft(Disposition, recorded, 60, kind="completed"), recorded, by=recorded.investigator)

    made = make_copy(recorded.investigator, recorded.participant.pk, because="archive", language="en",
                     at=timezone.now(), key=uuid.uuid4())  # fmt: skip

    assert made.parameters["rows"]["regimens_disposition"] == 1


@pytest.mark.req("R20")
def test_another_participant_is_not_in_it(recorded):
    with acting(by="test", reason="another"):
        other = Participant.objects.create(
            study=recorded.study, site=recorded.site, number="DEMO-002", regimen=recorded.regimen
        )
    theirs = vitals(recorded, 5, participant=other, temperature_c=40.1)
    kept(theirs, recorded)

    make_copy(recorded.investigator, recorded.participant.pk, because="x", language="en", at=timezone.now(),
              key=uuid.uuid4())  # fmt: skip

    assert str(theirs.id).encode() not in taken(recorded, "json")
    assert b"DEMO-002" not in taken(recorded, "json")
    assert b"DEMO-002" not in taken(recorded, "csv")


@pytest.mark.req("R20")
def test_a_new_kind_of_record_is_in_the_copy_unless_it_says_why_not():
    in_copy = {table.model for table in tables()}

    assert {Participant, Signature, *Fact.__subclasses__()} <= in_copy
    assert in_copy.isdisjoint(NOT_IN)
    assert [model for model, why in NOT_IN.items() if not why] == []
