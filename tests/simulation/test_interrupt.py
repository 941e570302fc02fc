"""Ctrl-C ends a simulated trial after the participant under way, and the same command goes on."""

import io
import signal

import pytest
from django.core.management import call_command
from django.db import connection

from regimens.models import Participant

COMMAND = ("simulate_trial", "tebentafusp", "--variant", "US", "--participants", "2", "--rate", "*=50")


def ctrl_c_at_the_first_participant(execute, sql, params, many, context):
    if sql.startswith('INSERT INTO "regimens_participant"'):
        signal.raise_signal(signal.SIGINT)
    return execute(sql, params, many, context)


@pytest.mark.fault
@pytest.mark.django_db
def test_ctrl_c_ends_it_after_the_participant_under_way_and_it_goes_on():
    out, before = io.StringIO(), signal.getsignal(signal.SIGINT)

    with pytest.raises(SystemExit) as stopped, connection.execute_wrapper(ctrl_c_at_the_first_participant):
        call_command(*COMMAND, stdout=out)

    assert stopped.value.code == 130
    assert "says exactly what the sets could show" in out.getvalue()
    assert "Interrupted after 1 of 2" in out.getvalue()
    assert Participant.objects.count() == 1
    assert signal.getsignal(signal.SIGINT) is before

    call_command(*COMMAND, stdout=out)

    assert Participant.objects.count() == 2
    assert out.getvalue().count("says exactly what the sets could show") == 2
