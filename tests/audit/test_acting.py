"""Who acts and why is said of one write, and nothing of it stays behind."""

import pytest

from crsmonitor.audit.acting import acting, around
from crsmonitor.database import rows

SAID = "SELECT current_setting('app.actor', true), current_setting('app.reason', true)", []


@pytest.mark.django_db
def test_what_is_said_around_one_statement_holds_for_that_alone():
    begin, end = around(by="sweep", reason="the time has come")

    assert rows.fetch_all_each(begin, SAID, end, SAID)[1::2] == [[("sweep", "the time has come")], [("", "")]]
    with acting(by="rota", reason="a new week"):
        assert rows.fetch_all_each(begin, SAID, end, SAID)[1::2] == [
            [("sweep", "the time has come")],
            [("rota", "a new week")],
        ]
