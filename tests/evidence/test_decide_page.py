"""The page on which an investigator decides: counts of the ward, the rule's answer, and the decision that is signed."""

import pytest
from django.urls import reverse

from crsmonitor.audit.acting import acting
from grading.evidence.advice import live_advice
from regimens.design_pages.escalating import escalation_of
from regimens.models import CohortClearance, EscalationDecision, Participant, Signature
from tests.builders import build_world, hour, kept, signature, vitals
from tests.evidence.climbing import WEEK, climbed  # noqa: F401
from tests.pages import as_read

pytestmark = pytest.mark.django_db
PAGE = reverse("evidence-decide", args=["CLIMB"])
AFTER = hour(5 * WEEK)
# Counted by hand in tests/evidence/climbing.py: given, known, events, open, undeterminable of the lowest rung.
COUNTED = [(4, 3, 1, 0, 1), (3, 3, 0, 0, 0), (3, 3, 0, 0, 0), (3, 3, 0, 0, 0)]
ROWS = [
    {"regimen": "6 mg", "period": period, "n": 3, "events": events} for period, events in enumerate((1, 0, 0, 0), 1)
]


def advice(world, who=None):
    return live_advice(who or world.investigator, "CLIMB", None, at=AFTER)


def shown(client, who):
    client.force_login(who)
    page = client.get(PAGE)
    return page, as_read(page.content.decode())


def sent(client, who, page, **changes):
    form = page.context["form"]
    values = {
        "rung": "12 mg", "reason": "safety meeting of 3 March", "clear_up_to": "", **signature(who),
        **{name: form.initial[name] or "" for name in ("seen", "after", "key")},
    }  # fmt: skip
    return client.post(PAGE, values | changes)


def test_the_rule_is_given_what_the_ward_has_shown(climbed):  # noqa: F811
    live = advice(climbed)

    lowest = [one for one in live.counts if one.rung == "6 mg"]
    assert [(one.given, one.known, one.events, one.open, one.undeterminable) for one in lowest] == COUNTED
    assert (len(live.counts), live.not_counted, live.endpoint) == (12, 0, "grade2plus")
    answer = escalation_of(climbed.version, ROWS, {"events": 0, "of": 1}, "6 mg")
    assert live.answer == answer
    assert (live.advice.current, live.advice.recommended) == ("6 mg", answer["recommended"] or "")


def test_a_late_set_is_another_recommendation_or_at_least_other_facts(climbed):  # noqa: F811
    before = advice(climbed).advice
    late = climbed.study.participants.get(number="CLIMB-11")

    signs = {"temperature_c": 39, "sbp": 80, "hypotension": True, "reason": "found in the chart"}
    kept(vitals(climbed, 12, participant=late, **signs), climbed, at=hour(4 * WEEK))

    after = advice(climbed)
    assert (after.counts[0].events, after.advice.seen != before.seen) == (2, True)


def test_an_investigator_decides_and_the_recommendation_stays_beside_it(client, climbed):  # noqa: F811
    page, html = shown(client, climbed.investigator)
    recommended = page.context["live"].advice.recommended
    assert "Nobody has decided yet." in html
    assert "Research software." in html

    against = "48 mg" if recommended != "48 mg" else "6 mg"
    answer = sent(client, climbed.investigator, page, rung=against)

    assert answer.status_code == 302, answer.context["form"].errors
    made = EscalationDecision.objects.get()
    assert (made.rung, made.recommended, made.current) == (against, recommended, "6 mg")
    assert Signature.objects.get(kind="escalation").meaning == "overridden_rule"
    page, html = shown(client, climbed.second)
    assert "against the recommendation" in html
    assert page.context["live"].advice.current == against  # what is given from now on


def test_a_climb_clears_the_cohort_up_to_the_step_that_is_named(client, climbed):  # noqa: F811
    page, _ = shown(client, climbed.investigator)

    assert sent(client, climbed.investigator, page, clear_up_to="step-up 1").status_code == 302

    assert [(one.cohort, one.step) for one in CohortClearance.objects.all()] == [("12 mg", "step-up 1")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rung": ""}, "rung"), ({"rung": "96 mg"}, "rung"), ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"), ({"clear_up_to": "step-up 9"}, "clear_up_to"),
        ({"rung": "6 mg", "clear_up_to": "step-up 1"}, "clear_up_to"), ({"password": "wrong"}, "password"),
        ({"password": ""}, "password"), ({"name": "climb.second"}, "password"),
        ({"rung": "-", "clear_up_to": "step-up 1"}, "clear_up_to"), ({"seen": "0" * 64}, "__all__"),
        ({"key": "7"}, "key"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_said_at_its_field_and_nothing_is_kept(client, climbed, changes, field):  # noqa: F811
    page, _ = shown(client, climbed.investigator)

    answer = sent(client, climbed.investigator, page, **changes)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not EscalationDecision.objects.exists()
    assert not CohortClearance.objects.exists()


@pytest.mark.long
def test_two_who_decide_at_once_are_one_decision(client, climbed):  # noqa: F811
    page, _ = shown(client, climbed.second)
    other, _ = shown(client, climbed.investigator)
    sent(client, climbed.investigator, other)

    client.force_login(climbed.second)
    late = sent(client, climbed.second, page, rung="48 mg")

    assert late.status_code == 400
    assert "has decided since you opened this page: 12 mg" in as_read(late.content.decode())
    assert [one.rung for one in EscalationDecision.objects.all()] == ["12 mg"]
    form = late.context["form"]
    again = {name: form[name].value() for name in ("seen", "after", "key")}  # of the page that is shown now
    values = {"rung": "48 mg", "reason": "looked again", "clear_up_to": "", **signature(climbed.second)}
    assert client.post(PAGE, values | again).status_code == 302
    assert EscalationDecision.objects.count() == 2


def test_the_form_that_is_sent_twice_decides_once(client, climbed):  # noqa: F811
    page, _ = shown(client, climbed.investigator)

    assert [sent(client, climbed.investigator, page).status_code for _ in range(2)] == [302, 302]
    assert EscalationDecision.objects.count() == 1


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "sponsor"])
def test_who_is_told_no_designs_or_no_cohorts_is_shown_nothing(client, climbed, who):  # noqa: F811
    assert shown(client, getattr(climbed, who))[0].status_code == 403


def test_a_data_manager_looks_and_does_not_decide(client, climbed):  # noqa: F811
    page, html = shown(client, climbed.data_manager)

    assert "Investigators of this study decide here." in html
    assert sent(client, climbed.data_manager, page).status_code == 403


def test_whoever_is_told_of_a_part_of_the_participants_is_given_no_advice(client, climbed):  # noqa: F811
    with acting(by="test", reason="somebody at another site"):
        Participant.objects.create(
            study=climbed.study, site=climbed.other_site, number="CLIMB-90", regimen=climbed.regimen, cohort="6 mg"
        )

    page, html = shown(client, climbed.data_manager)  # of one site
    assert (page.status_code, "whoever decides sees all of them" in html) == (409, True)
    assert shown(client, climbed.investigator)[0].status_code == 200


def test_a_stranger_finds_nothing_and_a_study_without_a_design_says_so(client, climbed):  # noqa: F811
    elsewhere = build_world("ELSE")

    assert shown(client, elsewhere.investigator)[0].status_code == 404
    client.force_login(elsewhere.investigator)
    page = client.get(reverse("evidence-decide", args=["ELSE"]))
    assert "a design is brought to the bedside first" in as_read(page.content.decode())
    client.force_login(climbed.investigator)
    assert [client.get(PAGE, {"design": one}).status_code for one in ("999999", "1e9", "²")] == [404, 404, 404]
