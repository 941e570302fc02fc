"""A study is made by an operator and set up by its data manager, by pages."""

import pytest

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import Invitation
from regimens.models import Membership, Site, Study
from tests.builders import build_world, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db):
    with acting(by="test", reason="operator"):
        return User.objects.create_user("operator", password="operator-password", is_staff=True)


def page(client, user, address, **typed):
    client.force_login(user)
    return client.post(address, typed) if typed else client.get(address)


def test_an_operator_is_led_to_the_first_study_and_names_its_data_manager(client, operator):
    client.force_login(operator)
    assert b"Set up your first study" in client.get("/", follow=True).content

    page(client, operator, "/new-study/", code="NEW", title="A trial", username="dora", email="d@example.org")

    dora = Membership.objects.get(study__code="NEW").user
    assert (dora.username, Membership.objects.get().role, Membership.objects.get().site) == (
        "dora", "data_manager", None
    )  # fmt: skip
    assert Invitation.objects.get().recipient == dora
    assert not dora.has_usable_password()
    assert b"No site takes part yet." in page(client, dora, "/setup/NEW/").content


def test_somebody_who_has_an_account_keeps_it(client, operator, world):
    page(client, operator, "/new-study/", code="NEW", title="A trial", username=world.data_manager.username)

    assert world.data_manager.memberships.filter(study__code="NEW", role="data_manager").exists()
    assert world.data_manager.check_password(f"{world.data_manager.username}-password")


def test_a_new_account_needs_an_address_and_nothing_is_made_without(client, operator):
    answer = page(client, operator, "/new-study/", code="NEW", title="A trial", username="dora")

    assert answer.status_code == 400
    assert b"A new account needs an e-mail address." in answer.content
    assert not Study.objects.exists()


@pytest.mark.parametrize("who", ["nurse", "investigator", "data_manager", "sponsor"])
def test_only_an_operator_makes_a_study(client, world, who):
    answer = page(client, getattr(world, who), "/new-study/", code="X", title="X", username="x", email="x@example.org")

    assert answer.status_code == 403
    assert Study.objects.count() == 1


SEES = {"nurse": 404, "charge_nurse": 200, "investigator": 200, "data_manager": 200, "sponsor": 404, "outsider": 404}


def test_who_sees_the_checklist(client, world):
    assert {who: page(client, getattr(world, who), "/setup/DEMO/").status_code for who in SEES} == SEES


@pytest.mark.parametrize("address", ["parameters/", "sites/", "sites/DEMO-TPE/"])
def test_only_a_data_manager_of_the_study_changes_it(client, world, address):
    answers = {who: page(client, getattr(world, who), f"/setup/DEMO/{address}").status_code for who in SEES}

    assert answers == SEES | {"charge_nurse": 403, "investigator": 403}
    assert page(client, build_world("AWAY").data_manager, f"/setup/DEMO/{address}").status_code == 404


SITE = {"code": "KHH", "name": "Kaohsiung", "country": "twn", "time_zone": "Asia/Taipei"}


def test_a_data_manager_adds_a_site_which_others_of_the_study_see(client, world):
    assert page(client, world.data_manager, "/setup/DEMO/sites/", **SITE).status_code == 302

    site = Site.objects.get(code="KHH")
    assert (site.country, site.time_zone) == ("TWN", "Asia/Taipei")
    assert "Kaohsiung" in page(client, world.investigator, "/setup/DEMO/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"time_zone": "Taipei time"}, "time_zone"), ({"country": "Taiwan"}, "country"), ({"code": "no code"}, "code")],
)
def test_what_is_no_site_is_refused_at_its_field(client, world, wrong, field):
    answer = page(client, world.data_manager, "/setup/DEMO/sites/", **SITE | wrong)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]


def test_a_site_of_another_study_may_take_part_and_is_not_changed_then(client, world):
    away = build_world("AWAY")
    place = {"code": "AWAY-TPE", "name": "Taipei", "country": "TWN", "time_zone": "Asia/Taipei"}

    assert page(client, world.data_manager, "/setup/DEMO/sites/", **place | {"name": "Other"}).status_code == 400
    assert page(client, world.data_manager, "/setup/DEMO/sites/", **place).status_code == 302
    assert page(client, world.data_manager, "/setup/DEMO/sites/", **place).status_code == 400
    changed = page(client, away.data_manager, "/setup/AWAY/sites/AWAY-TPE/", **place | {"name": "Mine", "reason": "x"})

    assert changed.status_code == 400
    assert Site.objects.get(code="AWAY-TPE").name == "Taipei"


def test_a_parameter_is_changed_with_a_reason(client, world):
    typed = {"title": "Other", "resolution_hours": 48, "concurrence_days": 7, "late_after_minutes": 30}

    assert page(client, world.data_manager, "/setup/DEMO/parameters/", **typed).status_code == 400
    assert page(client, world.data_manager, "/setup/DEMO/parameters/", **typed, reason="protocol 4").status_code == 302

    assert Study.objects.get().resolution_hours == 48


def test_further_pairs_of_a_limiting_grade_and_hours_are_kept_and_told(client, world):
    typed = {"title": "Other", "resolution_hours": 24, "concurrence_days": 7, "late_after_minutes": 30, "reason": "v4"}
    whole = {"besides_grade_0": 4, "besides_hours_0": 0, "limiting_hours": 48}

    for half in ({"besides_grade_0": 4}, {"besides_syndrome_0": "icans"}):
        assert page(client, world.data_manager, "/setup/DEMO/parameters/", **typed, **half).status_code == 400
    assert page(client, world.data_manager, "/setup/DEMO/parameters/", **typed, **whole).status_code == 302

    assert {Study.objects.get().limiting_rules(one) for one in ("crs", "icans")} == {((4, 0), (3, 48))}
    shown = page(client, world.data_manager, "/setup/DEMO/").content.decode()
    assert "grade 4 or above, however short, or grade 3 or above for 48 h" in shown


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "CRS: grade 4 or above for 24 h; ICANS: grade 2 or above for 48 h"),
        ("zh-hant", "CRS：4 級以上持續 24 小時；ICANS：2 級以上持續 48 小時"),
    ],
)
def test_a_pair_of_one_syndrome_is_kept_told_and_on_the_form_again(client, world, language, sentence):
    typed = {"title": "Other", "resolution_hours": 24, "concurrence_days": 7, "late_after_minutes": 30, "reason": "v4"}
    first = {"limiting_grade": 4, "limiting_hours": 24, "limiting_syndrome": "crs"}
    besides = {"besides_grade_0": 2, "besides_hours_0": 48, "besides_syndrome_0": "icans"}
    client.cookies["django_language"] = language

    assert page(client, world.data_manager, "/setup/DEMO/parameters/", **typed, **first, **besides).status_code == 302

    assert sentence in page(client, world.data_manager, "/setup/DEMO/").content.decode()
    form = page(client, world.data_manager, "/setup/DEMO/parameters/").context["form"]
    assert [form["limiting_syndrome"].value(), *(box.value() for box in form.besides[0])] == ["crs", 2, 48, "icans"]


def test_a_syndrome_of_which_no_pair_is_written_has_the_rule_of_who_wrote_none():
    study = Study(limiting_grade=2, limiting_hours=24, limiting_syndrome="icans")

    assert (study.limiting_rules("icans"), study.limiting_rules("crs")) == (((2, 24),), ((3, 72),))


def test_a_study_without_anything_says_so_in_chinese_too(client, operator):
    client.cookies["django_language"] = "zh-hant"

    assert "建立" in page(client, operator, "/setup/").content.decode()


def test_a_data_manager_s_first_board_leads_to_the_checklist(client, operator):
    page(client, operator, "/new-study/", code="NEW", title="A trial", username="dora", email="d@example.org")

    board = page(client, User.objects.get(username="dora"), "/").content.decode()

    assert "Nobody is enrolled yet." in board
    assert 'href="/setup/NEW/"' in board


LANDINGS = {
    Role.NURSE: "/", Role.CHARGE_NURSE: "/", Role.INVESTIGATOR: "/", Role.SPONSOR: "/exports/",
    Role.CENTRAL: "/disagreements/",
}  # fmt: skip


@pytest.mark.long
def test_nobody_lands_on_an_empty_page_with_no_way_on(client, db):
    """Who may goes to the checklist; everybody else reads who does it."""
    with acting(by="test", reason="nobody yet"):
        study = Study.objects.create(code="BARE", title="Bare")
        person("dora", study, Role.DATA_MANAGER)
        people = {role: person(role.value, study, role) for role in LANDINGS}
    for role, address in LANDINGS.items():
        client.force_login(people[role])
        answer = client.get("/", follow=True)
        text = answer.content.decode()
        assert answer.request["PATH_INFO"] == address
        assert "Nobody is enrolled yet." in text, role
        assert ("/setup/BARE/" in text) == (role in (Role.CHARGE_NURSE, Role.INVESTIGATOR)), role
        assert "dora" in text


def test_somebody_without_a_role_is_told_who_gives_one(client, db):
    with acting(by="test", reason="nobody yet"):
        someone = User.objects.create_user("someone", password="someone-password")

    assert "has no role in any study" in page(client, someone, "/").content.decode()
