"""The page of one episode: what the ward sees, what a central reviewer sees and when, and what is said there."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from crsmonitor.errors import NotFound
from grading.models import Episode, EpisodeNarrative, EventReport, ReviewAssignment
from grading.review.selectors.episodes import sent_and_unread
from grading.review.selectors.event_reports import limits_dose, sets_of
from grading.review.views.episode_picture import picture_of, y_of
from regimens.models import Signature, Study
from tests.builders import World, kept, signature, treatment, vitals
from tests.review.drafts import assessment, otherwise, send

pytestmark = pytest.mark.django_db


def address(world: World) -> str:
    return reverse("episode", args=[world.participant.pk, "crs", Episode.objects.get().root])


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def sent(what: str, **values) -> dict:
    return {"do": what, "id": str(uuid4()), "opened_at": timezone.now().isoformat()} | values


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("en", ("CRS episode from", "38.6", "tocilizumab", "not dose-limiting", "Narrative")),
        ("zh-hant", ("敘述", "非劑量限制毒性", "中央審查")),
    ],
)
def test_an_investigator_sees_what_there_is_to_judge_by(client, seen, language, phrases):
    kept(vitals(seen, 4.5, temperature_c=38.6, sbp=82, hypotension=True), seen)  # two alerts, each with its clock
    kept(vitals(seen, 4.8, temperature_c=38.6, sbp=82, vasopressors=["norepinephrine"]), seen)
    kept(treatment(seen, 5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), seen)
    for h in (6, 18, 30):
        kept(vitals(seen, h), seen)
    kept(otherwise(seen, 2, h=31, about="episode", ledger="investigator"), seen, by=seen.investigator)
    client.force_login(seen.investigator)
    client.cookies["django_language"] = language

    page = client.get(address(seen))

    assert page.status_code == 200
    for phrase in phrases:
        assert phrase in text_of(page), phrase
    assert "bleeding" in text_of(page)
    assert page.context["narrative"].initial["text"].startswith(page.context["sentences"][0].text)


@pytest.mark.parametrize(
    ("last_low_h", "shown"),
    [
        (16, "dose-limiting (grade 2 or above for 12 h)"),
        (15, "whether it is dose-limiting cannot be told (grade 2 or above for 12 h)"),  # below again at 17 only
        (11, "not dose-limiting (grade 2 or above for 12 h)"),
    ],
)
def test_the_study_s_rule_for_dose_limiting_holds_on_the_page(client, seen, last_low_h, shown):
    """From a set of grade 2 at 4.5 h on: 12 h are full at 16.5 h, and half an hour before it began a set was below."""
    with acting(by="test", reason="a rule"):
        Study.objects.filter(pk=seen.study.pk).update(limiting_grade=2, limiting_hours=12)
    low = {"temperature_c": 38.6, "sbp": 82, "hypotension": True}
    for h in (4.5, 8, last_low_h + 0.5):
        kept(vitals(seen, h, **low), seen)
    after = 12 if last_low_h == 11 else 17
    for h in (after, after + 12, after + 24):
        kept(vitals(seen, h), seen)
    client.force_login(seen.investigator)

    lead = text_of(client.get(address(seen))).split("All of the participant")[0]

    assert f", {shown}" in lead.replace("， ", ", ")


@pytest.mark.parametrize(
    ("language", "pair", "shown"),
    [
        ("en", [2, 0], ", dose-limiting (grade 3 or above for 72 h, or grade 2 or above, however short)"),
        ("zh-hant", [2, 0, "crs"], "為劑量限制毒性（3 級以上持續 72 小時，或 2 級以上不論時間長短）"),
        ("en", [2, 0, "icans"], "not dose-limiting (grade 3 or above for 72 h)"),
    ],
)
def test_a_second_pair_of_grade_and_hours_limits_as_well_where_it_is_of_the_syndrome(
    client, seen, language, pair, shown
):
    with acting(by="test", reason="a rule"):
        Study.objects.filter(pk=seen.study.pk).update(limiting_besides=[pair])
    kept(vitals(seen, 4.5, temperature_c=38.6, sbp=82, hypotension=True), seen)
    kept(vitals(seen, 6), seen)
    client.force_login(seen.investigator)
    client.cookies["django_language"] = language

    assert shown in text_of(client.get(address(seen)))


def test_a_vasopressor_counts_from_its_start(seen):
    """Grade 3 for certain from its start at 6 h, before the set at 7 h, to the last look at 78 h: 72 h."""
    running = {"dose": 0.1, "unit": "ug/kg/min", "route": "iv"}
    kept(treatment(seen, 6, "norepinephrine", "vasopressor", "crs", **running), seen)
    for h in (7, 40, 78):
        kept(vitals(seen, h, temperature_c=38.6, sbp=88, vasopressors=["norepinephrine"]), seen)
    episode = Episode.objects.select_related("participant__study").get()

    assert limits_dose(episode, sets_of(episode)) is True


def test_a_report_is_kept_shown_again_and_refused_without_its_reason(client, seen):
    client.force_login(seen.investigator)

    wrong = client.post(address(seen), sent("report", serious="yes"))
    assert wrong.status_code == 400
    assert "criteria" in wrong.context["report"].errors
    values = {"serious": "yes", "criteria": ["important"], "outcome": "RECOVERED/RESOLVED", "next_dose_delayed": "no"}
    assert client.post(address(seen), sent("report", **values)).status_code == 302

    one = EventReport.objects.get()
    assert (one.serious, one.criteria, one.action, one.next_dose_delayed) == (True, ["important"], "", False)
    again = client.get(address(seen))
    assert again.context["report"]["serious"].value() == "yes"
    assert "It was serious: medically important." in text_of(again)


@pytest.mark.long
def test_a_narrative_is_edited_and_signed_by_password_alone(client, seen):
    client.force_login(seen.investigator)

    assert client.post(address(seen), sent("narrative", text="As I saw it.")).status_code == 400
    kept_ = client.post(address(seen), sent("narrative", text="As I saw it.", **signature(seen.investigator)))
    assert kept_.status_code == 302

    one = EpisodeNarrative.objects.get()
    assert one.text == "As I saw it."
    assert all(sentence["facts"] for sentence in one.sentences)
    assert Signature.objects.get().kind == "narrative"
    assert "As I saw it." in text_of(client.get(address(seen)))
    assert "sign again" not in text_of(client.get(address(seen)))
    kept(vitals(seen, 5, reason="found later", temperature_c=39), seen, at=timezone.now())
    assert "sign again" in text_of(client.get(address(seen)))


@pytest.mark.long
def test_a_central_reviewer_sees_what_was_sent_to_her_without_ward_site_and_names(client, seen, central):
    client.force_login(central)
    judge = reverse("judge", args=[seen.participant.pk, "episode", Episode.objects.get().root])
    assert [client.get(one).status_code for one in (address(seen), judge)] == [404, 404]
    with pytest.raises(NotFound):
        kept(assessment(seen, h=4.5, about="episode", ledger="central"), seen, by=central)
    send(seen)
    assert client.get(judge).status_code == 200
    assert [one.root for one in sent_and_unread(central)] == [Episode.objects.get().root]

    page = client.get(address(seen))

    assert page.status_code == 200
    main = re.sub(r".*<main[^>]*>|</main>.*", "", page.content.decode().replace("\n", " "))
    shown = re.sub(r"<[^>]+>", " ", main)
    for hidden in ("7B", "DEMO-TPE", "Taipei", "+08:00", seen.nurse.username, seen.data_manager.username):
        assert hidden not in shown, hidden
    assert "DEMO-001" in shown
    assert page.context["report"] is page.context["narrative"] is page.context["assign"] is None
    assert client.post(address(seen), sent("report", serious="no")).status_code == 403
    listed = client.get(reverse("inbox")).content.decode()
    assert "Sent to central review" in listed
    assert "DEMO-TPE" not in re.sub(r".*<main[^>]*>", "", listed.replace("\n", " "))
    kept(assessment(seen, h=6, about="episode", ledger="central"), seen, by=central)
    assert sent_and_unread(central) == []


def test_a_dispute_opens_it_to_central_review_too(client, seen, central):
    kept(otherwise(seen, 3, h=5, about="episode", ledger="investigator"), seen, by=seen.investigator)
    client.force_login(central)

    assert client.get(address(seen)).status_code == 200


def test_a_judgement_that_was_overtaken_says_so_where_it_stands(client, seen):
    kept(otherwise(seen, 0, about="episode", ledger="investigator"), seen, by=seen.investigator)
    client.force_login(seen.investigator)
    overtaken = "the derived grade is above what was judged: to be judged again"
    assert overtaken not in text_of(client.get(address(seen)))
    worse = {"sbp": 85, "hypotension": True, "vasopressors": ["norepinephrine"], "reason": "found later"}
    kept(vitals(seen, 4.5, temperature_c=38.9, **worse), seen, at=timezone.now())
    page = text_of(client.get(address(seen)))
    assert "final: Grade 3" in page
    assert overtaken in page


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("sponsor", 403), ("nurse", 200), ("data_manager", 200)]
)
def test_who_else_sees_it(client, seen, who, status):
    client.force_login(getattr(seen, who))

    page = client.get(address(seen))

    assert page.status_code == status
    if who == "data_manager":
        assert client.post(address(seen), sent("assign", why="assigned", because="odd")).status_code == 302
        assert ReviewAssignment.objects.get().recorded_by == seen.data_manager


def test_the_picture_has_a_point_for_each_set_and_a_line_to_what_it_could_be():
    class Set:
        def __init__(self, hour, least, most):
            self.observed_at, self.at_least, self.at_most = datetime(2026, 3, 2, hour, tzinfo=UTC), least, most

    picture = picture_of([Set(1, 1, 1), Set(3, 2, 4)], [])

    assert [(mark.y, mark.top, mark.is_open) for mark in picture.marks] == [
        (y_of(1), y_of(1), False), (y_of(2), y_of(4), True),
    ]  # fmt: skip
    assert y_of(0) == 168
    assert y_of(5) == 24
    assert picture_of([], []) is None
