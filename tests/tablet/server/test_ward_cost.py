"""The ward that a tablet keeps is read in one pass: no query for each bed."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crsmonitor.audit.acting import acting
from grading.dosing.selectors.gate import answer_of
from grading.tablet.selectors.ward import ward_on_tablet
from regimens.models import Participant
from tests.builders import hour, kept, stay, vitals
from tests.dosing.conftest import NEXT, give, library_world, ready  # noqa: F401

pytestmark = pytest.mark.django_db

NOW = hour(NEXT + 1)


def snapshot(world):
    with CaptureQueriesContext(connection) as queries:
        content = ward_on_tablet(world.nurse, None, at=NOW, expires_at=hour(NEXT + 9))
    return content, len(queries)


def test_three_beds_take_as_many_queries_as_one_and_each_has_its_own_gate(ready):  # noqa: F811
    content, alone = snapshot(ready)
    gate = content["participants"][str(ready.participant.pk)]["gate"]
    assert (gate["answer"], gate["step"]) == ("go", "step-up 2")
    with acting(by="test", reason="two more beds"):
        fresh, febrile = (
            Participant.objects.create(study=ready.study, site=ready.site, number=f"L-{n}77", regimen=ready.regimen)
            for n in (1, 2)
        )
    for one in (fresh, febrile):
        kept(stay(ready, participant=one, bed=one.number), ready)
    first, ready.participant = ready.participant, febrile
    give(ready, 1)
    kept(vitals(ready, 2, temperature_c=Decimal("38.6")), ready)
    ready.participant = first

    content, together = snapshot(ready)

    assert together == alone
    for one in (first, fresh, febrile):
        shown = content["participants"][str(one.pk)]["gate"]
        _case, answer = answer_of(Participant.objects.get(pk=one.pk), dose_at=NOW)
        assert (shown["answer"], shown["step"]) == (answer.decision, answer.step)
    assert content["participants"][str(febrile.pk)]["gate"]["answer"] == "hold"
    bands = {content["participants"][str(one.pk)]["wristband"]["ending"] for one in (fresh, febrile)}
    assert bands == {"177", "277"}
