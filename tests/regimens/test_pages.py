"""The regimen pages and addresses: who sees what, every regimen drawn and listed, what a version changed."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from crsmonitor.audit.acting import acting
from regimens import wording
from regimens.library import names, plan_named, read
from regimens.library.protocol import sections_of
from regimens.models import Step
from regimens.picture import picture_of
from regimens.services.versions import adopt, amend
from tests.builders import RISK_WINDOWS, build_world, hour
from tests.pages import as_read
from tests.regimens.test_versions import with_dose
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def versions(world):
    common = {"variant": "US", "by": world.data_manager, "at": hour(0)}
    first = adopt(study=world.study, document=read("teclistamab"), reason="", looks=RISK_WINDOWS, **common)
    second = amend(regimen=first, document=with_dose("teclistamab", "step-up 2", 1), reason="amendment 1", **common)
    return first, second


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "investigator", "data_manager", "sponsor"])
def test_everybody_of_the_study_may_read_it(world, client, versions, who):
    client.force_login(getattr(world, who))

    answers = [client.get(f"/regimens/{v.pk}/").status_code for v in versions]

    assert answers == [200, 200]
    assert "DEMO · teclistamab v2" in client.get("/regimens/").content.decode()


def test_a_stranger_to_the_study_finds_no_version_and_the_library(world, client, versions):
    client.force_login(build_world("AWAY").nurse)

    assert [client.get(f"/regimens/{versions[1].pk}/{page}").status_code for page in ("", "changes/")] == [404, 404]
    assert client.get("/api/v1/studies/DEMO/regimens/").status_code == 404
    assert "teclistamab v2" not in client.get("/regimens/").content.decode()
    assert client.get("/regimens/library/teclistamab/").status_code == 200


def test_who_works_in_no_study_sees_nothing(world, client, django_user_model):
    with acting(by="test", reason="somebody new"):
        client.force_login(django_user_model.objects.create_user("nobody", password="nobody-password"))

    assert [client.get(p).status_code for p in ("/regimens/", "/regimens/library/teclistamab/")] == [403, 403]
    assert client.get("/api/v1/regimen-library/").status_code == 403


@pytest.mark.parametrize("regimen_id", names())
def test_every_regimen_has_a_picture_with_a_name_and_the_same_as_a_table(world, client, regimen_id):
    client.force_login(world.nurse)

    page = as_read(client.get(f"/regimens/library/{regimen_id}/").content.decode())

    assert 'role="img" aria-labelledby="plan-name plan-said"' in page
    assert page.count('<text class="plan-dose"') == len(plan_named(regimen_id).steps)
    for step in plan_named(regimen_id).steps:
        assert f'<th scope="row">{_escaped(step.label)}</th>' in page


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")


def test_the_label_of_a_region_shows_its_days_and_hours(world, client):
    client.force_login(world.nurse)

    europe = client.get("/regimens/library/teclistamab/?label=EU").content.decode()

    assert re.findall(r'class="plan-day"[^>]*>([^<]+)<', europe) == ["day 1", "day 3", "day 5"]
    assert client.get("/regimens/library/teclistamab/?label=XX").status_code == 404
    assert client.get("/regimens/library/nothing/").status_code == 404


def test_a_version_says_what_it_changed(world, client, versions):
    client.force_login(world.investigator)

    page = client.get(f"/regimens/{versions[1].pk}/changes/").content.decode()

    assert "Schedule, step-up 2, dose" in page
    assert "amendment 1" in page
    assert "0.3 mg/kg" in page
    assert "1 mg/kg" in page
    assert client.get(f"/regimens/{versions[0].pk}/changes/").status_code == 404


def test_a_version_set_up_by_hand_shows_its_steps(world, client):
    client.force_login(world.nurse)

    page = client.get(f"/regimens/{world.regimen.pk}/").content.decode()

    assert "STEP-UP 2" in page
    assert "set up by hand" in page


NOT_READY = [
    ("en", "Not ready to enrol", "<strong>how often vital signs are taken</strong>: step-up 1, step-up 2, first",
     "<strong>the risk window</strong>: STEP-UP 1, STEP-UP 2, "),
    ("zh-hant", "尚不能收案", "<strong>生命徵象多久量一次</strong>：遞增劑 1、遞增劑 2、首次治療劑量",
     "<strong>風險期</strong>：遞增劑 1、遞增劑 2、"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "missing", "before_asked"), NOT_READY)
def test_a_version_says_what_is_missing_before_anybody_is_enrolled(
    world, client, versions, language, title, missing, before_asked
):
    """`before_asked`: of a version that is in force since before a risk window was asked for."""
    client.force_login(world.nurse)
    client.cookies["django_language"] = language
    made, by_hand = (
        client.get(reverse("regimen", args=[pk])).content.decode() for pk in (versions[0].pk, world.regimen.pk)
    )

    assert title in made
    assert missing in made
    assert title in by_hand
    assert "risk" not in made.partition('id="missing"')[2].partition("</section>")[0]
    assert before_asked in by_hand


def test_one_with_everything_set_says_nothing(world, client, versions):
    with acting(by="test", reason="the study's own plan"):
        Step.objects.filter(regimen=versions[1]).update(vitals_every_h=4, neuro_every_h=8, risk_window_h=168)
    client.force_login(world.nurse)

    assert "Not ready to enrol" not in client.get(reverse("regimen", args=[versions[1].pk])).content.decode()
    data = client.get("/api/v1/studies/DEMO/regimens/").json()
    assert [list(one["missing_for_enrolment"]) for one in data if one["id"] == versions[1].pk] == [[]]
    assert "neuro_every_h" in next(one for one in data if one["id"] == versions[0].pk)["missing_for_enrolment"]


def test_every_heading_has_a_word_in_both_languages():
    used = {name for one in names() for s in sections_of(read(one)) for name in (s.title, *s.columns)}

    assert used - wording.HEADINGS.keys() == set()
    with override("zh-hant"):
        assert [str(w) for w in wording.HEADINGS.values() if str(w).isascii()] == []


def test_the_picture_ranks_doses_and_draws_a_lower_dose_lower():
    heights = [column.bar_height for column in picture_of(plan_named("mosunetuzumab_IV"), "US").columns]

    assert heights[0] < heights[1] < heights[4] < heights[2] == heights[3]


def test_the_picture_marks_what_was_not_found():
    columns = {c.label: c.window for c in picture_of(plan_named("linvoseltamab"), "US").columns}

    assert columns["step-up 1"] == "24"
    assert columns["first treatment dose"] == "?"
    assert columns["weekly"] == ""


# --- API ------------------------------------------------------------------------------------------------------


def test_the_library_for_programs(world, client):
    client.force_login(world.sponsor)

    listed = client.get("/api/v1/regimen-library/").json()
    one = client.get("/api/v1/regimen-library/?id=teclistamab").json()

    assert [entry["id"] for entry in listed] == names()
    assert "document" not in listed[0]
    assert one[0]["document"]["steps"][0]["dose"] == "0.06"
    assert client.get("/api/v1/regimen-library/?id=../settings").status_code == 404


def test_the_versions_of_a_study_for_programs(world, client, versions):
    client.force_login(world.nurse)

    data = client.get("/api/v1/studies/DEMO/regimens/").json()

    assert [(v["code"], v["version"], v["variant"], v["reason"]) for v in data] == [
        ("STEP", 1, "", ""), ("teclistamab", 2, "US", "amendment 1"), ("teclistamab", 1, "US", ""),
    ]  # fmt: skip
    assert data[1]["amends"] == versions[0].pk
    assert data[0]["document"] is None
    assert data[2]["document"]["steps"][1]["dose"] == "0.3"
