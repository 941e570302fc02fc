"""What an import held or rejected without a row: seen by who looks after the data where its sender works."""

import pytest
from django.test import Client

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.rules.intake.reasons import reason
from tests.builders import build_world, person
from tests.intake.builders import part, taken

pytestmark = pytest.mark.django_db
PAGE = "/intake/unplaced/"


def page(user, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client.get(PAGE)


def words(user, language="en"):
    return page(user, language).content.decode().partition("<main")[2]


@pytest.fixture
def held(world):
    """Of nobody known, a preliminary one, one that cannot be read, and one that waits in the queue."""
    taken(
        world, part(world, "a", 1, subject="DEMO-DEMO-TPE-999"), part(world, "b", 2),
        part(world, "c", 3, reasons=(reason("status_preliminary"),)),
        part(world, "d", 4, reasons=(reason("date_only"),)),
    )  # fmt: skip
    return world


def test_the_data_manager_sees_each_with_its_place_and_why_and_nothing_of_what_it_said(held):
    text = words(held.data_manager)

    for shown in ("No. 1 · held", "No participant of whom you may record is known by this identifier.",
                  "No. 3 · held", "It is preliminary", "No. 4 · rejected", "It has a date and no time of day.",
                  held.nurse.username):  # fmt: skip
        assert shown in text
    assert "No. 2" not in text  # it waits in the queue
    for unkept in ("DEMO-TPE-999", "38.6"):
        assert unkept not in text
    assert "不在任何佇列中的匯入" in words(held.data_manager, "zh-hant")


def test_what_came_again_and_has_a_row_now_is_not_there(held):
    taken(held, part(held, "a", 1), at=9)

    assert "No. 1 ·" not in words(held.data_manager)


def test_it_is_for_who_looks_after_the_data_where_the_sender_works(held):
    with acting(by="test", reason="another site"):
        elsewhere = person("elsewhere.data", held.study, Role.DATA_MANAGER, held.other_site)
        whole = person("whole.data", held.study, Role.DATA_MANAGER)
    stranger = build_world("AWAY").data_manager

    assert [page(one).status_code for one in (held.nurse, held.investigator, held.sponsor)] == [404, 404, 404]
    assert "It is preliminary" in words(whole)
    for other in (elsewhere, stranger):
        assert "Nothing: all that came has its place." in words(other)


def test_the_page_of_the_queue_leads_there(held):
    for user, leads in ((held.data_manager, True), (held.nurse, False)):
        client = Client()
        client.force_login(user)
        assert (PAGE in client.get("/intake/").content.decode()) is leads
