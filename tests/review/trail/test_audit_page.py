"""R12: twelve planted corrections, found by each filter; reviews are recorded; tampering shows on the page."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.models import GradeAssessment, VitalSigns
from regimens.models import Participant, Signature
from regimens.services.design_runs import cancel_run
from regimens.services.designs import save_version
from tests.builders import World, build_world, dose, draft, kept, stay, vitals
from tests.regimens.designs.builders import BOIN, design_of, run_row
from tests.stages import stage

pytestmark = pytest.mark.django_db
PAGE = reverse("audit")
# Field, old, new, recorded hours after it was observed, by whom. Judged between the sixth and the seventh.
PLANTED = [
    ("temperature_c", 38.6, 38.4, 1, "nurse"), ("sbp", 120, 84, 1, "nurse"), ("spo2", 97, 91, 1, "nurse"),
    ("temperature_c", 38.6, 39.1, 1, "nurse"), ("sbp", 120, 130, 1, "charge_nurse"), ("spo2", 97, 96, 1, "nurse"),
    ("temperature_c", 38.6, 38.2, 9, "nurse"), ("sbp", 120, 99, 1, "charge_nurse"), ("spo2", 97, 90, 9, "nurse"),
    ("temperature_c", 38.6, 38.5, 1, "charge_nurse"), ("sbp", 120, 74, 9, "nurse"), ("spo2", 97, 95, 1, "nurse"),
]  # fmt: skip


@stage
def planted(world: World) -> World:
    """Twelve sets, each corrected in one field; the seventh set is judged between them."""
    start = timezone.now() - timedelta(days=3)
    kept(stay(world, observed_at=start), world)
    kept(dose(world, observed_at=start), world)
    sets = []
    for place, (field, old, *_rest) in enumerate(PLANTED):
        at = start + timedelta(hours=2 * place + 1)
        values = {"temperature_c": 38.6} | {field: old}
        sets.append(kept(vitals(world, 0, observed_at=at, **values), world, at=at).fact)
    last = start + timedelta(hours=40)
    first_half = list(zip(sets, PLANTED, strict=True))
    for one, row in first_half[:6]:
        _correct(world, one, row, last)
    judged = draft(
        GradeAssessment, world, 0, observed_at=last + timedelta(hours=2), about="set", about_root=sets[6].root,
        kind="crs", ledger="investigator", agrees=True,
    )  # fmt: skip
    kept(judged, world, by=world.investigator)
    for one, row in first_half[6:]:
        _correct(world, one, row, last + timedelta(hours=4))
    return world


def _correct(world, fact, row, at):
    field, _old, new, late_h, who = row
    base = at - timedelta(hours=late_h)
    values = {"temperature_c": 38.6} | {field: new}
    kept(vitals(world, 0, observed_at=base, supersedes=fact, reason="mistyped", **values), world,
         by=getattr(world, who), at=at)  # fmt: skip


def look(user, **filters):
    client = Client()
    client.force_login(user)
    return client.get(PAGE, filters)


def corrections(page):
    """Field and new value of each correction on the page."""
    return sorted(
        (name, float(becomes)) for row in page.context["rows"] for name, _was, becomes in row.line.changes
        if name not in ("observed_at",) and row.line.event.table_name == "grading_vitalsigns"
    )  # fmt: skip


def expected(*places):
    return sorted((PLANTED[place][0], float(PLANTED[place][2])) for place in places)


ALL = range(12)
FILTERS = {
    "all corrections": ({"what": "corrections"}, ALL),
    "of the participant": ({"what": "corrections", "participant": "mine"}, ALL),
    "of another": ({"what": "corrections", "participant": "other"}, ()),
    "by the charge nurse": ({"what": "corrections", "person": "charge_nurse"}, (4, 7, 9)),
    "by the nurse": ({"what": "corrections", "person": "nurse"}, (0, 1, 2, 3, 5, 6, 8, 10, 11)),
    "of the temperature": ({"field": "grading_vitalsigns.temperature_c"}, (0, 3, 6, 9)),
    "of the pressure": ({"field": "grading_vitalsigns.sbp"}, (1, 4, 7, 10)),
    "of the saturation": ({"field": "grading_vitalsigns.spo2"}, (2, 5, 8, 11)),
    "of a field that nobody corrected": ({"field": "grading_vitalsigns.dbp"}, ()),
    "more than 6 h late": ({"what": "corrections", "late_h": "6"}, (6, 8, 10)),
    "late, by the nurse, of the saturation": (
        {"field": "grading_vitalsigns.spo2", "late_h": "6", "person": "nurse"}, (8,)),
    "after the signature": ({"what": "corrections", "after_signature": "on"}, (6,)),
    "of the last hour's day and today": ({"what": "corrections", "since": "lately", "until": "today"}, ALL),
    "of a week before": ({"what": "corrections", "since": "before", "until": "before"}, ()),
}  # fmt: skip


@pytest.mark.long
def test_each_filter_finds_its_corrections_and_no_other(planted):
    with acting(by="test", reason="another participant"):
        other = Participant.objects.create(
            study=planted.study, site=planted.site, number="DEMO-002", regimen=planted.regimen
        )
    now = timezone.now()
    today = now.date()  # midnight may have come since all was planted
    words = {
        "mine": planted.participant.pk, "other": other.pk, "nurse": planted.nurse.pk, "today": today,
        "lately": (now - timedelta(hours=1)).date(),
        "charge_nurse": planted.charge_nurse.pk, "before": today - timedelta(days=7),
    }  # fmt: skip
    for name, (filters, places) in FILTERS.items():
        typed = {key: words.get(value, value) for key, value in filters.items()}

        page = look(planted.investigator, **typed)

        assert page.status_code == 200, (name, page.context["form"].errors)
        assert corrections(page) == expected(*places), name


@pytest.mark.long
def test_looking_is_an_event_with_its_filters_and_the_files_say_the_same(planted):
    filters = {"field": "grading_vitalsigns.sbp", "participant": planted.participant.pk}
    as_csv = look(planted.investigator, **filters, **{"as": "csv"})
    as_pdf = look(planted.data_manager, **filters, **{"as": "pdf"})

    rows = list(csv.DictReader(StringIO(as_csv.content.decode("utf-8-sig"))))
    assert sorted(row["After"] for row in rows if row["Before"] == "120") == ["130", "74", "84", "99"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(as_pdf.content)).pages)
    assert {"84", "mistyped"} <= set(text.split())
    looks = AuditEvent.objects.filter(action="EVENT", table_name="audit_viewed").order_by("id")
    assert [one.actor.rpartition(":")[2] for one in looks] == ["demo.investigator", "demo.data"]
    assert looks[0].after["filters"] == {"field": "grading_vitalsigns.sbp", "participant": str(planted.participant.pk)}
    reviews = look(planted.investigator, what="reviews")
    assert [row.line.event.table_name for row in reviews.context["rows"]] == ["audit_viewed", "audit_viewed"]


@pytest.mark.long
def test_signatures_of_the_records_stand_on_paper_with_what_made_them_void(planted):
    """The seventh set is judged, and corrected afterwards."""
    signed = Signature.objects.get(kind="assessment")
    answer = look(planted.investigator, participant=planted.participant.pk, **{"as": "pdf"})

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace("\n", "")
    _rows, _title, below = text.partition("Signatures of these records")
    for words in (signed.hash, "grade confirmed", "password", "something it covers was corrected"):
        assert words.replace(" ", "") in below.replace(" ", ""), words


def test_who_does_not_review_finds_nothing(planted):
    for name, status in (("nurse", 403), ("charge_nurse", 403), ("sponsor", 403), ("outsider", 403)):
        assert look(getattr(planted, name)).status_code == status, name


def test_a_design_has_its_history_who_drafted_what_and_which_runs_were_asked_for(world):
    version = design_of(world, "first in human")
    save_version(
        design_id=version.design_id, contents={"comparator": BOIN | {"target": 0.3}}, by=world.sponsor,
        at=timezone.now(), note="less often",
    )  # fmt: skip
    run = run_row(version, queued_by=world.sponsor)
    cancel_run(run_id=run.pk, by=world.investigator, at=timezone.now())

    rows = look(world.data_manager, what="designs").context["rows"]

    assert [(row.kind, row.who, row.details) for row in rows] == [
        ("Run of a design cancelled", "demo.investigator", f"run: {run.pk}"),
        ("Run of a design", "test", "Kind: trial; Seed: 7"),
        ("Version of a design", "demo.sponsor", "Version: 2; Note: less often"),
        ("Version of a design", "demo.data", "Version: 1"),
        ("Design", "demo.data", "Name: first in human"),
    ]
    assert {row.line.subject for row in rows} == {"first in human"}
    assert rows[2].line.event.reason == "less often"
    settings = look(world.data_manager, what="settings").context["rows"]
    assert not any(row.line.event.subject.startswith("design:") for row in settings)
    assert not look(build_world("AWAY").data_manager, what="designs").context["rows"]


def test_wrong_filters_are_said_and_look_up_nothing(planted):
    for wrong in ({"person": "x"}, {"field": "auth.password"}, {"since": "2020-01-01"}, {"late_h": "-1"}):
        page = look(planted.investigator, **wrong)
        assert (page.status_code, page.context["rows"]) == (400, None), wrong


@pytest.mark.django_db(transaction=True)
def test_tampering_shows_on_the_page(transactional_world, superuser):
    world, at = transactional_world, timezone.now() - timedelta(hours=1)
    kept(stay(world, observed_at=at), world)
    first = kept(vitals(world, 0, observed_at=at), world).fact
    fact = kept(vitals(world, 0, observed_at=at, spo2=95, supersedes=first, reason="mistyped"), world).fact
    clean = look(world.investigator, what="corrections")
    assert (clean.context["broken"], [row.line.differs for row in clean.context["rows"]]) == ([], [False])

    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("UPDATE grading_vitalsigns SET temperature_c = 36.5 WHERE id = %s", [fact.pk])
        superuser.execute("UPDATE audit_event SET reason = 'other' WHERE row_id = %s", [str(fact.pk)])
    page = look(world.investigator, what="corrections")

    assert {link.subject for link in page.context["broken"]} == {f"participant:{world.participant.pk}"}
    assert [row.line.differs for row in page.context["rows"]] == [True]
    assert "tampered with" in page.content.decode()


def test_the_old_values_of_a_fact_are_one_tap_away(planted):
    client, pk = Client(), planted.participant.pk
    client.force_login(planted.nurse)
    assert reverse("history", args=[pk]) in client.get(reverse("participant", args=[pk])).content.decode()

    page = client.get(reverse("history", args=[pk]))

    (group,) = page.context["groups"]
    assert len(group[1]) == 12
    root = VitalSigns.objects.filter(sbp=84).get().root
    one = client.get(reverse("history", args=[pk]), {"kind": "grading_vitalsigns", "root": root})
    looks = AuditEvent.objects.filter(subject=f"participant:{pk}", table_name="history_viewed").order_by("id")
    assert [(look.actor.rpartition(":")[2], look.after) for look in looks] == [
        ("demo.nurse", {}), ("demo.nurse", {"table": "grading_vitalsigns", "record": str(root)}),
    ]  # fmt: skip
    (_kind, versions) = one.context["groups"][0]
    changes = {change.name: (change.was, change.becomes) for change in versions[1].changes}
    assert changes["Systolic pressure (mmHg)"] == ("120", "84")
    assert [row.done for row in versions] == ["entered", "corrected"]
    for wrong in ({"kind": "x", "root": root}, {"kind": "grading_vitalsigns", "root": "x"}):
        assert client.get(reverse("history", args=[pk]), wrong).status_code == 404
    for user, status in ((planted.sponsor, 403), (planted.outsider, 404)):
        other = Client()
        other.force_login(user)
        assert other.get(reverse("history", args=[pk])).status_code == status, user
