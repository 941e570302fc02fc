"""The pages of threshold policies: who sees and does what, what a version says and changes, approval and replay."""

import re

import pytest
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import Alert
from grading.policies import courses as policy_courses
from grading.policies.library import DEFAULT, read_policy
from grading.policies.services import draft_policy
from tests.builders import build_world, dose, hour, kept, person, signature, stay, vitals
from tests.policies.pages import new_page, newest, page_text

pytestmark = pytest.mark.django_db
EVERYBODY = ("nurse", "charge_nurse", "investigator", "data_manager", "sponsor")


# --- Who sees what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_of_the_study_reads_the_versions(client, world, draft, who):
    client.force_login(getattr(world, who))

    assert {client.get(address).status_code for address in (
        reverse("policies"), reverse("policy", args=[draft.pk]), reverse("policy-changes", args=[draft.pk]),
    )} == {200}  # fmt: skip


def test_a_condition_is_told_as_what_holds_and_what_it_asks(client, world):
    one = draft_policy(read_policy(DEFAULT), study=world.study, by=world.data_manager, reason="default", at=hour(0))
    client.force_login(world.nurse)

    page = page_text(client.get(reverse("policy", args=[one.pk])))

    assert re.search(r"Fever persists at CRS grade 1\. Review: consider managing as the next grade[^.]* 72 h", page)
    assert "Seizure or posturing. Go to the bedside now" in page


@pytest.mark.parametrize("name", ["policy", "policy-changes", "policy-replay"])
def test_people_of_another_study_find_nothing(client, world, draft, name):
    other = build_world("OTHER")
    client.force_login(other.investigator)

    assert client.get(reverse(name, args=[draft.pk])).status_code == 404
    assert client.post(reverse("policy", args=[draft.pk]), {"because": "x"}).status_code == 404
    assert client.get(new_page(world)).status_code == 404
    assert client.post(reverse("policy-default", args=[world.study.code])).status_code == 404
    assert "Protocol 7" not in page_text(client.get(reverse("policies")))


def test_who_is_in_no_study_finds_no_page(client, world):
    with acting(by="test", reason="a test"):
        stranger = User.objects.create_user("nobody", password="nobody-password")
    client.force_login(stranger)

    assert client.get(reverse("policies")).status_code == 404


@pytest.mark.parametrize(
    ("who", "drafts", "approves", "replays"),
    [
        ("nurse", 403, 403, 403),
        ("charge_nurse", 403, 403, 403),
        ("investigator", 403, 302, 200),
        ("data_manager", 200, 403, 200),
        ("sponsor", 403, 403, 403),
    ],
)
def test_who_may_do_what(client, world, draft, who, drafts, approves, replays):
    client.force_login(getattr(world, who))

    assert client.get(new_page(world)).status_code == drafts
    assert client.get(reverse("policy-replay", args=[draft.pk])).status_code == replays
    typed = {"because": "fine", "against": world.policy.pk} | signature(getattr(world, who))
    assert client.post(reverse("policy", args=[draft.pk]), typed).status_code == approves


def test_a_central_reviewer_reads_and_no_more(client, world, draft):
    with acting(by="test", reason="a test"):
        reviewer = person("reviewer", world.study, Role.CENTRAL)
    client.force_login(reviewer)

    assert client.get(reverse("policy", args=[draft.pk])).status_code == 200
    assert client.get(reverse("policy-replay", args=[draft.pk])).status_code == 403


@pytest.mark.parametrize("name", ["alerts", "exports"])
def test_where_one_comes_from(client, world, name):
    client.force_login(world.data_manager)

    assert f'href="{reverse("policies")}"' in client.get(reverse(name)).content.decode()


# --- Reading and comparing ------------------------------------------------------------------------------------


def test_every_rule_of_the_default_policy_in_words_with_number_and_source(at_desk, world):
    at_desk.post(reverse("policy-default", args=[world.study.code]))

    page = page_text(at_desk.get(reverse("policy", args=[newest().pk])))

    for text in ("CRS · Tocilizumab threshold met from grade 2 SITC: inpharmd", "dose 8 mg/kg ASCO_I1",
                 "at most in one dose 800 mg", "dose below that weight not known: nothing is computed TOCI_AI",
                 "CRS grade 3 dexamethasone 10 mg every 6 h ASCO_C34",
                 "No better 24 h after tocilizumab: manage as the next grade UF:"):  # fmt: skip
        assert text in page


def test_what_a_version_changes_of_the_one_in_force_and_of_any_other(at_desk, world, draft):
    page = page_text(at_desk.get(reverse("policy-changes", args=[draft.pk])))
    assert "Compared with Test policy v1." in page
    assert "CRS · Tocilizumab threshold met When somebody is told gone from grade 2 test –" in page
    assert "CRS · New grade: review the participant When somebody is told changed from grade 1 test" in page

    back = page_text(at_desk.get(f"{reverse('policy-changes', args=[world.policy.pk])}?against={draft.pk}"))
    assert "CRS · Tocilizumab threshold met When somebody is told new – from grade 2" in back


@pytest.mark.parametrize("against", ["0", "x", "\x00", "9" * 30])
def test_a_comparison_with_nothing_is_not_found(at_desk, world, draft, against):
    assert at_desk.get(reverse("policy-changes", args=[draft.pk]), {"against": against}).status_code == 404


def test_another_studys_version_cannot_be_compared_with(at_desk, world, draft):
    other = build_world("OTHER")

    answer = at_desk.get(reverse("policy-changes", args=[draft.pk]), {"against": other.policy.pk})
    assert answer.status_code == 404
    assert at_desk.get(f"{new_page(world)}?from={other.policy.pk}").status_code == 404


# --- Approving ------------------------------------------------------------------------------------------------


def test_an_investigator_approves_with_a_reason(client, world, draft):
    client.force_login(world.investigator)
    page = client.get(reverse("policy", args=[draft.pk]))
    assert "Compared with Test policy v1, which is in force." in page_text(page)
    assert f'name="against" value="{world.policy.pk}"' in page.content.decode()

    typed = {"because": "DSMB", "against": world.policy.pk} | signature(world.investigator)
    answer = client.post(reverse("policy", args=[draft.pk]), typed, follow=True)

    assert "In force since" in page_text(answer)
    assert "demo.investigator" in page_text(answer)
    assert "DSMB" in page_text(answer)
    assert "Replaced" in page_text(client.get(reverse("policies")))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"password": "wrong"}, {"name": "demo.data"}])
def test_an_approval_is_signed(client, world, draft, wrong):
    """Rulings 2: pack approval is signed, with name and password."""
    client.force_login(world.investigator)
    typed = {"because": "DSMB", "against": world.policy.pk} | signature(world.investigator) | wrong

    answer = client.post(reverse("policy", args=[draft.pk]), typed)

    assert answer.status_code == 400
    assert "Sign with your own user name and password." in page_text(answer)
    draft.refresh_from_db()
    assert draft.in_force_from is None


@pytest.mark.parametrize(
    ("because", "against", "words"),
    [
        ("", None, "Say why it may come into force."),
        ("fine", "0", "Another version came into force"),
        ("fine", "", "Another version came into force"),
        ("\x00", None, "Null characters are not allowed."),
        ("x" * 501, None, "at most 500"),
    ],
)
def test_an_approval_that_cannot_be_is_told_at_its_field(client, world, draft, because, against, words):
    client.force_login(world.investigator)
    against = world.policy.pk if against is None else against
    if against == "0":
        against = draft.pk

    typed = {"because": because, "against": against} | signature(world.investigator)
    answer = client.post(reverse("policy", args=[draft.pk]), typed)

    assert answer.status_code == 400
    assert words in page_text(answer)
    draft.refresh_from_db()
    assert draft.in_force_from is None


def test_a_reference_that_is_no_key_is_no_500(client, world, draft):
    client.force_login(world.investigator)
    for against in ("junk", "9" * 30, "-1", "\x00"):
        answer = client.post(reverse("policy", args=[draft.pk]), {"because": "fine", "against": against})
        assert answer.status_code == 400


# --- The replay -----------------------------------------------------------------------------------------------


def test_a_draft_is_replayed_over_the_recorded_courses(client, world, draft):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 12, temperature_c=38.6), world)
    client.force_login(world.investigator)
    before = Alert.objects.count()

    page = page_text(client.get(reverse("policy-replay", args=[draft.pk])))

    assert "1 course, 1 sets." in page
    assert "Alerts 1 0" in page
    assert "Alerts lost: 1" in page
    assert "DEMO-001 2026-03-02 21:00 UTC CRS grade 1 New grade: review the participant" in page
    assert Alert.objects.count() == before


def test_a_site_of_no_concern_is_left_out(client, world, draft):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 12, temperature_c=38.6), world)
    with acting(by="test", reason="a test"):
        elsewhere = person("elsewhere", world.study, Role.DATA_MANAGER, world.other_site)
    client.force_login(elsewhere)

    assert "0 courses, 0 sets." in page_text(client.get(reverse("policy-replay", args=[draft.pk])))


def test_more_sets_than_a_page_can_wait_for_are_the_commands(client, world, draft, monkeypatch):
    monkeypatch.setattr(policy_courses, "MOST_SETS", 0)
    kept(stay(world), world)
    kept(vitals(world, 12), world)
    client.force_login(world.investigator)

    assert "use the command replay_policy" in page_text(client.get(reverse("policy-replay", args=[draft.pk])))
