"""Source data verification: marks by field and by record, void by a later version, drawn by a plan, counted by hand."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.audit.selectors import differing_rows
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, NotFound
from grading.models import SourceCheck, SourcePlan, VitalSigns
from grading.queries.progress import SHOWN, SourceState, progress_of, record_states
from grading.queries.verifying import AboutVersion, mark, plan_verification
from grading.rules.queries.sampling import SamplingRule
from regimens.models import Participant
from tests.builders import World, hour, kept, vitals

pytestmark = pytest.mark.django_db


def about(fact) -> AboutVersion:
    return AboutVersion(
        participant_id=fact.participant_id, kind=fact._meta.db_table, root=fact.root, version=fact.pk
    )  # fmt: skip


def marked(world: World, fact, *fields: str, by=None, **how) -> int:
    return mark(about(fact), fields or [""], by=by or world.data_manager, at=hour(50), **how)


def planned(world: World, **rule) -> SourcePlan:
    return plan_verification(
        world.study, SamplingRule(**rule), because="monitoring plan 1", by=world.data_manager, at=hour(1)
    )  # fmt: skip


def counted(world: World) -> tuple[int, ...]:
    [row] = progress_of(world.data_manager, world.study)
    return row.sampled, row.verified, row.again, row.beyond


def state(world: World, fact) -> SourceState:
    [one] = [row for row in record_states(world.study, [world.participant.pk]) if row.root == fact.root]
    return one.state


def test_a_later_version_asks_again_and_marks_are_taken_back_with_a_reason(seen):
    fact = VitalSigns.objects.get()
    assert state(seen, fact) is SourceState.OPEN
    assert (marked(seen, fact), marked(seen, fact)) == (1, 0)
    assert state(seen, fact) is SourceState.VERIFIED
    for reason, code in ((" ", "say_something"),):
        with pytest.raises(InvalidInput, match=code):
            marked(seen, fact, taken_back=reason)
    assert (marked(seen, fact, taken_back="another patient's chart"), state(seen, fact)) == (1, SourceState.OPEN)

    marked(seen, fact)
    again = vitals(seen, 4, temperature_c=38.4, supersedes=fact, reason="mistyped")
    corrected = kept(again, seen, at=hour(60)).fact
    assert state(seen, corrected) is SourceState.AGAIN
    with pytest.raises(AlreadyCorrected):
        marked(seen, fact)
    marked(seen, corrected)
    assert state(seen, corrected) is SourceState.VERIFIED
    links = AuditEvent.objects.filter(table_name="grading_sourcecheck", subject=f"participant:{seen.participant.pk}")
    assert (links.count(), differing_rows()) == (SourceCheck.objects.count(), [])


def test_field_by_field_until_all_that_says_something_is_marked(seen):
    fact = VitalSigns.objects.get()
    fields = ["observed_at", "temperature_c", "sbp", "dbp", "spo2", "heart_rate", "respiratory_rate", "oxygen_device",
              "hypotension", "fluid_bolus"]  # fmt: skip
    marked(seen, fact, *fields[1:])
    assert state(seen, fact) is SourceState.OPEN
    row = {name for name in fields if getattr(fact, name) is not None}
    assert row == set(fields)
    marked(seen, fact, "observed_at", "mean_pressure_computed", "pressure_unrecordable")
    assert state(seen, fact) is SourceState.OPEN  # "none" is something too
    marked(seen, fact, "vasopressors", "differential")
    assert state(seen, fact) is SourceState.VERIFIED


def test_who_compares_and_with_what(seen):
    fact = VitalSigns.objects.get()
    for by in (seen.nurse, seen.investigator, seen.sponsor):
        with pytest.raises(Forbidden):
            marked(seen, fact, by=by)
    with pytest.raises(NotFound):
        marked(seen, fact, by=seen.outsider)
    with pytest.raises(InvalidInput, match="no_such_field"):
        marked(seen, fact, "temperature_f")
    with pytest.raises(InvalidInput, match="plan_of_nothing"):
        planned(seen)
    with pytest.raises(InvalidInput, match="say_seed"):
        planned(seen, percent=10)
    with pytest.raises(Forbidden):
        plan_verification(seen.study, SamplingRule(every_nth=1), because="x", by=seen.investigator, at=hour(1))


def test_progress_is_counted_of_what_the_plan_draws(seen):
    """A dose, and sets of which the second could be of grade 2, the third is, and the others are of grade 0 or 1."""
    first = VitalSigns.objects.get()
    second = kept(vitals(seen, 5, temperature_c=38.6, spo2=None, oxygen_device=None), seen).fact
    third = kept(vitals(seen, 6, temperature_c=38.6, sbp=82, hypotension=True), seen).fact
    kept(vitals(seen, 30), seen)
    assert counted(seen) == (0, 0, 0, 0)
    planned(seen, grade_from=2)
    assert counted(seen) == (2, 0, 0, 0)
    marked(seen, third)
    marked(seen, first)
    assert counted(seen) == (2, 1, 0, 1)
    kept(vitals(seen, 6, temperature_c=38.7, sbp=82, hypotension=True, supersedes=third, reason="x"), seen, at=hour(61))
    assert counted(seen) == (2, 0, 1, 1)
    marked(seen, second)
    assert counted(seen) == (2, 1, 1, 1)

    planned(seen, every_nth=2)  # the first and the third set, and the dose
    assert counted(seen) == (3, 1, 1, 1)
    kept(vitals(seen, 2, reason="found"), seen, at=hour(62))  # late: the fifth that was entered, and the others stay
    assert counted(seen) == (4, 1, 1, 1)


def test_a_page_reads_the_records_of_its_own_participants_alone(seen):
    """The first page is full, and the set of DEMO-001 is on it; one more participant is on the second."""
    client, page = Client(), reverse("sdv", args=["DEMO"])
    client.force_login(seen.data_manager)
    planned(seen, every_nth=1)
    with CaptureQueriesContext(connection) as of_one:
        client.get(page)
    with acting(by="test", reason="a large study"):
        for n in range(2, SHOWN + 2):
            Participant.objects.create(
                study=seen.study, site=seen.site, number=f"DEMO-{n:03}", regimen=seen.regimen
            )  # fmt: skip
    with CaptureQueriesContext(connection) as of_many:
        first = client.get(page)
    second = client.get(page, {"page": "2"})

    assert len(of_many) == len(of_one)
    assert [row.participant.number for row in first.context["rows"]] == [f"DEMO-{n:03}" for n in range(1, SHOWN + 1)]
    assert (first.context["rows"][0].sampled, first.context["next"], first.context["before"]) == (2, 2, 0)
    [row] = second.context["rows"]
    assert (row.participant.number, second.context["next"], second.context["before"]) == ("DEMO-051", None, 1)
    assert [row.sampled for row in progress_of(seen.data_manager, seen.study)] == [2] + [0] * SHOWN


@pytest.mark.long
def test_pages_plan_mark_and_show_it(seen):
    fact, client = VitalSigns.objects.get(), Client()
    client.force_login(seen.data_manager)
    page = reverse("sdv", args=["DEMO"])
    assert client.post(page, {"because": "plan"}).status_code == 400
    assert client.post(page, {"every_nth": "1", "because": "plan"}).status_code == 302
    [row] = client.get(page).context["rows"]
    assert (row.sampled, row.verified) == (2, 0)
    record = reverse("record", args=[seen.participant.pk, "grading_vitalsigns", fact.root])
    source = reverse("source", args=[seen.participant.pk, "grading_vitalsigns", fact.root])
    body = {"version": str(fact.pk), "do": "mark", "field": ["sbp", "dbp"]}
    assert client.post(source, body).status_code == 302
    assert [word for _one, word in client.get(record).context["marks"]] == [
        "Systolic pressure (mmHg)", "Diastolic pressure (mmHg)",
    ]  # fmt: skip
    assert client.post(source, body | {"field": []}).status_code == 302
    listed = client.get(reverse("sdv-participant", args=[seen.participant.pk]))
    assert [(one.kind, one.state) for one in listed.context["rows"]] == [
        ("Study dose", "to be verified"), ("Vital signs", "verified"),
    ]  # fmt: skip
    client.force_login(seen.investigator)
    assert [client.get(address).status_code for address in (page, reverse("sdv-studies"))] == [404, 403]
    assert client.post(source, body).status_code == 403
    assert "source-form" not in client.get(record).content.decode()
