"""Who could do what on a day (R03), read from the audit trail as it was then."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import MAY, Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from regimens.access import access_list, access_on
from regimens.models import Membership
from regimens.wording import ACT_NAMES, ROLE_NAMES
from tests.builders import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(world):
    """The day on which the world was made, by the database's clock."""
    return AuditEvent.objects.earliest("at").at.date()


def newest_day():
    """On which the test did what it did: the world may have been made before midnight."""
    return AuditEvent.objects.latest("at").at.date()


def rows_of(user, day):
    return [(row.study, row.site, row.role) for row in access_on(day) if row.person == user.username]


@pytest.mark.req("R03")
def test_a_person_is_there_from_the_day_on_which_she_came(world, today):
    assert rows_of(world.nurse, today) == [("DEMO", "DEMO-TPE", "nurse")]
    assert rows_of(world.sponsor, today + timedelta(days=1)) == [("DEMO", "", "sponsor")]
    assert access_on(today - timedelta(days=1)) == []


@pytest.mark.req("R03")
def test_whoever_left_is_there_until_she_left(world, today):
    with acting(by="test", reason="left"):
        left = datetime.combine(today + timedelta(days=2), datetime.min.time(), UTC) + timedelta(hours=6)
        Membership.objects.filter(user=world.nurse).update(ended_at=left)
    (row,) = [row for row in access_on(today + timedelta(days=2)) if row.person == world.nurse.username]
    assert row.until == left
    assert rows_of(world.nurse, today + timedelta(days=3)) == []


@pytest.mark.req("R01")
def test_a_deactivated_account_has_no_access_though_its_membership_stands(world):
    with acting(by="test", reason="left"):
        User.objects.filter(pk=world.nurse.pk).update(is_active=False)
    day = newest_day()
    assert rows_of(world.nurse, day) == [("DEMO", "DEMO-TPE", "nurse")]  # until then
    assert rows_of(world.nurse, day + timedelta(days=1)) == []


def test_a_change_of_something_else_makes_no_second_row(world, today):
    for language in ("en", "zh-hant"):
        with acting(by=world.nurse, reason="language"):
            User.objects.filter(pk=world.nurse.pk).update(language=language)
    assert len(rows_of(world.nurse, today)) == 1


def test_a_data_manager_sees_the_own_study_and_an_operator_all(client, world):
    with acting(by="test", reason="another study"):
        operator = User.objects.create_superuser("operator", password="x")
        other = type(world.study).objects.create(code="OTHER", title="Other")
        person("other.data", other, Role.DATA_MANAGER)
    day = newest_day()
    assert {row.study for row in access_list(world.data_manager, day)} == {"", "DEMO"}
    assert {row.study for row in access_list(operator, day)} == {"", "DEMO", "OTHER"}
    for user, status in ((world.data_manager, 200), (operator, 200), (world.nurse, 404), (world.sponsor, 404)):
        client.force_login(user)
        assert client.get(reverse("access")).status_code == status
    assert AuditEvent.objects.filter(table_name="access_list_viewed").count() == 2


def test_the_page_says_roles_in_words_and_takes_any_day(client, world):
    client.force_login(world.data_manager)
    page = client.get(reverse("access"), {"day": "nonsense"}).content.decode()
    assert "data manager" in page
    assert world.nurse.username in page
    assert world.nurse.username not in client.get(reverse("access"), {"day": "2020-01-01"}).content.decode()


def test_the_command_prints_one_line_each(world, today):
    out = StringIO()
    call_command("access_list", "--day", today.isoformat(), "--study", "DEMO", stdout=out)
    lines = [line.split("\t") for line in out.getvalue().splitlines()]
    nurse = next(line for line in lines if line[2] == world.nurse.username)
    assert nurse[:2] + nurse[3:4] == ["DEMO", "DEMO-TPE", "nurse"]
    assert nurse[-1].split(",") == sorted(MAY[Role.NURSE])


def test_every_role_and_act_has_words():
    assert set(ROLE_NAMES) == {role.value for role in Role}
    assert set(ACT_NAMES) == set(Act)
