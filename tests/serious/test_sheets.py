"""The serious-event sheet: what is on it, who reads it how, and that nothing is said which no fact says."""

import hashlib
import json
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.models import Episode, EpisodeNarrative, EventReport
from regimens.facts import Source
from regimens.models import Signature
from tests.builders import dose, draft, kept, neuro, person, stay, treatment, vitals
from tests.review.drafts import assessment
from tests.stages import stage

pytestmark = pytest.mark.django_db
FEVERISH = {"temperature_c": 39.5, "sbp": 82, "hypotension": True}


@stage
def serious(ward):
    """Grade 1 at hour 10, grade 3 at hour 12, tocilizumab at 12.5, free of it from hour 20 to 44, the next dose not
    given at hour 48."""
    for h, changes in ((10, {"temperature_c": 38.6}),
                       (12, FEVERISH | {"vasopressors": ["norepinephrine"], "spo2": 93})):  # fmt: skip
        kept(vitals(ward, h, **changes), ward)
    kept(treatment(ward, 12.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg", route="intravenous"), ward)
    for h in range(20, 48, 4):
        kept(vitals(ward, h, source=Source.IMPORT), ward)
    kept(dose(ward, 48, step=1, status="NOT GIVEN", amount=None, not_given_because="private words"), ward)
    return ward


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(world, form=""):
    episode = Episode.objects.get(participant=world.participant, kind="crs")
    return f"/api/v1/participants/{world.participant.pk}/serious-events/crs/{episode.root}/{form}"


def sheet(world, user):
    answer = of(user).get(address(world))
    assert answer.status_code == 200, answer.content
    return answer.json()


def element(one, section, number, name=""):
    elements = one["sheet"][section]["drug"] if section == "G" else one["sheet"][section]
    (match,) = [each for each in elements if each["element"] == number and name in each["name"]]
    return match


def test_the_event_is_told_from_its_facts_with_zone_grade_and_outcome(serious):
    report = sheet(serious, serious.investigator)

    assert element(report, "E", "E.i.1.1a")["value"] == "Cytokine release syndrome"
    assert element(report, "E", "E.i.2.1b")["value"] is None  # no dictionary is at hand
    assert element(report, "E", "E.i.4")["value"] == "2026-03-03T03:00:00+08:00"  # 19:00 UTC of the day before
    assert element(report, "E", "E.i.5")["value"] == "2026-03-03T13:00:00+08:00"
    assert element(report, "E", "E.i.6a")["value"] == "10.00"
    assert element(report, "E", "E.i.7")["value"] == "1"  # recovered
    assert element(report, "E", "", "final")["value"] == "3"
    assert element(report, "C", "C.2.r.4")["value"] == "3"  # a nurse: other health professional
    assert element(report, "G", "G.k.9.i.3.2a")["value"] == "10.00"
    (given,) = report["sheet"]["G"]["doses_to_onset"]
    assert (given["G.k.4.r.1a"], given["G.k.4.r.1b"], given["G.k.4.r.4"]) == ("5", "mg", "2026-03-02T17:00:00+08:00")
    (drug,) = report["sheet"]["treatments"]
    assert (drug["name"].lower(), drug["G.k.4.r.1a"], drug["hours_from_onset"]) == ("tocilizumab", "480", "2.50")
    lowest = [one["F.r.3.2"] for one in report["sheet"]["F"] if "lowest" in one["why"] and one["F.r.3.3"] == "mm[Hg]"]
    assert "82" in lowest


def test_what_no_fact_says_is_not_recorded_and_never_no(serious):
    report = sheet(serious, serious.investigator)

    for number in ("a", "b", "c", "d", "e", "f"):
        criterion = element(report, "E", f"E.i.3.2{number}")
        assert (criterion["value"], criterion["text"]) == (None, "not recorded")
    for section, number in (("G", "G.k.8"), ("E", "E.i.8"), ("D", "D.5"), ("D", "D.3"), ("C", "C.1.7")):
        assert element(report, section, number)["text"] == "not recorded"
    every = [one for part in ("C", "D", "E") for one in report["sheet"][part]] + report["sheet"]["G"]["drug"]
    assert {one["value"] for one in every}.isdisjoint({"false", "no", "No"})


def test_each_sentence_of_the_narrative_names_a_fact_that_is_on_record(serious):
    sentences = sheet(serious, serious.investigator)["sheet"]["H"]["H.1"]
    facts = {str(one.pk) for model in ("vitalsigns", "dose", "treatment", "stay")
             for one in getattr(serious.participant, f"{model}_facts").all()}  # fmt: skip

    # who, what is not kept, dose, onset, worst, tocilizumab, dose not given, end, dose-limiting
    assert len(sentences) == 9
    for one in sentences:
        assert one["facts"]
        assert set(one["facts"]) <= facts
    assert "82/70 mmHg" in sentences[4]["text"]


def test_the_hash_is_of_the_sheet_and_the_same_facts_give_it_again(serious):
    report, again = (sheet(serious, serious.investigator) for _ in range(2))

    text = json.dumps(report["sheet"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert report["sha256"] == again["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    taken = AuditEvent.objects.filter(table_name="serious_event_sheet_taken", subject=f"study:{serious.study.pk}")
    assert [one.after["sha256"] for one in taken] == [report["sha256"]] * 2


def test_paper_says_the_same_with_the_hash_on_every_page(serious):
    report = sheet(serious, serious.investigator)
    answer = of(serious.investigator).get(address(serious, "sheet.pdf"))

    assert answer["content-type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    assert all(report["sha256"] in page.replace("\n", "") for page in pages)
    text = " ".join(" ".join(pages).split())
    for words in ("DEMO-DEMO-TPE-DEMO-001", "not recorded", "Cytokine release syndrome", "E.i.3.2a", "ocilizumab"):
        assert words in text


def test_a_sponsor_reads_it_pseudonymised_and_of_a_blinded_study_no_dose_or_step(serious):
    with acting(by="test", reason="a test"):
        central = person("central", serious.study, Role.CENTRAL)
    open_label = json.dumps(sheet(serious, serious.sponsor))
    assert "STEP-UP 1" in open_label
    assert "private words" not in open_label

    with acting(by="test", reason="a test"):
        serious.study.blinded = True
        serious.study.save()
    report = sheet(serious, serious.sponsor)
    assert report["sheet"]["is_pseudonymised"]
    text = json.dumps(report)
    for hidden in ("STEP", '"demo"', "5 mg", 'nurse"', "7B", "private words"):
        assert hidden not in text.replace(report["sheet"]["C"][6]["value"] + '"', "")
    assert report["sheet"]["G"]["doses_to_onset"][0]["G.k.4.r.1a"] is None
    assert "STEP-UP 1" in json.dumps(sheet(serious, serious.nurse))
    assert [of(user).get(address(serious)).status_code for user in (central, serious.outsider)] == [403, 404]


def test_only_an_episode_of_grade_3_has_one_and_its_pages_lead_there(serious, client):
    of_participant = f"/api/v1/participants/{serious.participant.pk}/serious-events/"
    (one,) = of(serious.nurse).get(of_participant).json()
    assert (one["kind"], one["max_grade"]) == ("crs", 3)
    client.force_login(serious.sponsor)
    page = client.get(f"/studies/{serious.study.code}/serious-events/").content.decode()
    assert f"/serious-events/crs/{one['root']}.pdf" in page
    assert "/studies/DEMO/serious-events/" in client.get("/exports/").content.decode()
    client.force_login(serious.nurse)
    assert f"{one['root']}.pdf" in client.get(f"/participants/{serious.participant.pk}/").content.decode()
    assert (
        client.get(f"/participants/{serious.participant.pk}/serious-events/icans/{one['root']}.pdf").status_code == 404
    )


def test_grade_2_has_none(ward):
    kept(vitals(ward, 10, **FEVERISH), ward)

    assert of(ward.nurse).get(f"/api/v1/participants/{ward.participant.pk}/serious-events/").json() == []
    assert of(ward.nurse).get(address(ward)).status_code == 404


def test_icans_of_grade_4_is_life_threatening_by_convention_and_tells_its_scores(ward):
    kept(neuro(ward, 20, ice_year=False, consciousness="voice"), ward)
    kept(neuro(ward, 22, seizure="prolonged_over_5_min"), ward)
    kept(stay(ward, 23, kind="icu", ward="ICU", bed="3"), ward)
    episode = Episode.objects.get(participant=ward.participant, kind="icans")
    base = f"/api/v1/participants/{ward.participant.pk}/serious-events/icans/{episode.root}/"

    report = of(ward.nurse).get(base).json()

    threatening = element(report, "E", "E.i.3.2b")
    assert (threatening["value"], len(threatening["facts"])) == ("true", 1)
    assert element(report, "E", "E.i.3.2c")["value"] is None  # lay in a bed before: no admission
    assert element(report, "E", "E.i.7")["value"] == "3"
    assert "9" in [one["F.r.3.2"] for one in report["sheet"]["F"] if one["F.r.2.1"] == "ICE"]
    assert any("intensive care" in one["text"] for one in report["sheet"]["H"]["H.1"])


def test_what_an_investigator_said_of_the_event_stands_on_it(serious):
    episode = Episode.objects.get(participant=serious.participant, kind="crs")
    answers = {"serious": True, "criteria": ["hospitalisation"], "outcome": "RECOVERED/RESOLVED WITH SEQUELAE",
               "action": "DRUG WITHDRAWN"}  # fmt: skip
    report = draft(EventReport, serious, 60, kind="crs", about_root=episode.root, **answers)
    kept(report, serious, by=serious.investigator)

    told_of_it = sheet(serious, serious.investigator)

    for section, number, value in (("E", "E.i.3.2c", "true"), ("E", "E.i.7", "4"), ("G", "G.k.8", "1")):
        one = element(told_of_it, section, number)
        assert (one["value"], one["facts"]) == (value, [str(report.pk)])
    assert element(told_of_it, "E", "E.i.3.2a")["value"] is None


@pytest.mark.long
def test_signatures_stand_on_it_with_their_meaning_and_what_became_void(serious):
    """Judged and told at hour 60; a set of hour 30 that comes afterwards voids both, and both stay."""
    episode = Episode.objects.get(participant=serious.participant, kind="crs")
    kept(assessment(serious, h=60, about="episode", ledger="investigator"), serious, by=serious.investigator)
    words = {"language": "en", "text": "In my own words."}
    narrative = draft(EpisodeNarrative, serious, 60, kind="crs", about_root=episode.root, **words)
    kept(narrative, serious, by=serious.investigator)

    ward, outside = sheet(serious, serious.investigator)["sheet"], sheet(serious, serious.sponsor)["sheet"]

    signed = {one.kind: one for one in Signature.objects.all()}
    name = f"demo.investigator ({serious.investigator.username})"
    assert {(one["record"], one["meaning"], one["name"], one["sha256"]) for one in ward["signatures"]} == {
        ("assessment", "grade_confirmed", name, signed["assessment"].hash),
        ("narrative", "responsible", name, signed["narrative"].hash),
    }
    assert {one["name"] for one in outside["signatures"]} == {None}
    assert (ward["signed_narratives"], outside["signed_narratives"]) == (["In my own words."], [])
    text = paper_text(serious)
    for words in ("In my own words.", "grade confirmed", name, signed["narrative"].hash):
        assert words in text
    kept(vitals(serious, 30, temperature_c=39), serious)
    later = sheet(serious, serious.investigator)["sheet"]
    assert {one["void_because"] for one in later["signatures"]} == {"late"}
    assert later["signed_narratives"] == []
    assert "VOID since" in paper_text(serious)


def paper_text(world):
    """Without the ends of its lines: a long name or hash is broken over two."""
    answer = of(world.investigator).get(address(world, "sheet.pdf"))
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    return "".join(pages).replace("\n", "")
