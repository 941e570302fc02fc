"""One guard of enrolment: what the checklist says is missing keeps anybody from being enrolled there."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.error_words import fields_of
from crsmonitor.errors import InvalidInput
from grading.models import AlertPolicy, PhoneTree
from grading.setup.readiness import RowStanding, checklist
from grading.setup.selectors import facts_of
from regimens.models import Participant, Regimen, Site
from regimens.services.enrolment import check_enrolment
from tests.builders import World, build_world, hour
from tests.setup.ready import make_ready
from tests.stages import stage

pytestmark = pytest.mark.django_db
AT = hour(0)


@stage
def ready(world) -> World:
    return make_ready(world)


def refused(world, **changes) -> dict[str, list[str]]:
    wanted = {"study": world.study, "site": world.site, "regimen": world.regimen} | changes
    with pytest.raises(InvalidInput) as error:
        check_enrolment(**wanted, at=AT)
    return fields_of(error.value)


def test_a_study_that_has_everything_enrols_at_both_sites(ready):
    rows = checklist(facts_of(ready.study, at=AT))

    assert {row.item.value for row in rows if row.standing is RowStanding.MISSING} == set()
    for site in (ready.site, ready.other_site):
        check_enrolment(study=ready.study, site=site, regimen=ready.regimen, at=AT)


def test_without_a_phone_tree_nobody_is_enrolled_and_it_is_said(ready):
    with acting(by="test", reason="x"):
        PhoneTree.objects.update(site=ready.other_site)

    text = "DEMO-TPE: No phone tree for the hour in which messages do not arrive."
    assert refused(ready) == {"site": [text]}
    check_enrolment(study=ready.study, site=ready.other_site, regimen=ready.regimen, at=AT)


def test_a_policy_that_is_a_draft_is_none(ready):
    with acting(by="test", reason="x"):
        AlertPolicy.objects.update(in_force_from=None)

    texts = ["A version is drafted and waits for an investigator: nobody is told."]
    assert refused(ready) == {"site": texts}


def test_a_draft_of_the_regimen_is_refused_by_the_guard_and_by_the_database(ready):
    with acting(by="test", reason="x"):
        ready.regimen.approved_at, ready.regimen.approved_because = None, ""
        ready.regimen.save()

    assert refused(ready)["regimen"] == ["STEP v1 is a draft: an investigator approves it first."]
    with pytest.raises(DatabaseError, match="is a draft"), acting(by="test", reason="x"):
        Participant.objects.create(study=ready.study, site=ready.site, number="X", regimen=ready.regimen)


def test_a_regimen_without_its_plan_is_refused(ready):
    with acting(by="test", reason="x"):
        ready.regimen.steps.update(vitals_every_h=None)

    assert refused(ready)["regimen"] == ["STEP v1 does not say everything that is asked of a regimen."]


def test_a_regimen_that_says_nothing_of_shorter_intervals_is_refused(ready):
    with acting(by="test", reason="x"):
        ready.regimen.untightened_because = ""
        ready.regimen.save()

    assert refused(ready)["regimen"] == ["STEP v1 does not say everything that is asked of a regimen."]


def test_nobody_new_is_enrolled_under_a_version_that_was_amended(ready):
    with acting(by="test", reason="x"):
        newer = Regimen.objects.get(pk=ready.regimen.pk)
        newer.pk, newer.version = None, 2
        newer.save()

    assert "STEP v2 is in force: enrol under it." in refused(ready)["regimen"]


def test_a_site_or_a_regimen_of_another_study_is_refused(ready):
    away = build_world("AWAY")

    assert refused(ready, site=away.site)["site"] == ["AWAY-TPE is no site of this study."]
    assert refused(ready, regimen=away.regimen)["regimen"] == ["This regimen is another study's."]


def test_the_administration_asks_the_same_guard(ready, client):
    call_command("createsuperuser", username="root", email="root@example.org", interactive=False)
    client.force_login(User.objects.get(username="root"))
    values = {"study": ready.study.pk, "site": ready.site.pk, "number": "DEMO-002", "neuro_instrument": "ice",
              "regimen": ready.regimen.pk, "cohort": "", "reason": ""}  # fmt: skip
    add = reverse("admin:regimens_participant_add")

    assert client.post(add, values).status_code == 302
    with acting(by="test", reason="x"):
        Site.objects.filter(pk=ready.site.pk).update(time_zone="Mars/Olympus")
    answer = client.post(add, values | {"number": "DEMO-003"})

    assert answer.context["adminform"].form.errors["site"] == ["DEMO-TPE: The time zone is not one that is known."]
    assert not Participant.objects.filter(number="DEMO-003").exists()
