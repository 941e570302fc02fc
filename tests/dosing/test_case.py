"""The gate's case from the facts: the app, the API and the command give the same answer."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse

from crsmonitor.audit.acting import acting
from grading.dosing import gate_words
from grading.dosing.selectors.gate import gate_of, planned_time
from grading.dosing.selectors.gate_case import NEVER_H, case_of, given_doses
from grading.models import Episode, GradeAssessment, NeuroAssessment
from regimens.library import document_from, plan_named, read
from regimens.models import DoseEnd, Measured, Participant, Site, WindowCompletion
from regimens.rules.gate.answer import Standing
from regimens.rules.gate.contract import as_answer, as_case
from regimens.services.versions import amend
from tests.builders import RISK_WINDOWS, dose, draft, hour, kept, neuro, treatment, vitals
from tests.dosing.conftest import DAY, NEXT, close_window, enrolled, give, measured

ROOT = Path(__file__).resolve().parents[2]


def gate(world, h=NEXT):
    world.participant.refresh_from_db()
    return gate_of(world.participant, dose_at=hour(h), at=hour(h))


def state(world, h=NEXT):
    plan = plan_named(world.regimen.code)
    return case_of(world.participant, plan, dose_at=hour(h)).state


def standing(gate_answer, code):
    return next(one.state for one in gate_answer.answer.criteria if one.code == code)


def test_go_where_nothing_stands_in_the_way(ready):
    dose_gate = gate(ready)

    assert (dose_gate.answer.decision, dose_gate.answer.step) == ("go", "step-up 2")
    assert dose_gate.step == ready.steps[1]


@pytest.mark.long
def test_the_command_gives_the_same_answer(ready):
    cases, answers = [], []
    for h in (1, 30, NEXT, 7 * DAY, 8 * DAY, 40 * DAY):
        dose_gate = gate(ready, h)
        cases.append(as_case(dose_gate.case, str(h)))
        answers.append({"id": str(h)} | as_answer(dose_gate.answer))
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "gate"], input="\n".join(map(json.dumps, cases)).encode(),
        capture_output=True, env={"PATH": os.environ["PATH"]}, cwd=ROOT, timeout=600, check=True,
    )  # fmt: skip

    assert [json.loads(line) for line in done.stdout.splitlines()] == answers
    assert {answer["decision"] for answer in answers} == {"hold", "go", "restart"}


def test_before_anything_is_recorded_nothing_is_fine(library_world):
    dose_gate = gate(library_world, 0)
    known = state(library_world, 0)

    assert (dose_gate.answer.decision, dose_gate.answer.step) == ("hold", "step-up 1")
    assert {known.crs_open, known.icans_open, known.ice_at_baseline, known.active_infection} == {None}


def test_a_regimen_set_up_by_hand_has_no_rules(world):
    dose_gate = gate(world, 0)

    assert dose_gate.answer.decision == "hold"
    assert [one.code for one in dose_gate.answer.criteria] == ["no_rules_on_file"]


def test_an_open_episode_holds(ready):
    kept(vitals(ready, NEXT - 1, temperature_c=38.6), ready)

    assert standing(gate(ready), "crs_resolved") is Standing.NOT_MET
    assert state(ready).last_crs_grade == 1


def test_an_unexplained_hypotension_counts_as_open(ready):
    kept(vitals(ready, NEXT - 1, sbp=80, dbp=50, hypotension=True), ready)

    assert state(ready).crs_open is True


def test_an_incomplete_newest_set_is_not_known(ready):
    kept(vitals(ready, NEXT - 1, temperature_c=None, hypotension=None, sbp=None, dbp=None), ready)

    assert state(ready).crs_open is None
    assert state(ready).indeterminate_sets is True


def test_hours_since_it_was_resolved(library_world):
    give(library_world, 0)
    kept(vitals(library_world, 2, temperature_c=38.6), library_world)
    for h in range(10, 50, 6):
        kept(vitals(library_world, h), library_world)

    known = state(library_world)

    assert (known.crs_open, known.last_crs_grade, known.grade3_plus_crs_events) == (False, 1, 0)
    assert known.hours_since_crs_resolved == NEXT - 10  # the first free set is hour 10


def test_grade_3_events_are_counted(ready):
    kept(vitals(ready, NEXT - 1, temperature_c=38.6, hypotension=True, vasopressors=["norepinephrine"]), ready)

    assert state(ready).grade3_plus_crs_events == 1


def test_a_dose_without_a_set_is_not_known(library_world):
    give(library_world, 0)

    assert state(library_world).last_crs_grade is None
    assert state(library_world).crs_open is None


def test_ice_below_baseline(ready):
    kept(neuro(ready, NEXT - 1, ice_attention=False), ready)

    assert state(ready).ice_at_baseline is False


@pytest.mark.parametrize(("score", "at_baseline"), [(3, True), (4, True), (5, False), (None, None)])
def test_capd_at_its_baseline_is_no_more_points_than_before(library_world, score, at_baseline):
    world = library_world
    with acting(by="test", reason="CAPD"):
        Participant.objects.filter(pk=world.participant.pk).update(neuro_instrument="capd")
    assert state(world, 0).ice_at_baseline is None
    kept(measured(world, -2, Measured.BASELINE_CAPD, 4), world)
    kept(draft(NeuroAssessment, world, -1, capd_score=score, consciousness="awake"), world)
    world.participant.refresh_from_db()

    assert state(world, 0).ice_at_baseline is at_baseline


def test_each_hold_before_the_first_dose_leads_to_its_page(library_world):
    world = library_world
    pages = {line.name: line.page for line in gate_words.summary(gate(world, 0), may_record=True).lines}

    def at(name):
        return reverse(name, args=[world.participant.pk])

    assert (pages["CRS resolved"], pages["ICANS resolved"]) == (at("vitals"), at("neuro"))
    assert (pages["Neuro baseline"], pages["Infection"]) == (at("baseline-neuro"), f"{at('gate')}#asked")
    kept(measured(world, -2, Measured.BASELINE_ICE, 10), world)
    summary = gate_words.summary(gate(world, 0), may_record=True)
    assert {line.name: line.page for line in summary.lines}["Neuro baseline"] == at("neuro")
    for line in gate_words.summary(gate(world, 0), may_record=False).lines:  # as a data manager reads it
        assert line.page not in (at("vitals"), at("neuro"))


def test_an_ice_before_the_last_dose_is_none_for_the_next(ready):
    give(ready, NEXT, step=1)

    assert state(ready, NEXT + 1).ice_at_baseline is None
    assert state(ready, NEXT + 1).active_infection is None
    assert state(ready, NEXT + 1).window_complete is None


@pytest.mark.parametrize("complete", [True, False])
def test_what_was_said_of_the_window(library_world, complete):
    given = give(library_world, 0).fact
    looked_at(library_world)
    close_window(library_world, given, 48, complete=complete)

    assert state(library_world).window_complete is complete


def test_a_closing_that_is_taken_back_says_nothing_of_the_window_and_the_gate_holds_again(ready):
    closing = WindowCompletion.objects.get()
    assert gate(ready).answer.decision == "go"

    taken_back = draft(WindowCompletion, ready, 49, dose=closing.dose, complete=True, missed=0, supersedes=closing,
                       withdrawn=True, reason="of another participant")  # fmt: skip
    kept(taken_back, ready, by=ready.investigator, at=hour(NEXT - 1))

    assert state(ready).window_complete is None
    held = gate(ready)
    assert held.answer.decision == "hold"
    assert standing(held, "window_complete") is Standing.UNKNOWN

    close_window(ready, closing.dose, NEXT - 0.5)
    assert gate(ready).answer.decision == "go"


@pytest.fixture
def tarlatamab_world(db):
    return enrolled("TAR", "tarlatamab")


def looked_at(world):
    kept(vitals(world, 4), world)
    kept(neuro(world, 4), world)


@pytest.mark.parametrize(("said_at", "expected"), [(47.9, None), (48, True)])
def test_complete_covers_hours_outside_the_hospital_only_once_they_are_over(tarlatamab_world, said_at, expected):
    """tarlatamab, US: 24 h in hospital, and within reach until 48 h."""
    given = kept(dose(tarlatamab_world, 0, unit="mg", amount=1, route="INTRAVENOUS"), tarlatamab_world).fact
    looked_at(tarlatamab_world)
    close_window(tarlatamab_world, given, said_at)

    assert state(tarlatamab_world).window_complete is expected


def test_a_grade_that_an_incomplete_set_leaves_open_is_not_known(library_world):
    give(library_world, 0)
    kept(vitals(library_world, 4, temperature_c=39.2, sbp=None, hypotension=None, spo2=None, oxygen_device=None),
         library_world)  # fmt: skip

    assert state(library_world).last_crs_grade is None
    assert state(library_world).grade3_plus_crs_events is None

    assessment = draft(GradeAssessment, library_world, 5, ledger="investigator", about="episode",
                 about_root=Episode.objects.get().root, kind="crs", agrees=True)  # fmt: skip
    kept(assessment, library_world, by=library_world.investigator)

    assert state(library_world).last_crs_grade == 1


@pytest.mark.parametrize("drug", ["siltuximab", "anakinra"])
def test_every_anticytokine_counts_for_the_wash_out(ready, drug):
    kept(treatment(ready, NEXT - 3, drug, "anticytokine", "crs"), ready)

    assert state(ready).hours_since_tocilizumab == 3


def test_a_step_that_the_version_no_longer_has_holds_and_says_so(ready, client):
    renamed = json.loads(json.dumps(read("teclistamab").data, default=str).replace('"step-up 1"', '"first step"'))
    amended = amend(
        regimen=ready.participant.regimen, document=document_from(renamed), variant="US", by="test", reason="renamed",
        at=hour(NEXT - 1), looks=RISK_WINDOWS,
    )  # fmt: skip
    with acting(by="test", reason="the amendment"):
        ready.participant.regimen = amended
        ready.participant.save()

    answer = gate_of(ready.participant, dose_at=hour(NEXT), at=hour(NEXT)).answer

    assert (answer.decision, answer.criteria[0].code) == ("hold", "step_not_in_plan")
    assert "step-up 1" in answer.criteria[0].text
    client.force_login(ready.investigator)
    assert client.get(reverse("gate", args=[ready.participant.pk])).status_code == 200


def test_premedication_is_no_treatment(ready):
    kept(treatment(ready, NEXT - 5, "dexamethasone", "corticosteroid", "premedication"), ready)
    assert state(ready).hours_since_steroid_treatment == NEVER_H

    kept(treatment(ready, NEXT - 4, "dexamethasone", "corticosteroid", "crs"), ready)
    assert state(ready).hours_since_steroid_treatment == 4


def test_people_s_answers(ready):
    kept(measured(ready, NEXT - 1, Measured.INFECTION, 1), ready)
    kept(measured(ready, NEXT - 1, Measured.ON_SITE, 2), ready)

    assert (state(ready).active_infection, state(ready).tocilizumab_on_site) == (True, 2)


def test_tocilizumab_that_was_given_is_not_on_site_any_more(ready, client):
    """One was counted and one given: the gate asks again, and does not believe the one that is gone."""
    kept(measured(ready, NEXT - 2, Measured.ON_SITE, 1), ready)
    kept(treatment(ready, NEXT - 1.5, "Actemra", "anticytokine", "crs", dose=400, unit="mg"), ready)
    assert state(ready).tocilizumab_on_site is None
    client.force_login(ready.nurse)
    assert "count again" in client.get(reverse("drugs", args=[ready.participant.pk])).content.decode()

    kept(measured(ready, NEXT - 1, Measured.ON_SITE, 2), ready)
    assert state(ready).tocilizumab_on_site == 2
    assert "count again" not in client.get(reverse("drugs", args=[ready.participant.pk])).content.decode()


def test_the_planned_time_is_three_days_after(ready):
    assert planned_time(ready.participant, at=hour(10)) == hour(NEXT)
    assert planned_time(ready.participant, at=hour(NEXT + 5)) == hour(NEXT + 5)


CLOCK_CHANGE = [  # Europe/Paris springs forward at 2026-03-29 02:00 local
    ("a dose late at night, two dates on", "2026-03-28T22:30Z", "2026-03-29T22:30Z", 2),
    ("23 hours on one date", "2026-03-28T23:30Z", "2026-03-29T21:30Z", 0),
]


@pytest.mark.parametrize(("dosed", "now", "days"), [r[1:] for r in CLOCK_CHANGE], ids=[r[0] for r in CLOCK_CHANGE])
def test_days_are_those_of_the_site_s_calendar_across_a_clock_change(library_world, dosed, now, days):
    dosed, now = datetime.fromisoformat(dosed), datetime.fromisoformat(now)
    with acting(by="test", reason="another zone"):
        Site.objects.filter(pk=library_world.site.pk).update(time_zone="Europe/Paris")
    give(library_world, (dosed - hour(0)).total_seconds() / 3600)
    library_world.participant.refresh_from_db()

    case = case_of(library_world.participant, plan_named("teclistamab"), dose_at=now)

    assert case.days_since_last == days


@pytest.mark.parametrize(("h", "hours"), [(49, None), (50, 0), (74, 24)])
@pytest.mark.django_db
def test_hours_since_a_continuous_infusion_was_stopped(h, hours):
    world = enrolled("INF", "blinatumomab_RR_ALL")
    kept(measured(world, -1, Measured.WEIGHT, 70), world)
    runs = kept(dose(world, 0, unit="ug/day"), world).fact
    assert state(world, 49).hours_since_infusion_stopped is None
    kept(draft(DoseEnd, world, 50, dose=runs), world)

    assert state(world, h).hours_since_infusion_stopped == hours


def test_the_end_of_a_short_infusion_is_no_interruption(ready):
    given = given_doses(ready.participant, until=hour(1))[0]
    kept(draft(DoseEnd, ready, 1, dose=given, reason="was on paper"), ready, at=hour(NEXT))

    assert state(ready).hours_since_infusion_stopped is None
