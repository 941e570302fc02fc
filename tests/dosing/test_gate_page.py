"""The gate page and its API, through the doors that people and tools use."""

import re
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from regimens.models import DoseRelease, Measured, Measurement
from regimens.rules.gate.texts import TEXTS
from regimens.rules.gate.to_do import TO_DO
from tests.builders import build_world, hour, kept, signature
from tests.dosing.conftest import NEXT, give, measured
from tests.project.pages.test_translation import catalogue
from tests.sizes import sized

TAIPEI = ZoneInfo("Asia/Taipei")


@pytest.fixture
def opened(ready, client, time_machine_at):
    """The page at the time step-up 2 is planned, as somebody; nobody is signed in yet."""
    time_machine_at(hour(NEXT))
    return reverse("gate", args=[ready.participant.pk])


@pytest.fixture
def time_machine_at(monkeypatch):
    """What the clock at the edge says: the facts of the fixture lie in the past."""

    def at(instant):
        monkeypatch.setattr("grading.dosing.views.gate.timezone.now", lambda: instant)

    return at


def form(**changes):
    first = {
        "id": str(uuid.uuid4()), "opened_at": hour(NEXT).isoformat(), "dose_at": hour(NEXT).isoformat(),
        "seen": "go step-up 2", "form": "release", "how": "release", "step": "", "because": "",
    }  # fmt: skip
    return first | changes


def signed_in(client, person):
    client.force_login(person)
    return client


# --- Reading ------------------------------------------------------------------------------------------------


def test_the_decision_in_words_with_every_criterion(ready, client, opened):
    answer = signed_in(client, ready.nurse).get(opened).content.decode()

    assert "GO" in answer
    assert "Give step-up 2." in answer
    assert "Days since the last dose: 3; at least 2 are needed." in answer
    assert "Restart table" in answer
    assert "US PI Tecvayli 2.1" in answer
    assert "An investigator releases the dose." in answer
    assert 'value="override"' not in answer


WHO = [
    ("nurse", 200),
    ("charge_nurse", 200),
    ("investigator", 200),
    ("data_manager", 200),
    ("sponsor", 403),
    ("outsider", 404),
]


@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_sees_it(ready, client, opened, who, status):
    assert signed_in(client, getattr(ready, who)).get(opened).status_code == status


AT = [  # site time, what is proposed
    ("2026-03-05T17:00", "Give step-up 2."),
    ("2026-03-09T17:00", "Give step-up 2."),  # day 7
    ("2026-03-10T00:00", "Restart at step-up 1."),  # day 8 begins
]


@pytest.mark.parametrize(("at", "proposed"), AT)
def test_it_is_asked_for_a_time(ready, client, opened, at, proposed):
    """Step-up 1 was given on 2 March, 17:00 in Taipei."""
    assert hour(0).astimezone(TAIPEI).isoformat() == "2026-03-02T17:00:00+08:00"

    assert proposed in signed_in(client, ready.nurse).get(opened, {"at": at}).content.decode()


JUNK = ["yesterday", "2026-13-01T00:00", "2026-03-05T17:00+08:00", "9999-12-31T23:59", "0001-01-01T00:00", "\x00", "１"]


@pytest.mark.parametrize("at", JUNK)
def test_a_time_that_is_none_is_told(ready, client, opened, at):
    answer = signed_in(client, ready.nurse).get(opened, {"at": at})

    assert answer.status_code == 400
    assert 'id="at_wrong"' in answer.content.decode()


def test_a_regimen_without_rules_says_so(world, client):
    answer = signed_in(client, world.investigator).get(reverse("gate", args=[world.participant.pk])).content.decode()

    assert "No gate rules on file for this regimen." in answer
    assert "HOLD" in answer


# --- Releasing ----------------------------------------------------------------------------------------------


def test_an_investigator_releases(ready, client, opened):
    answer = signed_in(client, ready.investigator).post(opened, form(**signature(ready.investigator)))

    assert answer.status_code == 302
    assert DoseRelease.objects.get().step == ready.steps[1]
    assert "step-up 2 released" in client.get(opened).content.decode()


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"password": ""}, {"name": "fih.nurse"}])
@pytest.mark.parametrize("how", ["release", "override"])
def test_a_release_is_signed_with_ones_own_password(ready, client, opened, how, changes):
    sent = form(how=how, step=str(ready.steps[2].pk), because="x") | signature(ready.investigator) | changes

    answer = signed_in(client, ready.investigator).post(opened, sent)

    assert (answer.status_code, set(answer.context["release"].errors)) == (400, {"password"})
    assert not DoseRelease.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("nurse", 403), ("data_manager", 403), ("sponsor", 403), ("outsider", 404)]
)
def test_who_may_not(ready, client, opened, who, status):
    assert signed_in(client, getattr(ready, who)).post(opened, form()).status_code == status
    assert not DoseRelease.objects.exists()


def test_an_override_without_a_reason_is_refused_at_the_field(ready, client, opened):
    sent = form(how="override", step=str(ready.steps[2].pk))

    answer = signed_in(client, ready.investigator).post(opened, sent)

    assert answer.status_code == 400
    assert 'id="id_because_wrong"' in answer.content.decode()
    assert not DoseRelease.objects.exists()


def test_an_override_with_its_reason(ready, client, opened):
    sent = form(how="override", step=str(ready.steps[2].pk), because="The study says so.")
    sent |= signature(ready.investigator)

    assert signed_in(client, ready.investigator).post(opened, sent).status_code == 302
    release = DoseRelease.objects.get()
    assert (release.override, release.because, release.proposed_step) == (True, "The study says so.", "step-up 2")


def test_nobody_releases_an_answer_they_did_not_see(ready, client, opened):
    answer = signed_in(client, ready.investigator).post(opened, form(seen="hold step-up 2"))

    assert answer.status_code == 400
    assert "answer has changed" in answer.content.decode()


def test_an_old_page_releases_nothing(ready, client, opened):
    shown = (hour(NEXT) - timedelta(hours=1)).isoformat()

    assert signed_in(client, ready.investigator).post(opened, form(opened_at=shown)).status_code == 400


@pytest.mark.parametrize("name", ["id", "opened_at", "dose_at", "seen", "how", "step"])
@pytest.mark.parametrize("junk", sized(["", "x", "\x00", "9" * 400, "-1"], sample=["\x00"]))
def test_junk_is_no_500(ready, client, opened, name, junk):
    sent = form(how="override", because="why", step=str(ready.steps[1].pk)) | {name: junk}

    assert signed_in(client, ready.investigator).post(opened, sent).status_code in (302, 400)


# --- What only people know ----------------------------------------------------------------------------------


def site_answers(**changes):
    return {"id": str(uuid.uuid4()), "opened_at": hour(NEXT).isoformat(), "form": "asked"} | changes


def test_a_nurse_answers_and_the_gate_takes_it_up(ready, client, opened):
    signed_in(client, ready.nurse).post(opened, site_answers(infection="yes", on_site="2"))

    assert {(one.kind, int(one.value)) for one in Measurement.objects.filter(observed_at=hour(NEXT))} == {
        ("active_infection", 1), ("tocilizumab_on_site", 2),
    }  # fmt: skip
    assert "Active infection." in client.get(opened).content.decode()


@pytest.mark.parametrize("changes", [{}, {"on_site": "-1"}, {"on_site": "many"}, {"infection": "perhaps"}])
def test_no_answer_is_none(ready, client, opened, changes):
    before = Measurement.objects.count()

    assert signed_in(client, ready.nurse).post(opened, site_answers(**changes)).status_code == 400
    assert Measurement.objects.count() == before


def test_a_data_manager_answers_nothing(ready, client, opened):
    assert signed_in(client, ready.data_manager).post(opened, site_answers(infection="no")).status_code == 403


# --- The participant page -----------------------------------------------------------------------------------


def test_a_dose_without_a_release_is_shown_as_a_deviation(library_world, client):
    give(library_world, 0)

    answer = signed_in(client, library_world.nurse).get(reverse("participant", args=[library_world.participant.pk]))

    assert "given without a release" in answer.content.decode()


# --- The API ------------------------------------------------------------------------------------------------


def address(world):
    return f"/api/v1/participants/{world.participant.pk}/gate/"


def test_the_api_answers_as_the_contract_has_it(ready, client):
    data = signed_in(client, ready.nurse).get(address(ready), {"at": hour(NEXT).isoformat()}).json()

    assert (data["id"], data["decision"], data["step"], data["position"]) == ("LIB-001", "go", "step-up 2", 2)
    assert (data["earliest_h"], data["inpatient_hours"], data["release"]) == (48, 48, None)
    assert data["case"]["doses"] == [{"step": "step-up 1", "t_hours": 0}]
    assert data["case"]["zero_local"] == "2026-03-02T17:00:00"
    assert all(set(one) == {"code", "state", "text", "source", "to_do"} for one in data["criteria"])


@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_asks_by_api(ready, client, who, status):
    assert signed_in(client, getattr(ready, who)).get(address(ready)).status_code == status


@pytest.mark.parametrize("query", [{"at": "soon"}, {"when": "now"}, {"at": "9999-12-31T23:59:59Z"}])
def test_a_question_that_cannot_be_read(ready, client, query):
    assert signed_in(client, ready.nurse).get(address(ready), query).status_code == 400


def body(world, **changes):
    first = {
        "id": str(uuid.uuid4()), "observed_at": hour(NEXT).isoformat(), "step": 2, "dose_at": hour(NEXT).isoformat(),
        "override": True, "because": "The study says so.", "reason": "Entered by a test.",
        "signature": signature(world.investigator),
    }  # fmt: skip
    return first | changes


def post(client, world, sent):
    return client.post(address(world), sent, content_type="application/json")


def test_the_api_releases_once(ready, client):
    sent = body(ready)
    first, again = (post(signed_in(client, ready.investigator), ready, sent) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    data = client.get(address(ready)).json()["release"]
    assert (data["step"], data["released_by"], data["override"]) == ("step-up 2", "lib.investigator", True)


RELEASERS = [
    ("investigator", 201),
    ("nurse", 403),
    ("charge_nurse", 403),
    ("data_manager", 403),
    ("sponsor", 403),
    ("outsider", 404),
]


@pytest.mark.parametrize(("who", "status"), RELEASERS)
def test_who_releases_by_api(ready, client, who, status):
    assert (
        post(
            signed_in(client, getattr(ready, who)), ready, body(ready, signature=signature(getattr(ready, who)))
        ).status_code
        == status
    )


BAD = [
    ({"because": ""}, "because"), ({"override": False, "because": ""}, "override"), ({"step": 99}, "step"),
    ({"decision": "go"}, "decision"), ({"criteria": []}, "criteria"), ({"dose_at": None}, "dose_at"),
    ({"dose_at": "2026-01-01T00:00:00Z"}, "dose_at"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_what_the_api_refuses(ready, client, changes, field):
    answer = post(signed_in(client, ready.investigator), ready, body(ready, **changes))

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_dose_by_api_tells_its_deviation(library_world, client):
    sent = {"id": str(uuid.uuid4()), "observed_at": hour(0).isoformat(), "step": 1, "amount": "0.06", "unit": "mg/kg",
            "route": "SUBCUTANEOUS", "reason": "late"}  # fmt: skip

    answer = signed_in(client, library_world.nurse).post(
        f"/api/v1/participants/{library_world.participant.pk}/doses/", sent, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["deviation"]) == (201, "not_released")


def test_a_stranger_of_another_study(ready, client):
    assert signed_in(client, build_world("AWAY").investigator).get(address(ready)).status_code == 404


def test_every_sentence_of_the_gate_is_translated_with_its_values():
    po = catalogue()

    for text in [*TEXTS.values(), *TO_DO.values()]:
        message = po.get(text)
        assert message is not None, text
        assert message.string, text
        assert set(re.findall(r"{\w+}", message.string)) == set(re.findall(r"{\w+}", text)), text


def test_the_page_in_chinese(ready, client, opened):
    client.cookies["django_language"] = "zh-hant"

    assert "距上次給藥天數：3；至少需 2 天。" in signed_in(client, ready.nurse).get(opened).content.decode()


# --- What is to be done -------------------------------------------------------------------------------------


def test_a_hold_says_the_one_thing_to_do(ready, client, opened):
    kept(measured(ready, NEXT - 1, Measured.INFECTION, 1), ready)
    answer = signed_in(client, ready.nurse).get(opened).content.decode()

    assert "HOLD" in answer
    assert "<strong>To do</strong>: " in answer
    assert '#asked">Say on the gate&#x27;s page when the infection is over.</a>' in answer


def test_what_is_given_needs_nothing(ready, client, opened):
    assert "<strong>To do</strong>" not in signed_in(client, ready.nurse).get(opened).content.decode()


LANGUAGES = [
    ("en", "Say on the gate&#x27;s page when the infection is over."),
    ("zh-hant", "感染結束後，請在給藥判定頁說明。"),
]


@pytest.mark.parametrize(("language", "words"), LANGUAGES)
def test_it_is_said_in_the_reader_s_language(ready, client, opened, language, words):
    kept(measured(ready, NEXT - 1, Measured.INFECTION, 1), ready)
    client.cookies["django_language"] = language

    assert words in signed_in(client, ready.nurse).get(opened).content.decode()


@pytest.mark.parametrize(("language", "words"), LANGUAGES)
def test_the_api_says_it_as_a_code_with_its_words(ready, client, language, words):
    kept(measured(ready, NEXT - 1, Measured.INFECTION, 1), ready)
    data = (
        signed_in(client, ready.nurse)
        .get(address(ready), {"at": hour(NEXT).isoformat()}, headers={"accept-language": language})
        .json()
    )

    one = {"code": "answer_infection_again", "values": {}, "text": words.replace("&#x27;", "'")}
    assert (data["decision"], data["to_do"]) == ("hold", one)
    assert [c["to_do"] for c in data["criteria"] if c["to_do"] is not None] == [one]
