"""The page of the evidence over the cases of tests/evidence/conftest.py, counted by hand from them: who sees what."""

import csv
import io
import re

import pytest
from django.test import Client

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.evidence.tasks import fit_evidence
from tests.builders import build_world
from tests.evidence.test_observed import designed  # noqa: F401  # the stage
from tests.recording.api.test_schema import schema as schema

pytestmark = pytest.mark.django_db
PAGE, PRINT, API = "/evidence/DEMO/", "/evidence/DEMO/print/", "/api/v1/studies/DEMO/evidence/"
TABLES = ("counts", "care", "support", "onset", "predicted", "versions", "decisions", "clearances")
NAMED = ("decisions", "clearances")  # with who decided and why
# Of ten participants with a first dose: grade 2 of 1, grade 1 of 2 and 9; 4, 5 and 8 without; of 3, 6, 7 and 10 it
# cannot be told. Second doses: 1, 3 and 8 without, of 2 and 9 it cannot be told; 8 had a third one, without.
COUNTS = {1: (10, 6, 3, 1), 2: (5, 3, 0, 0), 3: (1, 1, 0, 0)}  # given, known, CRS of any grade, of grade 2 and above


def asks(user, address=PAGE, **more):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.get(address, **more)


def main_of(answer):
    return answer.content.decode().partition("<main")[2]


def counts_of(answer):
    rows = answer.context["page"].rows
    return {one.place: (one.any.given, one.any.known, one.any.event, one.grade2.event) for one in rows}


def test_the_counts_are_those_of_the_facts_and_both_denominators_stand_there(cases):
    answer = asks(cases.investigator)

    assert counts_of(answer) == COUNTS
    first = answer.context["page"].rows[0]
    assert (first.any.open, first.any.undeterminable) == (0, 4)
    assert (f"{first.any.least:.2f}", f"{first.any.most:.2f}") == ("0.30", "0.70")
    assert (first.onset.people, first.onset.left_out, str(first.onset.with_crs.least)) == (6, 4, "20.00")
    assert (first.tocilizumab.needed, first.steps) == (1, (("STEP-UP 1", 10),))
    assert dict(answer.context["page"].rows[1].steps) == {"STEP-UP 2": 4, "STEP-UP 1": 1}  # 8 had the first step twice
    text = main_of(answer)
    assert [one for one in ("3 of 6", "of all 10 given 30.0 % to 70.0 %", "Research software") if one not in text] == []


@pytest.mark.long
def test_no_line_of_page_print_and_tables_says_outpatient_without_the_model_free_interval(cases):
    for language, word in (("en", "utpatient"), ("zh-hant", "門診")):
        for address in (PAGE, PRINT):
            text = main_of(asks(cases.investigator, address, headers={"accept-language": language}))
            lines = [one for one in re.sub(r"<[^>]*>", "\n", text).split("\n") if word in one]
            assert lines
            assert [one for one in lines if not re.search(r"95 % .*\d+\.\d–\d+\.\d %", one)] == []
    for name in TABLES:
        assert "utpatient" not in asks(cases.investigator, f"{PAGE}tables/{name}.csv").content.decode().lower()


@pytest.mark.long
def test_print_and_csv_have_the_hash_the_facts_and_the_cut_of_the_page(cases):
    page = asks(cases.investigator)
    same, content, facts = page.context["same"], page.context["content"], page.context["page"].digest
    marks = {(content.sha256, f"{content.cut:%Y-%m-%dT%H:%M:%S}")}

    sheets = main_of(asks(cases.investigator, f"{PRINT}?{same}"))
    assert sheets.count(content.sha256) == sheets.count('<section class="sheet"') + 1
    assert sheets.count(facts) == sheets.count('<section class="sheet"')
    assert "<details" not in sheets
    assert [one.name for one in content.tables] == list(TABLES)
    for name in TABLES:
        answer = asks(cases.investigator, f"{PAGE}tables/{name}.csv?{same}")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
        assert {(row["SHA256"], row["CUTTM"][:19]) for row in rows} <= marks
    taken = AuditEvent.objects.filter(table_name="evidence_taken")
    assert {one.after["what"] for one in taken} == {"print", *TABLES}
    assert {(one.after["sha256"], one.after["facts"]) for one in taken} == {(content.sha256, facts)}


@pytest.mark.parametrize(("name", "value"), [
    ("site", "NOWHERE"), ("cohort", "C9"), ("version", "STEP v9"), ("cut", "yesterday"), ("cut", "2999-01-01T00:00Z"),
    ("cut", "2026-03-02T09:00:00"), ("site", "\x00"), ("version", "9" * 5000), ("cut", "0001-01-01T00:00:00+14:00"),
])  # fmt: skip
def test_a_filter_that_cannot_be_honoured_is_refused_at_its_box_and_nothing_is_shown(cases, name, value):
    answer = asks(cases.investigator, PAGE, query_params={name: value})
    text = main_of(answer)

    assert answer.status_code == 400
    assert re.findall(r'aria-describedby="id_(\w+)_wrong"', text) == [name]
    assert "Counts by dose period" not in text
    program = asks(cases.investigator, API, query_params={name: value})
    assert (program.status_code, list(program.json()["errors"])) == (400, [name])


def test_a_cut_may_have_an_offset_that_the_database_does_not_know(cases):
    """At that instant nobody had been given anything."""
    program = asks(cases.investigator, API, query_params={"cut": "0469-08-23T10:11:49-17:53"})

    assert (program.status_code, program.json()["cut"]) == (200, "0469-08-24T04:04:49Z")


def test_filters_count_whom_they_name(cases):
    all_of_it = counts_of(asks(cases.investigator))
    for chosen in ({"site": "DEMO-TPE"}, {"version": "STEP v1"}):
        answer = asks(cases.investigator, PAGE, query_params=chosen)
        assert counts_of(answer) == all_of_it
        assert f'value="{next(iter(chosen.values()))}" selected' in main_of(answer)


# --- Who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_sponsor_is_given_counts_and_no_person_name_or_site(cases):
    secret = ("DEMO-00", "DEMO-01", "DEMO-TPE", "Taipei", "Cleared steps", cases.nurse.username)

    for address in (PAGE, PRINT, API, *(f"{PAGE}tables/{name}.csv" for name in TABLES if name not in NAMED)):
        answer = asks(cases.sponsor, address)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert [one for one in secret if one in (text.partition("<main")[2] or text)] == []
    assert counts_of(asks(cases.sponsor)) == COUNTS
    assert {asks(cases.sponsor, f"{PAGE}tables/{name}.csv").status_code for name in NAMED} == {404}
    refused = [asks(cases.sponsor, PAGE, query_params={"site": site}) for site in ("DEMO-TPE", "NOWHERE")]
    assert [one.status_code for one in refused] == [400, 400]
    assert [re.search(r'id="id_site_wrong">([^<]*)', main_of(one))[1] for one in refused] == ["One of –. "] * 2


@pytest.mark.long
def test_who_is_blinded_is_told_places_alone(cases):
    with acting(by="test", reason="blinded"):
        cases.study.blinded = True
        cases.study.save()
    labels = [*cases.regimen.steps.values_list("label", flat=True), "STEP v1"]

    for who in (cases.sponsor, cases.central):
        for address in (PAGE, PRINT, API, f"{PAGE}tables/counts.csv"):
            text = asks(who, address).content.decode()
            assert [one for one in labels if one in (text.partition("<main")[2] or text)] == []
        assert {asks(who, f"{PAGE}tables/{name}.csv").status_code for name in ("versions", "predicted")} == {404}
        assert asks(who, PAGE, query_params={"version": "STEP v1"}).status_code == 400
    assert "not for blinded readers" in main_of(asks(cases.investigator))


def test_strangers_find_nothing_and_a_nurse_finds_her_ward(cases):
    other = build_world("OTHER")

    for address in (PAGE, PRINT, API, f"{PAGE}tables/counts.csv"):
        assert asks(other.investigator, address).status_code == 404
    assert asks(cases.investigator, f"{PAGE}tables/none.csv").status_code == 404
    assert PAGE in asks(cases.nurse, "/evidence/").content.decode()
    assert PAGE not in asks(other.nurse, "/evidence/").content.decode()
    assert counts_of(asks(cases.nurse)) == COUNTS
    assert counts_of(asks(cases.outsider)) == {}  # of a site without a participant


# --- Of a version that was made of a design -------------------------------------------------------------------------


def test_the_count_stands_on_the_frozen_band_and_the_model_beside_the_counts(designed):  # noqa: F811
    """tests/evidence/test_observed.py: of two participants one has grade 2 after the second dose."""
    kept_rows = fit_evidence()
    answer = asks(designed.investigator)
    page, text = answer.context["page"], main_of(answer)

    ((laid, picture),) = answer.context["bands"]
    assert (kept_rows, laid.band.total.events, len(picture.bars)) == (1, 1, 4)
    second = page.support.places[1]
    assert (second.any.model, second.grade2.model is None) == (None, False)
    assert second.grade2.p_below == min(second.grade2.of.p_below, second.grade2.p_of_model)
    assert (page.rule_from.pk, page.support.rule.any_below) == (laid.design.pk, 0.10)
    assert [one for one in ("Observed on predicted", "400 draws of the prior", " bits, ") if one not in text] == []
    rows = list(csv.DictReader(io.StringIO(asks(designed.sponsor, f"{PAGE}tables/predicted.csv").content.decode())))
    assert [(row["PLACE"], row["EVENT"]) for row in rows if row["BY"] == "FROZEN"] == [
        ("1", "0"), ("2", "1"), ("3", "0"), ("0", "1"),
    ]  # fmt: skip


# --- For programs ---------------------------------------------------------------------------------------------------


def undescribed(value, shape, components, at=""):
    """Where the answer has other fields than its description, or a null that is not said."""
    if shape.get("nullable") and value is None:
        return
    for one in [shape, *shape.get("allOf", [])]:
        if "$ref" in one:
            shape = components["schemas"][one["$ref"].rsplit("/", 1)[1]]
    if shape["type"] == "object":
        if set(value) != set(shape["properties"]):
            yield at, set(value) ^ set(shape["properties"])
        for name in set(value) & set(shape["properties"]):
            yield from undescribed(value[name], shape["properties"][name], components, f"{at}.{name}")
    elif shape["type"] == "array":
        for one in value:
            yield from undescribed(one, shape["items"], components, f"{at}[]")
    elif value is None:
        yield at, None


@pytest.mark.long
def test_the_program_s_answer_is_as_described_and_has_the_figures_of_the_page(cases, schema):
    answer = asks(cases.investigator, API)
    described = schema["paths"]["/api/v1/studies/{code}/evidence/"]["get"]["responses"]["200"]
    body = answer.json()

    assert list(undescribed(body, described["content"]["application/json"]["schema"], schema["components"])) == []
    page = asks(cases.investigator, PAGE, query_params={"cut": body["cut"]}).context
    assert (body["sha256"], body["facts_sha256"]) == (page["content"].sha256, page["page"].digest)
    first = body["places"][0]
    assert (first["any"]["event"], first["any"]["known"], first["any"]["undeterminable"]) == (3, 6, 4)
    assert first["any"]["wilson"] is not None
    assert body["supported_from"] is None
