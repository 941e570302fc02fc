"""Each task of the desk besides the inbox, in a browser, with its clicks and page loads counted and printed at the end.

What each takes is written out beside it, step by step.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from crsmonitor.audit.acting import acting
from grading.models import Episode, EpisodeNarrative, GradeAssessment, QueryStep, ReviewAssignment, SilentRun
from grading.policies.library import parse_policy
from grading.policies.services import draft_policy
from grading.policies.tasks import run_silently
from grading.queries.verifying import plan_verification
from grading.rules.queries.sampling import SamplingRule
from regimens.models import Signature, Study
from tests.browser.desk.walks import Walk
from tests.builders import World, build_world, dose, hour, kept, stay, vitals
from tests.policies.pages import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ward(server: str) -> World:
    """A fever at hour 4, grade 1, over since hour 6."""
    world = build_world()
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6), world)
    for h in (6, 18, 30):
        kept(vitals(world, h), world)
    return world


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def link(page: Page, name: str | re.Pattern[str]) -> Any:
    return page.get_by_role("link", name=name).first


def test_a_query_is_asked_answered_and_closed_and_a_record_verified(page, server, ward, record_property):
    """Asked: the record, the field, the question, the button; answered and closed: the query, words, the button."""
    plan_verification(ward.study, SamplingRule(grade_from=1), because="plan 1", by=ward.data_manager, at=hour(40))
    fever = ward.participant.vitalsigns_facts.get(observed_at=hour(4))
    here = reverse("participant", args=[ward.participant.pk])
    record = reverse("record", args=[ward.participant.pk, "grading_vitalsigns", fever.root])
    asking = Walk(page, server)
    asking.begins(ward.data_manager, here)
    asking.click(page.locator(f'a[href="{record}"]').first)
    asking.click(page.locator('a[href="?field=temperature_c#ask"]'))
    asking.write(page.locator("#ask_text"), "38.6 or 36.8?")
    asking.click(button(page, "Open a query"))
    expect(page.locator("#record-queries")).to_be_visible()

    asking.begins(ward.nurse, reverse("queries"))
    asking.click(page.locator("article.inbox-item h2 a"))
    asking.write(page.locator("#move_text"), "38.6, as on the chart")
    asking.click(button(page, "Answer"))
    expect(page.locator("article.inbox-item")).to_contain_text("38.6, as on the chart")

    asking.begins(ward.data_manager, reverse("inbox"))
    asking.click(link(page, "Answer or close"))
    asking.click(button(page.locator("dialog"), "Close the query"))
    expect(page.locator("[data-item]")).to_have_count(0)
    assert list(QueryStep.objects.order_by("number").values_list("move", flat=True)) == ["opened", "answered", "closed"]

    verifying = Walk(page, server)
    asking_took = asking.ends()
    verifying.begins(ward.data_manager, reverse("sdv", args=[ward.study.code]))
    verifying.click(link(page, ward.participant.number))
    verifying.click(page.locator(f'a[href="{record}#source"]'))
    verifying.click(button(page, "As in the source: ticked fields, else the whole record"))
    expect(page.locator("#source + ul")).to_contain_text("the whole record verified")
    verifying_took = verifying.ends()

    record_property("desk", {"a query, asked, answered, closed": asking_took, "a record verified": verifying_took})
    assert asking_took["clicks"] <= 4 + 3 + 2
    assert asking_took["loads"] <= 4 + 3 + 1
    assert verifying_took["clicks"] <= 3
    assert verifying_took["loads"] <= 4


def test_a_copy_a_safety_review_a_sample_and_a_silent_run(page, server, ward, record_property):
    took = {
        "a certified copy, made and verified": copied(Walk(page, server), ward),
        "a safety review to its sheets": reviewed(Walk(page, server), ward),
        "a sample of central review": sampled(Walk(page, server), ward),
        "a silent run, begun, read, ended": run_beside(Walk(page, server), ward),
    }

    record_property("desk", took)
    assert [(one["clicks"], one["loads"]) for one in took.values()] == [(6, 5), (2, 3), (2, 3), (5, 5)]


def copied(walk: Walk, ward: World) -> dict[str, int]:
    """The link, what it is for, the button; the link, the hash, the button."""
    page = walk.page
    walk.begins(ward.investigator, reverse("participant", args=[ward.participant.pk]))
    walk.click(link(page, "Certified copies"))
    walk.write(page.locator("main form [name=because]"), "monitoring visit")
    walk.click(button(page, "Make a certified copy"))
    sha256 = page.locator("code.secret").first.inner_text()
    walk.click(link(page, "Is this file a certified copy?"))
    walk.write(page.locator("[name=sha256]"), sha256)
    walk.click(button(page, "Look it up"))
    expect(page.get_by_role("status").filter(has_text="Yes: a certified copy")).to_contain_text(
        "The record has not changed since."
    )
    return walk.ends()


def reviewed(walk: Walk, ward: World) -> dict[str, int]:
    """The study, the sheets."""
    page = walk.page
    walk.begins(ward.investigator, reverse("safety-reviews"))
    walk.click(link(page, re.compile("^DEMO ")))
    expect(page.locator("#swimmer")).to_be_visible()
    walk.click(link(page, "Sheets to print"))
    expect(page.locator("section.sheet").first).to_be_visible()
    return walk.ends()


def sampled(walk: Walk, ward: World) -> dict[str, int]:
    """From the checklist of the study: the page, the button."""
    page = walk.page
    with acting(by="test", reason="a sample"):
        Study.objects.filter(pk=ward.study.pk).update(review_percent=100, review_seed="4711")
    walk.begins(ward.data_manager, reverse("setup-study", args=[ward.study.code]))
    walk.click(page.locator("main").get_by_role("link", name="Sample of central review"))
    walk.click(button(page, "Send what is drawn to central review"))
    expect(page.locator("main")).to_contain_text("Drawn and sent: 1.")
    assert ReviewAssignment.objects.get().why == "sample"
    return walk.ends()


def run_beside(walk: Walk, ward: World) -> dict[str, int]:
    """The page, why, the button; a fever now, of which the version would have said nothing; why, the button."""
    page = walk.page
    draft_policy(parse_policy(TEXT), study=ward.study, by=ward.data_manager, reason="amendment 2", at=timezone.now())
    walk.begins(ward.investigator, reverse("policies"))
    walk.click(link(page, "Silent runs"))
    walk.write(page.locator("main form [name=because]"), "amendment 2")
    walk.click(button(page, "Run it silently from now"))
    expect(page.locator("h1")).to_contain_text("would have said")
    begun_at = SilentRun.objects.get().begun_at
    kept(vitals(ward, 0, observed_at=begun_at + timedelta(milliseconds=1), temperature_c=38.6), ward)
    assert run_silently() == 1
    page.reload()
    expect(page.locator("main")).to_contain_text(ward.participant.number)
    walk.write(page.locator("main form [name=because]"), "enough seen")
    walk.click(button(page, "End it"))
    expect(button(page, "End it")).to_have_count(0)
    assert SilentRun.objects.get().ended_because == "enough seen"
    return walk.ends()


def test_a_judgement_a_narrative_a_signature_again_and_the_trail(page, server, ward, record_property):
    took = {
        "another grade, judged and signed": judged(Walk(page, server), ward),
        "a narrative signed": narrated(Walk(page, server), ward),
        "a void signature, given again": signed_again(Walk(page, server), ward),
        "what was changed after a signature": traced(Walk(page, server), ward),
    }

    record_property("desk", took)
    assert [(one["clicks"], one["loads"]) for one in took.values()] == [(6, 3), (3, 2), (4, 3), (2, 2)]


def episode_page(ward: World) -> str:
    episode = Episode.objects.get(participant=ward.participant)
    return reverse("episode", args=[ward.participant.pk, episode.kind, episode.root])


def judged(walk: Walk, ward: World) -> dict[str, int]:
    """The link, the grade, why, name and password, the button."""
    page = walk.page
    walk.begins(ward.investigator, episode_page(ward))
    walk.click(link(page, "Judge"))
    walk.choose(page.locator("select[name=grade]"), "2")
    walk.write(page.locator("main form [name=because]"), "fluids were given")
    walk.sign(ward.investigator)
    walk.click(page.locator("button[name=agrees][value=no]"))
    expect(page.locator("form.judge button[name=agrees]")).to_have_count(0)
    assert (GradeAssessment.objects.get().agrees, GradeAssessment.objects.get().grade) == (False, 2)
    return walk.ends()


def narrated(walk: Walk, ward: World) -> dict[str, int]:
    """Name and password, the button."""
    page = walk.page
    walk.begins(ward.investigator, episode_page(ward))
    walk.sign(ward.investigator)
    walk.click(button(page, "Sign the narrative"))
    expect(page.locator(".narrative-signed .signed")).to_have_count(1)
    assert EpisodeNarrative.objects.count() == 1
    return walk.ends()


def signed_again(walk: Walk, ward: World) -> dict[str, int]:
    """A set of hour 5 comes late and voids what was signed: the record, name and password, the button."""
    page = walk.page
    late = vitals(ward, 5, temperature_c=38.4, reason="on paper")
    kept(late, ward, at=timezone.now())
    walk.begins(ward.investigator, reverse("signatures"))
    again = page.locator("section[aria-labelledby=again]")
    walk.click(again.get_by_role("link", name=re.compile("Judgement of a grade")))
    walk.sign(ward.investigator)
    walk.click(button(page, "Sign"))
    expect(page.locator(".signed")).to_have_count(2)
    rows = Signature.objects.filter(kind="assessment").order_by("at")
    assert [hasattr(one, "void") for one in rows] == [True, False]
    return walk.ends()


def traced(walk: Walk, ward: World) -> dict[str, int]:
    """The filter, the button."""
    page = walk.page
    walk.begins(ward.investigator, reverse("audit"))
    walk.click(page.get_by_label("Changed after a signature"))
    walk.click(button(page, "Look"))
    expect(page.locator("main")).to_contain_text(ward.participant.number)
    return walk.ends()
