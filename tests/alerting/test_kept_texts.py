"""What is asked on the way from an alert to its messages, by texts that are kept, is what the queries find."""

import pytest

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.database.question import Question
from grading.alerting.delivery import holds, lanes, outages, receivers
from grading.alerting.selectors import rota
from grading.alerting.services import escalation, paging
from grading.models import Alert, ChannelOutage, Contact, Delivery, Endpoint, Lane
from tests.alerting.staffed import GRADES
from tests.builders import build_world, hour, recorded_only, vitals

pytestmark = pytest.mark.django_db
HOOK = "https://hook.example.org/"


def both_ways(question: Question, values: dict) -> tuple[list, list]:
    """By the text, and by the query."""
    return sorted(map(str, question.all(**values))), sorted(map(str, question.ask(**values)))


def test_kept_texts_find_what_the_queries_find(staffed_ward):
    ward, away = staffed_ward, build_world("AWAY")
    reached = {"added_at": hour(1), "tested_at": hour(2)}
    with acting(by="test", reason="of each kind"):
        for site in (None, ward.site, ward.other_site):
            Endpoint.objects.create(study=ward.study, site=site, url=HOOK, secret="s")
        Contact.objects.create(user=ward.nurse, channel="email", address="n@example.org", **reached)
        Lane.objects.create(name="webhook:1", waits=1, open_at=hour(1))
        Lane.objects.create(name="webhook:2", waits=0, open_at=hour(1))
    holds.hold(by="command:restore", reason="a drill", at=hour(1))
    for h in (4, 4.1):
        recorded_only(vitals(ward, h, **GRADES[2 if h == 4 else 3]), ward, by=ward.investigator)
        if h == 4:
            assert escalation.call_raised(at=hour(5)) == 1
    page = Delivery.objects.earliest("key")
    ChannelOutage.objects.create(channel=page.channel, recipient=page.recipient, first_at=hour(5), last_at=hour(5))
    people = list(User.objects.values_list("pk", flat=True))
    alerts = list(Alert.objects.values_list("pk", flat=True))

    for study, site in ((ward.study, ward.site), (ward.study, ward.other_site), (away.study, away.site)):
        for question in (receivers._AT_SITE, receivers._ENDPOINTS):
            by_text, by_query = both_ways(question, {"study": study.pk, "site": site.pk})
            assert by_text == by_query
        for question in (receivers._INVESTIGATORS, rota._STEPS):
            by_text, by_query = both_ways(question, {"study": study.pk})
            assert by_text == by_query
    anything = []
    for question, values in (
        (paging._TAKEN, {"alerts": alerts}), (holds._ANY, {}),
        (rota._SHIFTS, {"study": ward.study.pk, "site": ward.site.pk, "at": hour(1)}),
        (rota._BY_NAME, {"keys": people}), (receivers._PEOPLE, {"keys": people}),
        (receivers._TESTED, {"people": people}),
        (lanes._NARROW, {"names": ["webhook:1", "webhook:2", "webhook:3"]}), (outages._OPEN, {"names": ["email"]}),
        (escalation._RAISED, {}), (escalation._ONE_RAISED, {}),
    ):  # fmt: skip
        by_text, by_query = both_ways(question, values)
        assert by_text == by_query
        anything.append(bool(by_text))
    assert all(anything)
