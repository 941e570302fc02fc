"""PDOSE and the API's planned dose are the participant's: of the cohort and for the weight, as the form fills it in."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import DosePeriod
from grading.recording.rederiving import rederive_participant
from grading.treatment.selectors.drug_facts import planned_doses
from regimens.facts import Source
from regimens.models import Measured, Measurement
from tests.builders import build_world, dose, draft, hour, kept
from tests.exports.reading import rows
from tests.treatment.conftest import FIH, adopted, in_cohort

pytestmark = pytest.mark.django_db

# d1: 1 mg, cohort C2 3 mg; d2: 3 mg for all. By weight, where no cohort says more: below 50 kg 2 mg at d2.
BANDS = [
    {"label": "light", "below_kg": 50, "doses": {"d2": 2}, "unit": "mg", "text": "light", "source": "P"},
    {"label": "heavy", "from_kg": 100, "doses": {"d2": 4}, "unit": "mg", "text": "heavy", "source": "P"},
]
PER_KG = FIH | {
    "cohorts": [{"name": "C2", "ladder": {"d1": D("0.02")}}],
    "steps": [FIH["steps"][0] | {"dose": D("0.01"), "unit": "mg/kg"}, FIH["steps"][1] | {"dose": 30, "unit": "ug/kg"}],
}
ALONE = {name: value for name, value in FIH.items() if name != "cohorts"}
# (document, cohort, weight, unit given in) -> PDOSE of d1 and d2
PLANNED = [
    (FIH, "C2", None, "mg", ("3", "3")),
    (FIH, "", None, "mg", ("", "")),  # never the step's
    (FIH, "c2", None, "mg", ("", "")),  # to the letter
    (FIH, "C2", None, "ug", ("", "")),  # in another unit
    (ALONE, "", None, "mg", ("1", "3")),
    (ALONE, "C2", None, "mg", ("1", "3")),  # the plan has no cohorts
    (PER_KG, "C2", "70.5", "mg/kg", ("0.02", "")),
    (PER_KG, "C2", "70.5", "mg", ("1.41", "")),
    (PER_KG, "C2", "70.5", "ug", ("", "2115")),
    (PER_KG, "C2", None, "mg", ("", "")),  # nobody weighed
    (PER_KG, "C2", None, "mg/kg", ("0.02", "")),
    (PER_KG, "", "70.5", "mg", ("", "")),
    (FIH | {"by_weight": BANDS}, "C2", "49.9", "mg", ("3", "2")),
    (FIH | {"by_weight": BANDS}, "C2", "50", "mg", ("3", "3")),
    (FIH | {"by_weight": BANDS}, "C2", "100", "mg", ("3", "4")),
    (FIH | {"by_weight": BANDS}, "C2", None, "mg", ("3", "")),  # it depends on the weight
    (ALONE | {"by_weight": BANDS}, "", "100", "mg", ("1", "4")),
    # the cohort's own dose is in the step's unit, whatever the band is in
    (FIH | {"by_weight": [BANDS[0] | {"doses": {"d1": 2}, "unit": "ug"}]}, "C2", "40", "mg", ("3", "3")),
]


@pytest.mark.parametrize(("data", "cohort", "kg", "unit", "expected"), PLANNED)
def test_the_planned_dose_of_the_export(db, data, cohort, kg, unit, expected):
    world = adopted(build_world("FIH"), data, cohort)
    if kg is not None:
        weigh(world, kg, -2)
    weigh(world, "300", 400)  # after both doses
    for place, h in ((0, 0), (1, 168)):
        kept(dose(world, h, step=place, unit=unit, amount=1, source=Source.IMPORT), world)

    exported = rows(world, hour(500))
    assert tuple(row["PDOSE"] for row in exported) == expected
    for row, step, h in zip(exported, world.steps, (0, 168), strict=True):  # the page and the check say the same
        one = planned_doses(world.participant, [step], at=hour(h))[step.pk]
        in_unit = one.per if one.per_unit == unit else one.amount if one.unit == unit else None
        assert (None if row["PDOSE"] == "" else D(row["PDOSE"])) == in_unit


def test_a_weight_that_was_corrected_or_withdrawn_counts_no_more(db):
    world = adopted(build_world("FIH"), PER_KG, "C2")
    wrong = weigh(world, "80", -5)
    mend = {"value": D(70), "supersedes": wrong, "reason": "slip", "root": wrong.root}
    kept(draft(Measurement, world, -5, kind=Measured.WEIGHT, **mend), world, at=hour(-4))
    kept(dose(world, 0, unit="mg", amount=1, source=Source.IMPORT), world)

    assert [row["PDOSE"] for row in rows(world, hour(5))] == ["1.4"]

    second = Measurement.objects.standing().get()
    none = {"value": D(70), "supersedes": second, "reason": "nobody weighed", "root": wrong.root, "withdrawn": True}
    kept(draft(Measurement, world, -5, kind=Measured.WEIGHT, **none), world, at=hour(1))
    (row,) = rows(world, hour(5))
    assert (row["PDOSE"], row["LSTMODTM"]) == ("", "2026-03-02T10:00:00+00:00")  # when it was withdrawn


@pytest.mark.long
def test_the_administration_leaves_the_cohort_to_its_own_page_once_anything_is_recorded(client):
    world = adopted(build_world("FIH"), FIH, "")
    kept(dose(world, 0, unit="mg", amount=1, source=Source.IMPORT), world)

    with acting(by="test", reason="an operator"):
        client.force_login(User.objects.create_superuser("root", "root@example.org", "root-password"))
    who = {name: getattr(world.participant, name) for name in ("study_id", "site_id", "number", "neuro_instrument")}
    change = {name.removesuffix("_id"): value for name, value in who.items()}
    change |= {"regimen": world.participant.regimen_id, "cohort": "C2", "reason": "assigned late"}
    answer = client.post(reverse("admin:regimens_participant_change", args=[world.participant.pk]), change)

    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, ["cohort"])
    assert [row["PDOSE"] for row in rows(world, hour(1))] == [""]


def test_a_check_tells_of_a_planned_dose_that_the_plan_does_not_say():
    world = adopted(build_world("FIH"), FIH, "C2")
    kept(dose(world, 0, unit="mg", amount=1, source=Source.IMPORT), world)
    DosePeriod.objects.update(planned_dose=D("9.5"), phase="TREATMENT", premedication_flag=True)

    differing = rederive_participant(world.participant.pk, check=True, at=hour(1)).differences

    assert {(one.column, one.stored, one.derived) for one in differing} == {
        ("planned_dose", D("9.5"), D(3)),
        ("phase", "TREATMENT", "STEP-UP"),
        ("premedication_flag", True, None),  # nobody looked
    }


def weigh(world, kg, h):
    return kept(draft(Measurement, world, h, kind=Measured.WEIGHT, value=D(kg), because="so", retyped=["value"]),
                world).fact  # fmt: skip


def planned(client, world, user):
    client.force_login(user)
    steps = client.get(f"/api/v1/participants/{world.participant.pk}/").json()["steps"]
    names = ("planned_dose", "unit", "planned_amount", "amount_unit", "no_dose")
    return [tuple(step[name] for name in names) for step in steps]


def test_the_api_tells_the_cohort_s_dose_and_nothing_without_one(client):
    world = adopted(build_world("FIH"), FIH, "C2")
    assert planned(client, world, world.nurse) == [
        ("3.0000", "mg", "3", "mg", None), ("3.0000", "mg", "3", "mg", None)]  # fmt: skip

    in_cohort(world, "")
    assert planned(client, world, world.nurse) == [(None, "mg", None, "mg", "no_cohort")] * 2


def test_the_api_tells_the_amount_for_the_weight_to_who_sees_the_ward(client):
    world = adopted(build_world("FIH"), PER_KG, "C2")
    assert planned(client, world, world.nurse)[0] == ("0.0200", "mg/kg", None, "mg", "no_weight")

    kept(draft(Measurement, world, 0, kind=Measured.WEIGHT, value=D(70), observed_at=timezone.now()), world)
    assert planned(client, world, world.nurse)[0] == ("0.0200", "mg/kg", "1.4", "mg", None)
    assert planned(client, world, world.sponsor)[0] == ("0.0200", "mg/kg", None, "mg", None)
