"""The course on the participant page: who sees it, that its table leaves nothing out, and where nobody looked."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grading.bedside.course_chart import chart_of
from grading.bedside.course_words import rows_of
from grading.bedside.selectors import timeline_page as pages
from grading.bedside.selectors.timeline_page import CourseWindow, timeline_page
from grading.models import Grade, GradeAssessment
from regimens.models import Disposition, DispositionKind, Measurement, StayEnd
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def watched(world: World) -> World:
    """In bed 12, dosed at hour 0."""
    for fact in (stay(world, -1), dose(world, 0)):
        kept(fact, world)
    return world


def shown(world: World, *, until: float = 24, **bounds: object):
    return timeline_page(
        world.nurse, world.participant.pk, at=hour(until), window=CourseWindow(**bounds) if bounds else None
    )


def words(world: World, until: float = 24) -> str:
    return "\n".join(f"{row.what}: {'; '.join(row.details)}" for row in rows_of(shown(world, until=until)))


def chart(world: World, until: float = 24) -> dict:
    page = shown(world, until=until)
    return chart_of(page, rows_of(page))


def address(world: World, query: str = "") -> str:
    return reverse("participant", args=[world.participant.pk]) + query


# --- who sees it ---


def test_the_nurse_sees_the_course_as_a_table_and_as_numbers(client, watched):
    kept(vitals(watched, 4, temperature_c=38.6), watched)
    client.force_login(watched.nurse)

    page = client.get(address(watched, "?course=all")).content.decode()

    assert "38.6 °C; BP 120/70 mmHg; SpO₂ 97 %; Room air" in page
    data = re.search(r'<script id="course-data" type="application/json">(.*?)</script>', page)
    assert json.loads(data[1])["sets"]["temperature"] == [38.6]


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("sponsor", 403)])
def test_a_stranger_finds_nothing_and_the_sponsor_no_ward(client, watched, who, status):
    client.force_login(getattr(watched, who))

    assert client.get(address(watched, "?course=all")).status_code == status


UNREADABLE = (
    "?from=yesterday",
    "?from=2026-03-02",
    "?from=2026-03-02T09:00:00",
    "?to=2026-13-01T09:00Z",
    "?from=2026-03-03T00:00:00Z&to=2026-03-02T00:00:00Z",
)


@pytest.mark.parametrize("query", UNREADABLE)
def test_a_stretch_that_cannot_be_read_is_refused(client, watched, query):
    client.force_login(watched.nurse)

    assert client.get(address(watched, query)).status_code == 400


# --- the table leaves nothing out ---


def test_every_kind_of_fact_is_a_row_in_words(watched):
    kept(draft(Measurement, watched, 1, kind="weight_kg", value=70), watched)
    kept(vitals(watched, 2, temperature_c=38.7, sbp=86, dbp=52, spo2=93, oxygen_device="nasal_cannula",
                oxygen_flow_l_min=2, hypotension=True, vasopressors=["norepinephrine"]), watched)  # fmt: skip
    kept(neuro(watched, 3, ice_attention=False, consciousness="voice"), watched)
    kept(treatment(watched, 4, "tocilizumab", "anticytokine", "crs", dose=560, unit="mg"), watched)
    kept(draft(StayEnd, watched, 5, stay=watched.participant.stay_facts.get()), watched)
    kept(draft(Disposition, watched, 6, kind=DispositionKind.COMPLETED), watched)

    rows_in_words = words(watched)

    for sentence in (
        "Bed: ward 7B, bed 12; ward",
        "Study dose: STEP-UP 1; 5 mg; given",
        "Measurement: weight, kg: 70",
        "Vital signs: 38.7 °C; BP 86/52 mmHg; SpO₂ 93 %; Nasal cannula 2 L/min; vasopressors: norepinephrine",
        "Neuro assessment: ICE 9/10; consciousness: Awakens to voice",
        "Treatment: tocilizumab; 560 mg; anticytokine, CRS",
        "Left the unit",
        "End of observation: end of observation",
        "CRS episode begins: worst grade 3",
        "ICANS episode begins",
        "Alert: CRS grade 3",
    ):
        assert sentence in rows_in_words


def test_the_grade_of_a_set_stands_in_its_row(watched):
    kept(vitals(watched, 2, temperature_c=38.6), watched)

    badges = [row.badge.word for row in rows_of(shown(watched)) if row.badge]

    assert badges == ["Grade 1"]


def test_rows_are_in_the_order_of_time(watched):
    for h in (6, 2, 4):
        kept(vitals(watched, h, reason="entered late"), watched, at=hour(7))

    times = [row.at for row in rows_of(shown(watched))]

    assert times == sorted(times)


def test_what_nobody_looked_at_is_said_and_is_no_number(watched):
    kept(vitals(watched, 2, temperature_c=None, sbp=None, dbp=None, spo2=None, oxygen_device=None, vasopressors=None),
         watched)  # fmt: skip
    kept(neuro(watched, 2, ice_naming=None), watched)

    rows_in_words, drawn = words(watched), chart(watched)

    assert "temperature: not assessed; BP: not assessed; SpO₂: not assessed; oxygen: not assessed" in rows_in_words
    assert "vasopressors: not assessed" in rows_in_words
    assert "ICE: not assessed" in rows_in_words
    names = ("temperature", "sbp", "spo2", "oxygen", "pressors")
    assert [drawn["sets"][name] for name in names] == [[None]] * 5
    assert drawn["minds"]["score"] == [None]


def test_a_withdrawn_set_is_gone_and_a_corrected_one_says_so(watched):
    first = kept(vitals(watched, 2, temperature_c=39.6), watched).fact
    kept(vitals(watched, 2, temperature_c=37.1, supersedes=first, reason="typed wrong"), watched, at=hour(3))

    rows = [row for row in rows_of(shown(watched)) if row.what == "Vital signs"]

    assert [row.details[0] for row in rows] == ["37.1 °C"]
    assert rows[0].remarks == ["reason: typed wrong"]
    assert rows[0].fact.supersedes_id is not None  # the page says "corrected", and leads to what it was


# --- the four ledgers ---


def cells(client, world: World) -> list[list[str]]:
    """The table as text, row by row."""
    client.force_login(world.nurse)
    page = client.get(address(world, "?course=all")).content.decode()
    body = page.split('<tbody id="course-rows">')[1].split("</tbody>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in rows]


def test_beside_each_set_and_each_episode_stand_the_four_ledgers(client, watched):
    kept(vitals(watched, 2, temperature_c=38.6), watched)
    root = Grade.objects.get().root
    say = {"about_root": root, "kind": "crs"}
    kept(draft(GradeAssessment, watched, 3, about="set", ledger="nurse", agrees=True, **say), watched)
    kept(draft(GradeAssessment, watched, 4, about="episode", ledger="investigator", agrees=False, grade=2,
               because="Shivers", **say), watched, by=watched.investigator)  # fmt: skip

    cells_of = {row[0]: row[1:] for row in cells(client, watched)}

    assert "Derived" not in cells_of["Study dose"][0]
    ledger_words, grade = cells_of["Vital signs"]
    assert re.search(r"Derived Grade 1 Nurse agrees demo.nurse, .* Investigator – Central review –$", ledger_words)
    assert "Disagreement" not in grade
    ledger_words, grade = cells_of["CRS episode begins"]
    assert re.search(r"Derived Grade 1 Nurse – Investigator Grade 2 demo.inv.* Shivers Central review –$", ledger_words)
    assert grade.endswith("Disagreement, final: Grade 2")


# --- masking ---


@pytest.mark.parametrize(
    ("drug_class", "h", "masked"),
    [
        ("antipyretic", 2, 1), ("antipyretic", 9.9, 1), ("antipyretic", 10, 0), ("antipyretic", 1.9, 0),
        ("corticosteroid", 73.9, 1), ("corticosteroid", 74, 0), ("anticytokine", 505, 1), ("antibiotic", 3, 0),
    ],
)  # fmt: skip
def test_a_temperature_is_masked_while_the_drug_of_hour_two_acts(watched, drug_class, h, masked):
    kept(treatment(watched, 2, "a drug", drug_class, "premedication"), watched)
    kept(vitals(watched, h, temperature_c=37.4), watched)

    page = shown(watched, until=h, start=hour(h - 0.5))

    assert chart_of(page, rows_of(page))["sets"]["masked"] == [masked]
    temperatures = [row.details[0] for row in rows_of(page) if row.what == "Vital signs"]
    assert temperatures == ["37.4 °C (masked: a drug can hide a fever)" if masked else "37.4 °C"]


# --- where nobody looked ---


def test_a_stretch_without_a_set_is_shown_as_such(watched):
    for h in (2, 6, 15):  # every 4 h is asked for
        kept(vitals(watched, h), watched)

    assert shown(watched, until=18).nobody_looked == [(hour(6), hour(15))]


def test_the_stretch_from_the_last_set_until_now_counts(watched):
    kept(vitals(watched, 2), watched)

    assert shown(watched, until=8).nobody_looked == []
    assert shown(watched, until=8.1).nobody_looked == [(hour(2), hour(8.1))]


def test_nobody_is_missed_before_the_first_dose_or_after_the_end(world):
    kept(dose(world, 0), world)
    kept(vitals(world, 4), world)
    kept(draft(Disposition, world, 6, kind=DispositionKind.COMPLETED), world)

    assert shown(world, until=100, start=hour(-100)).nobody_looked == []


# --- the window ---


def test_the_usual_window_runs_since_the_dose_and_a_week_at_most(watched):
    assert shown(watched, until=24).start == hour(-6)
    kept(vitals(watched, 300), watched)
    assert shown(watched, until=301).start == hour(301) - timedelta(days=7)


def test_long_after_the_end_the_last_week_recorded_is_shown(watched):
    kept(vitals(watched, 4), watched)

    page = shown(watched, until=5000)

    assert (page.start, page.end) == (hour(-6), hour(10))
    assert len(page.vitals) == 1


def test_what_still_held_when_the_window_opened_is_told(watched):
    kept(vitals(watched, 2, temperature_c=39), watched)
    page = shown(watched, until=12, start=hour(8))

    before = [(row.what, row.before) for row in rows_of(page)]

    assert before == [("Bed", True), ("Study dose", True), ("CRS episode begins", True)]


@pytest.mark.long
def test_a_window_with_too_many_sets_keeps_the_newest_and_says_so(client, watched, monkeypatch):
    monkeypatch.setattr(pages, "LONGEST", 2)
    for h in (1, 2, 3):
        kept(vitals(watched, h), watched)

    page = shown(watched, until=4, start=hour(-6))

    assert page.cut
    assert [seen.observed_at for seen in page.vitals] == [hour(2), hour(3)]
    assert page.start == hour(2)
    client.force_login(watched.nurse)
    assert "sets of this stretch are shown" in unescape(client.get(address(watched, "?course=all")).content.decode())


@pytest.mark.long
def test_a_page_begins_with_the_newest_sets_and_fetches_the_rest(client, watched, monkeypatch):
    monkeypatch.setattr(pages, "FIRST", 2)
    now = timezone.now()
    kept(dose(watched, observed_at=now - timedelta(hours=9), step=1), watched)
    for h in (8, 7, 6):
        kept(vitals(watched, 0, observed_at=now - timedelta(hours=h), temperature_c=36 + h / 10), watched)
    client.force_login(watched.nurse)

    first = client.get(address(watched))
    rest = first.context["course"]["rest"]
    whole = client.get(address(watched, rest))  # as the link does without scripts
    alone = client.get(reverse("participant-course", args=[watched.participant.pk]) + rest)

    assert "Only the newest 2 sets of this stretch are shown." in unescape(first.content.decode())
    for answer, degrees in ((first, [36.7, 36.6]), (whole, [36.8, 36.7, 36.6]), (alone, [36.8, 36.7, 36.6])):
        assert [float(one.temperature_c) for one in answer.context["course"]["page"].vitals] == degrees
    for answer in (whole, alone):
        assert "sets of this stretch are shown" not in answer.content.decode()
        assert answer.context["course"]["rest"] == ""
    client.force_login(watched.outsider)
    assert client.get(reverse("participant-course", args=[watched.participant.pk])).status_code == 404


@pytest.mark.long
def test_each_dose_and_the_whole_course_can_be_gone_to(client, watched):
    now = timezone.now()
    kept(dose(watched, observed_at=now - timedelta(hours=3), step=1), watched)
    client.force_login(watched.nurse)

    links = client.get(address(watched)).context["course"]["links"]

    assert [link.label for link in links] == ["Since the last dose", "STEP-UP 1, 2026-03-02", "Whole course"]
    for link in links:
        answer = client.get(address(watched, link.query.split("#")[0]))
        assert [one.here for one in answer.context["course"]["links"]] == [one is link for one in links]


@pytest.mark.long
def test_the_queries_do_not_grow_with_the_course(watched):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = shown(watched, until=40)
            chart_of(page, rows_of(page))
        return len(captured)

    for h in (1, 2, 3):
        kept(vitals(watched, h), watched)
    kept(treatment(watched, 1, "paracetamol", "antipyretic", "crs"), watched)  # one asks how long it hides a fever
    few = queries()
    for i in range(27):
        kept(vitals(watched, 4 + i, temperature_c=38.5), watched)
        kept(treatment(watched, 4 + i, "paracetamol", "antipyretic", "crs"), watched)
        kept(neuro(watched, 4 + i), watched)

    assert queries() == few
