"""`up --empty`: one operator, whose password is printed; never in production."""

import pytest
from django.core.management import CommandError, call_command

from crsmonitor.accounts.models import User
from crsmonitor.operating.supervisor import Supervisor

pytestmark = pytest.mark.django_db


def test_an_empty_server_gets_one_operator_once(client, capsys):
    call_command("first_operator")
    call_command("first_operator")

    assert [(one.username, one.is_staff) for one in User.objects.all()] == [("operator", True)]
    assert "set-up-first" in capsys.readouterr().out
    assert client.login(username="operator", password="set-up-first")


def test_never_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("first_operator")


def test_up_makes_the_demo_or_the_operator(tmp_path):
    made = {
        empty: Supervisor(base=tmp_path, host="127.0.0.1", port=None, empty=empty).people for empty in (True, False)
    }

    assert made == {True: "first_operator", False: "seed_demo"}
