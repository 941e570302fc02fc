"""Escalation and phone tree are set by page, by a data manager; whoever works in the ward may look."""

import pytest

from grading.alerting.selectors.rota import on_call_roles_of
from grading.models import EscalationStep, PhoneTree
from tests.builders import build_world

pytestmark = pytest.mark.django_db
TWO = {"role_0": "assigned_nurse", "wait_0": "5", "role_1": "on_call_investigator", "wait_1": "10"}


def sent(client, user, address, **typed):
    client.force_login(user)
    return client.post(address, typed)


def test_the_escalation_of_a_study_and_of_a_site_with_steps_of_its_own(client, world):
    assert sent(client, world.data_manager, "/escalation/DEMO/", **TWO).status_code == 302
    own = {"role_0": "charge_nurse", "wait_0": "3"}
    assert sent(client, world.data_manager, "/escalation/DEMO/DEMO-PAR/", **own).status_code == 302

    assert on_call_roles_of(world.study, world.site) == ["assigned_nurse", "on_call_investigator"]
    assert on_call_roles_of(world.study, world.other_site) == ["charge_nurse"]

    sent(client, world.data_manager, "/escalation/DEMO/DEMO-PAR/", role_0="", wait_0="")
    assert on_call_roles_of(world.study, world.other_site) == ["assigned_nurse", "on_call_investigator"]


@pytest.mark.long
def test_what_stands_is_in_the_form_and_earlier_steps_end(client, world):
    sent(client, world.data_manager, "/escalation/DEMO/", **TWO)
    page = client.get("/escalation/DEMO/")
    assert page.context["form"]["wait_1"].value() == 10

    sent(client, world.data_manager, "/escalation/DEMO/", role_0="charge_nurse", wait_0="2")

    assert list(EscalationStep.objects.filter(active=True).values_list("on_call_role", "wait_minutes")) == [
        ("charge_nurse", 2)
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "role_0"), ({"role_0": "assigned_nurse"}, "wait_0"), ({"wait_0": "5"}, "role_0"),
        ({"role_0": "assigned_nurse", "wait_0": "0"}, "wait_0"), ({"role_0": "surgeon", "wait_0": "5"}, "role_0"),
        ({"role_0": "assigned_nurse", "wait_0": "241"}, "wait_0"),
    ],
)  # fmt: skip
def test_what_is_no_escalation_is_refused_at_its_field(client, world, typed, field):
    answer = sent(client, world.data_manager, "/escalation/DEMO/", **typed)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not EscalationStep.objects.exists()


def test_a_phone_tree_of_the_study_and_of_a_site(client, world):
    trees = "/phone-trees/DEMO/"
    sent(client, world.data_manager, trees, **{"of": "study", "study-text": "Charge nurse 1001"})
    sent(client, world.data_manager, trees, **{"of": "DEMO-TPE", "DEMO-TPE-text": "Ward 2002"})
    sent(client, world.data_manager, trees, **{"of": "study", "study-text": "Charge nurse 1003"})

    assert set(PhoneTree.objects.values_list("site__code", "text")) == {
        (None, "Charge nurse 1003"), ("DEMO-TPE", "Ward 2002"),
    }  # fmt: skip
    answer = sent(client, world.data_manager, trees, **{"of": "study", "study-text": " "})
    assert answer.status_code == 400
    assert PhoneTree.objects.get(site=None).text == "Charge nurse 1003"


MAY = {"nurse": (200, 403), "charge_nurse": (200, 403), "investigator": (200, 403), "data_manager": (200, 302),
       "sponsor": (404, 404)}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("address", ["/escalation/DEMO/", "/escalation/DEMO/DEMO-TPE/", "/phone-trees/DEMO/"])
def test_who_looks_and_who_sets(client, world, address):
    typed = TWO | {"of": "study", "study-text": "1001"}
    answers = {}
    for who in MAY:
        client.force_login(getattr(world, who))
        answers[who] = (client.get(address).status_code, client.post(address, typed).status_code)

    assert answers == MAY
    client.force_login(build_world("AWAY").data_manager)
    assert (client.get(address).status_code, client.post(address, typed).status_code) == (404, 404)


def test_a_site_of_another_study_is_not_found(client, world):
    build_world("AWAY")

    assert sent(client, world.data_manager, "/escalation/DEMO/AWAY-TPE/", **TWO).status_code == 404
