"""Queries by the file: tried first, each fault by line and column, all or none, and the same file twice is once."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crsmonitor.audit.models import AuditEvent
from grading.models import DataQuery, QueryStep, VitalSigns
from tests.builders import World

pytestmark = pytest.mark.django_db
PAGE = reverse("queries-file")
HEADER = "key,action,query,study,participant,kind,record,field,text\n"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def file_of(world: World, *lines: str) -> str:
    root = VitalSigns.objects.get().root
    return HEADER + "".join(f"{line}\n" for line in lines).replace("RECORD", f"grading_vitalsigns,{root}")


def tried(user, text: str, **typed):
    return signed_in(user).post(PAGE, {"file": SimpleUploadedFile("q.csv", text.encode())} | typed)


def test_a_file_is_tried_then_done_and_twice_is_once(seen):
    text = file_of(
        seen,
        "q1,open,,DEMO,DEMO-001,RECORD,temperature_c,by the chart?",
        "q2,open,,DEMO,DEMO-001,RECORD,,=1+1",
        "c2,close,q2,DEMO,,,,,",
    )
    dry = tried(seen.data_manager, text)
    assert [(one.line.number, word, one.is_new) for one, word in dry.context["rows"]] == [
        (2, "asked", True), (3, "asked", True), (4, "closed", True),
    ]  # fmt: skip
    assert not DataQuery.objects.exists()

    for _time in range(2):
        assert signed_in(seen.data_manager).post(PAGE, {"text": text, "sure": "1"}).status_code == 302
        assert sorted(QueryStep.objects.values_list("key", "move", "source")) == [
            ("c2", "closed", "import"), ("q1", "opened", "import"), ("q2", "opened", "import"),
        ]  # fmt: skip
    again = tried(seen.data_manager, text)
    assert ([one.is_new for one, _word in again.context["rows"]], again.context["new"]) == ([False] * 3, 0)

    out = signed_in(seen.data_manager).get(reverse("queries"), {"state": "", "as": "csv"})
    rows = list(csv.DictReader(io.StringIO(out.content.decode("utf-8-sig"))))
    root = str(VitalSigns.objects.get().root)
    rows.sort(key=lambda row: row["key"])
    assert [(r["key"], r["state"], r["record"], r["field"], r["opened_by"]) for r in rows] == [
        ("q1", "open", root, "temperature_c", "demo.data"), ("q2", "closed", root, "", "demo.data"),
    ]  # fmt: skip
    assert rows[1]["question"] == '="=1+1"'  # a text, for a spreadsheet too
    assert AuditEvent.objects.get(table_name="queries_pulled").after["rows"] == 2


def test_every_fault_has_its_line_and_column_and_nothing_is_kept(seen):
    text = file_of(
        seen,
        "q1,open,,DEMO,DEMO-001,RECORD,temperature_c,by the chart?",
        ",open,,DEMO,DEMO-001,RECORD,,x",
        "q3,ask,,DEMO,DEMO-001,RECORD,,x",
        "q4,open,,DEMO,DEMO-009,RECORD,,x",
        "q5,open,,DEMO,DEMO-001,grading_vitalsigns,1,,x",
        "q6,open,,DEMO,DEMO-001,RECORD,temperature_f,x",
        "q7,open,,DEMO,DEMO-001,RECORD,,",
        "q8,close,q0,DEMO,,,,,",
        "q9,answer,q1,DEMO,,,,,yes",
        "q10,reopen,q1,DEMO,,,,,x",
        "q1,open,,DEMO,DEMO-001,RECORD,sbp,another",
    )
    page = tried(seen.data_manager, text)
    assert page.status_code == 400
    errors = page.context["form"].errors["file"]
    assert [error.partition(": ")[0] for error in errors] == [
        "Line 3, key", "Line 4, action", "Line 5, participant", "Line 6, record", "Line 7, field", "Line 8, text",
        "Line 9, query", "Line 10, action", "Line 11, action", "Line 12, key", "Line 12, key",
    ]  # fmt: skip
    assert signed_in(seen.data_manager).post(PAGE, {"text": text, "sure": "1"}).status_code == 400
    assert not DataQuery.objects.exists()


def test_who_asks_nothing_and_records_nothing_sends_no_file(seen):
    text = file_of(seen, "q1,open,,DEMO,DEMO-001,RECORD,,x")
    assert tried(seen.sponsor, text).status_code == 403
    assert "Line 2, participant" in tried(seen.outsider, text).context["form"].errors["file"][0]
    assert "Line 2, action" in tried(seen.nurse, text).context["form"].errors["file"][0]
