"""Who does not see the ward is never told a cohort, nor in a blinded study what somebody is given."""

import io
from csv import DictReader
from decimal import Decimal as D

import pytest
from django.http import HttpResponse
from django.test import Client

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.exports.datasets.adcrsp.columns import UNBLINDING
from tests.builders import build_world, dose, hour, kept, person, stay
from tests.exports.reading import raw, rows
from tests.pages import undrawn
from tests.project.security.test_routes import ROUTES, Anything, filled
from tests.recording.conftest import Api
from tests.stages import stage
from tests.treatment.conftest import FIH, adopted

pytestmark = pytest.mark.django_db

COHORT, GIVEN, LABEL = "KAPPA7", D("2.7182"), "d1"
PLAN = FIH | {"cohorts": [{"name": COHORT, "ladder": {"d1": D("3.1415")}}]}


@stage(lasts_s=600)
def dosed():
    world = adopted(build_world("FIH"), PLAN, COHORT)
    kept(stay(world, -2), world)
    kept(dose(world, 0, amount=GIVEN, unit="mg", despite_gate="as ordered"), world)
    return world


def blind(world) -> None:
    world.study.blinded = True
    with acting(by=world.data_manager, reason="protocol 5.2"):
        world.study.save()


def answers_to(user, world) -> dict[str, str]:
    """Every address that answers this user 200, with what it says; what a download holds is asked below."""
    objects = Anything({
        "participants": str(world.participant.pk), "participant_id": str(world.participant.pk),
        "code": world.study.code, "study": world.study.code, "site": world.site.code, "name": "teclistamab",
        "regimens": str(world.regimen.pk),
    })  # fmt: skip
    client, bodies = Client(raise_request_exception=False), {}
    client.force_login(user)
    for route in ROUTES:
        answer = None if "adcrsp" in route else client.get(filled(route, objects))
        if isinstance(answer, HttpResponse) and answer.status_code == 200:
            bodies[route] = undrawn(answer.content.decode("latin-1"))  # 12:00:02.7182… is no dose
    return bodies


@pytest.mark.long
def test_no_page_and_no_answer_outside_the_ward_tells_the_cohort_or_the_dose(dosed):
    """Pages of a regimen show its plan, with every cohort's doses, and nobody's own."""
    with acting(by="test", reason="a reviewer"):
        reviewer = person("fih.central", dosed.study, Role.CENTRAL)
    blind(dosed)

    for who in (dosed.sponsor, reviewer):
        bodies = answers_to(who, dosed)
        assert {"regimens/", "api/v1/participants/<int:participant_id>/"} <= bodies.keys()
        tells = [route for route, body in bodies.items() if str(GIVEN) in body]
        names = [route for route, body in bodies.items() if COHORT in body and "regimens/" not in route]
        assert (tells, names) == ([], [])
    assert any(COHORT in body for body in answers_to(dosed.nurse, dosed).values())


def test_the_api_tells_doses_of_an_open_study_and_of_a_blinded_one_on_the_ward_alone(dosed):
    def shown(who):
        one = Api(who).get(f"participants/{dosed.participant.pk}/").json()
        doses = [step["planned_dose"] for step in one["steps"]]
        return one["cohort"], one["regimen"], doses, [period["step"] for period in one["dose_periods"]]

    ward = (COHORT, "fih v1", ["3.1415", "3.0000"], [LABEL])
    assert (shown(dosed.nurse), shown(dosed.sponsor)) == (ward, (None, *ward[1:]))
    blind(dosed)
    assert (shown(dosed.nurse), shown(dosed.sponsor)) == (ward, (None, None, [], [None]))


def test_an_export_of_a_blinded_study_leaves_out_what_tells_the_dose(dosed):
    (open_label,) = rows(dosed, hour(20))
    assert [open_label[name] for name in ("PDOSE", "ADOSE", "ASPERC")] == ["3.1415", "2.7182", LABEL]
    blind(dosed)

    for text in (raw(dosed, hour(20)), raw(dosed, hour(20), by=dosed.investigator, excel_safe=True)):
        (row,) = DictReader(io.StringIO(text.decode(), newline=""))
        assert {name: row[name] for name in UNBLINDING} == dict.fromkeys(UNBLINDING, "")
        assert (row["DOSENUM"], COHORT in text.decode(), str(GIVEN) in text.decode()) == ("1", False, False)
