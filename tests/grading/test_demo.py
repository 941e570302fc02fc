"""The demo trial shows what the product is for: every state that a ward board can have."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from crsmonitor.accounts.models import User
from grading.demo import PASSWORD, PEOPLE
from grading.models import Alert
from grading.selectors.ward import ward_board
from regimens.models import Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(capsys):
    call_command("seed_demo")
    return capsys.readouterr().out


def test_it_prints_sign_ins_that_work(demo, client):
    for name, _role, _site in PEOPLE:
        assert name in demo
        assert client.login(username=name, password=PASSWORD)


def test_the_central_reviewer_goes_to_the_disagreements(demo, client):
    client.login(username="reviewer", password=PASSWORD)

    assert client.get(reverse("board"))["Location"] == reverse("disagreements")


def test_the_board_shows_every_kind_of_grade(demo):
    from django.utils import timezone

    rows = ward_board(User.objects.get(username="investigator"), at=timezone.now())

    assert {row.crs.grade for row in rows} == {-1, 0, 1, 3}
    assert {row.icans.grade for row in rows} >= {-1, 0, 1}
    assert any(row.vitals_due.late_by is not None and row.vitals_due.late_by.total_seconds() > 0 for row in rows)
    assert {alert.grade for alert in Alert.objects.all()} >= {1, 2, 3}


def test_a_second_time_it_changes_nothing(demo, capsys):
    before = Participant.objects.count(), Alert.objects.count()

    call_command("seed_demo")

    assert (Participant.objects.count(), Alert.objects.count()) == before
    assert PASSWORD in capsys.readouterr().out


def test_never_in_production(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        call_command("seed_demo")
