"""The pages of queries: the record with its fields, the thread, the list, the participant's page, the inbox."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.models import DataQuery, QueryStep, VitalSigns
from grading.review.views.inbox import PARTS
from grading.review.views.inbox_items import items_of
from grading.rules.queries.thread import QueryMove
from regimens.models import Dose
from tests.builders import World, hour, person
from tests.queries.moves import asks, moved

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def record_page(world: World, fact) -> str:
    return reverse("record", args=[world.participant.pk, fact._meta.db_table, fact.root])


def test_a_query_is_opened_at_a_field_answered_and_closed_by_pages(seen):
    fact = VitalSigns.objects.get()
    page, manager, nurse = record_page(seen, fact), signed_in(seen.data_manager), signed_in(seen.nurse)
    opened = {"id": str(uuid.uuid4()), "field": "temperature_c", "text": "By the chart?"}
    asking = manager.get(page, {"field": "temperature_c"}).context["form"]
    assert asking["field"].value() == "temperature_c"
    assert manager.post(page, opened).status_code == 302
    assert manager.post(page, opened).status_code == 302  # sent twice
    query = DataQuery.objects.get()
    assert (query.field, query.root, query.steps.get().text) == ("temperature_c", fact.root, "By the chart?")

    thread = reverse("query", args=[query.pk])
    assert nurse.post(page, opened | {"id": str(uuid.uuid4())}).status_code == 403
    assert [code for code, _word in nurse.get(thread).context["row"].moves] == ["answered"]
    answer = {"id": str(uuid.uuid4()), "move": "answered", "text": ""}
    assert nurse.post(thread, answer).status_code == 400
    assert nurse.post(thread, answer | {"text": "yes"}).status_code == 302
    assert nurse.post(thread, answer | {"id": str(uuid.uuid4()), "move": "closed"}).status_code == 403
    assert [code for code, _word in manager.get(thread).context["row"].moves] == ["closed", "reopened"]
    assert manager.post(thread, {"id": str(uuid.uuid4()), "move": "closed"}).status_code == 302
    assert list(QueryStep.objects.order_by("number").values_list("move", flat=True)) == ["opened", "answered", "closed"]
    line = {one.name: one for one in nurse.get(page).context["lines"]}["temperature_c"]
    assert (line.value, [one.state for one in line.queries]) == ("38.6", ["closed"])


@pytest.mark.long
def test_the_participant_s_page_shows_what_waits_at_each_record(seen):
    fact, address = VitalSigns.objects.get(), reverse("participant", args=[seen.participant.pk])
    before = signed_in(seen.nurse).get(address).content.decode()
    assert (record_page(seen, fact) in before, "Queries: 0 not closed" in before) == (False, True)
    asks(seen, fact)
    asks(seen, Dose.objects.get(), field="amount")

    of_nurse = signed_in(seen.nurse).get(address).content.decode()
    assert "Queries: 2 not closed" in of_nurse
    assert record_page(seen, fact) in of_nurse
    assert record_page(seen, Dose.objects.get()) in of_nurse
    listed = signed_in(seen.nurse).get(reverse("queries"), {"participant": seen.participant.pk, "state": ""})
    assert sorted(row.field for row in listed.context["rows"]) == ["", "Amount"]


@pytest.mark.long
def test_the_list_filters_and_shows_nobody_what_is_not_hers(seen):
    with acting(by="test", reason="a reviewer"):
        central = person("demo.central", seen.study, Role.CENTRAL)
    one, two = asks(seen, VitalSigns.objects.get(), 5), asks(seen, VitalSigns.objects.get(), 6)
    moved(one, QueryMove.ANSWERED, seen.nurse, 7)
    moved(two, QueryMove.CLOSED, seen.data_manager, 7)

    def listed(user, **filters):
        rows = signed_in(user).get(reverse("queries"), filters).context["rows"]
        return [row.thread.query.pk for row in rows]

    assert listed(seen.nurse) == [one.pk]
    assert listed(seen.nurse, state="closed") == [two.pk]
    assert listed(seen.nurse, state="", study="DEMO") == [one.pk, two.pk]
    assert listed(seen.outsider, state="") == []
    for user in (seen.sponsor, central):
        client = signed_in(user)
        assert client.get(reverse("queries")).status_code == 403
        assert client.get(reverse("query", args=[one.pk])).status_code == 404
        assert client.get(record_page(seen, VitalSigns.objects.get())).status_code == 403
    outsider = signed_in(seen.outsider)
    assert outsider.get(reverse("query", args=[one.pk])).status_code == 404
    assert outsider.get(record_page(seen, VitalSigns.objects.get())).status_code == 404
    assert outsider.get(reverse("queries"), {"participant": seen.participant.pk}).status_code == 404
    assert signed_in(seen.nurse).get(reverse("queries"), {"state": "lost"}).status_code == 400


@pytest.mark.long
def test_the_inbox_has_what_is_to_be_answered_and_what_is_to_be_accepted(seen):
    def waiting(user):
        return [item.headline for item in items_of(PARTS, user, at=hour(30)) if item.kind.value == "query"]

    fact, words = VitalSigns.objects.get(), "Vital signs, Temperature (°C)"
    by_manager = asks(seen, fact, 5, field="temperature_c")
    assert (waiting(seen.investigator), waiting(seen.data_manager)) == ([words], [])
    moved(by_manager, QueryMove.ANSWERED, seen.nurse, 6)
    assert (waiting(seen.investigator), waiting(seen.data_manager)) == ([], [words])
    moved(by_manager, QueryMove.CLOSED, seen.data_manager, 7)
    assert (waiting(seen.investigator), waiting(seen.data_manager)) == ([], [])

    by_investigator = asks(seen, fact, 8, by=seen.investigator)
    moved(by_investigator, QueryMove.ANSWERED, seen.nurse, 9)
    assert waiting(seen.investigator) == waiting(seen.data_manager) == ["Vital signs, the whole record"]
    [item] = [one for one in items_of(PARTS, seen.data_manager, at=hour(32)) if one.kind.value == "query"]
    assert item.lines == ("answered, 1 day", "demo.nurse: “as on the paper”")
    form = signed_in(seen.data_manager).get(item.keys[0].address).content.decode()
    assert 'class="query-move' in form
