"""The drug that an alert asks for is its action, and any other drug touches no alert (project decision)."""

import pytest

from grading.alerting.services.answers import act_on
from grading.models import Alert, AlertState
from grading.rules.alerting.lifecycle import ActionKind
from tests.alerting.staffed import LOW, PRESSOR, after, people_paged, raised, state, sweep
from tests.builders import hour, kept, neuro, treatment, vitals

pytestmark = pytest.mark.django_db
ICE_4 = {"ice_naming": 0, "ice_year": False, "ice_month": False, "ice_city": False}


def icans_2(world, h: float = 4.01) -> Alert:
    """ICE 4 of 10: grade 2."""
    [alert] = kept(neuro(world, h, **ICE_4), world).alerts
    return alert


def given(world, drug: str, drug_class: str, indication: str = "crs", h: float = 4.1, **columns):
    return kept(treatment(world, h, drug, drug_class, indication, **columns), world).fact


@pytest.mark.parametrize(
    ("drug", "drug_class"),
    [
        ("paracetamol", "antipyretic"), ("oxygen", "oxygen"), ("meropenem", "antibiotic"), ("saline", "fluid"),
        ("norepinephrine", "vasopressor"), ("lorazepam", "other"),
    ],
)  # fmt: skip
def test_cf3_any_other_drug_closes_neither_crs_3_nor_icans_2(ward, drug, drug_class):
    crs, icans = raised(ward, 3), icans_2(ward)
    before = [one.escalate_at for one in (crs, icans)]

    given(ward, drug, drug_class)

    assert [(state(one), one.actions.count()) for one in (crs, icans)] == [(AlertState.OPEN, 0)] * 2
    assert [one.escalate_at for one in (crs, icans)] == before
    assert sweep(6) == 2


@pytest.mark.parametrize(
    ("drug", "drug_class", "indication", "closed"),
    [
        ("tocilizumab", "anticytokine", "crs", ["crs"]),
        ("anakinra", "anticytokine", "crs", ["crs"]),
        ("dexamethasone", "corticosteroid", "crs", ["crs"]),
        ("dexamethasone", "corticosteroid", "icans", ["icans"]),
        ("tocilizumab", "anticytokine", "icans", []),
        ("dexamethasone", "corticosteroid", "premedication", []),
        # a drug's name decides its class, whatever was tapped
        ("dexamethasone", "other", "crs", ["crs"]),
        ("Actemra 162 mg", "other", "crs", ["crs"]),
        ("paracetamol", "anticytokine", "crs", []),
    ],
)
def test_the_drug_that_is_asked_for_is_the_action(ward, drug, drug_class, indication, closed):
    crs, icans = raised(ward, 3), icans_2(ward)

    fact = given(ward, drug, drug_class, indication)

    acted = {one.kind: one for one in (crs, icans) if state(one) is AlertState.ACTED_ON}
    assert sorted(acted) == closed
    assert [d.treatment_id for one in acted.values() for d in one.actions.all()] == [fact.pk] * len(closed)


def test_an_antipyretic_is_the_action_of_grade_1_and_stops_the_calls(ward, alert_1):
    given(ward, "paracetamol", "antipyretic")

    assert (state(alert_1), alert_1.escalate_at) == (AlertState.ACTED_ON, None)
    assert (sweep(600), people_paged(alert_1)) == (0, [["nurse"]])


def test_a_provisional_episode_is_handled_as_crs_and_not_with_paracetamol(ward):
    [alert] = kept(vitals(ward, 4, **LOW | {"temperature_c": 36.9}), ward).alerts
    assert alert.grade == -1

    given(ward, "paracetamol", "antipyretic")
    assert state(alert) is AlertState.OPEN
    given(ward, "tocilizumab", "anticytokine", h=4.2)
    assert state(alert) is AlertState.ACTED_ON


def test_recorded_before_its_alert_it_is_the_action_all_the_same_and_the_page_leaves(ward):
    """The drug was entered at once, the set that it was given for a little later."""
    fact = given(ward, "tocilizumab", "anticytokine", h=4.1)

    [alert] = kept(vitals(ward, 4, **PRESSOR, reason="written down first"), ward, at=hour(4.3)).alerts

    assert state(alert) is AlertState.ACTED_ON
    assert [d.treatment_id for d in alert.actions.all()] == [fact.pk]
    assert (people_paged(alert), sweep(600)) == ([["investigator", "nurse"]], 0)


# --- Taken back -------------------------------------------------------------------------------------------------

WRONG = {"reason": "typing error"}


@pytest.mark.parametrize(
    ("drug", "drug_class", "indication", "h", "waits"),
    [
        ("tocilizumab", "anticytokine", "crs", 4.2, False),  # another minute, and still the action
        ("paracetamol", "antipyretic", "crs", 4.1, True),
        ("tocilizumab", "anticytokine", "other", 4.1, True),
        ("tocilizumab", "anticytokine", "crs", 3.9, True),  # before the set
    ],
)
def test_corrected_to_what_is_not_asked_the_alert_waits_again(ward, drug, drug_class, indication, h, waits, alert_3):
    first = given(ward, "tocilizumab", "anticytokine")

    kept(treatment(ward, h, drug, drug_class, indication, supersedes=first, **WRONG), ward, at=hour(4.5))

    assert state(alert_3) is (AlertState.OPEN if waits else AlertState.ACTED_ON)
    assert (alert_3.occurrence, len(people_paged(alert_3))) == ((2, 2) if waits else (1, 1))


def test_another_dose_that_is_asked_for_still_stands(ward, alert_3):
    doses = [given(ward, drug, kind, h=h) for drug, kind, h in (
        ("tocilizumab", "anticytokine", 4.1), ("dexamethasone", "corticosteroid", 4.2))]  # fmt: skip

    for dose, still in zip(doses, (AlertState.ACTED_ON, AlertState.OPEN), strict=True):
        gone = treatment(ward, 4.1, dose.drug, dose.drug_class, "crs", supersedes=dose, withdrawn=True, **WRONG)
        kept(gone, ward, at=hour(4.6))
        assert state(alert_3) is still


def test_what_was_done_in_an_earlier_opening_does_not_hold_the_next(ward, alert_2):
    act_on(str(alert_2.pk), ActionKind.AT_BEDSIDE, by=ward.investigator, at=after(1))
    gone = kept(vitals(ward, 4, supersedes_id=alert_2.fact_root, **WRONG), ward, at=after(2)).fact
    kept(vitals(ward, 4, **LOW, supersedes=gone, reason="it was so"), ward, at=after(3))
    assert state(alert_2) is AlertState.OPEN
    dose = given(ward, "tocilizumab", "anticytokine")

    kept(treatment(ward, 4.1, "tocilizumab", "anticytokine", "crs", supersedes=dose, withdrawn=True, **WRONG),
         ward, at=hour(4.5))  # fmt: skip

    assert state(alert_2) is AlertState.OPEN
