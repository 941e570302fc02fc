"""Bands laid over the doses really given: of two participants, one delayed and repeated, one of another weight."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from grading.evidence.observed import evidence_of
from grading.evidence.outcomes import outcomes
from grading.evidence.predicted.fitting import refit_where_behind
from grading.evidence.tasks import fit_evidence
from grading.models import EvidenceFit, PredictedCourse
from grading.safety.scope import review_scope
from regimens.design.contract import kinds
from regimens.design.observed.packing import draws_in
from regimens.models import Measurement, Participant, PredictedBand
from regimens.services.versions import adopt
from tests.builders import build_world, draft, hour, kept, person, vitals
from tests.builders import dose as drafted_dose
from tests.regimens.designed.builders import WHOLE, designed_version, origin_of, windowed
from tests.stages import stage

pytestmark = pytest.mark.django_db
AT = hour(24 * 60)
FEVER = {"temperature_c": 38.8, "sbp": 85, "hypotension": True}  # grade 2, which epcoritamab's hazard is of
# Day and milligrams of each dose; each but those of `unseen` is followed by a set four hours later.
FIRST, SECOND = ((0, "0.16"), (7, "0.8"), (14, "48")), ((0, "0.16"), (10, "0.16"), (17, "0.8"))
MORE = {"source": "import", "because": "as planned", "despite_gate": "test"}


@stage(lasts_s=600)
def designed():
    return designed_world()


def designed_world():
    """001: 100 kg, three doses a week apart, grade 2 after the second. 002: the first dose again after ten days."""
    world = build_world()
    version = designed_version(world)
    more = {"variant": "US", "by": "operator", "at": hour(-100), "origin": origin_of(version)}
    with acting(by="test", reason="a designed version"):
        world.regimen = adopt(study=world.study, document=windowed(), reason="", own=WHOLE, **more)
        world.central = person("demo.central", world.study, Role.CENTRAL)
        people = [
            Participant.objects.create(study=world.study, site=world.site, number=number, regimen=world.regimen)
            for number in ("DEMO-101", "DEMO-102")
        ]
    world.steps = list(world.regimen.steps.order_by("position"))
    kept(draft(Measurement, world, -2, kind="weight_kg", value=Decimal(100), participant=people[0]), world)
    for who, doses in zip(people, (FIRST, SECOND), strict=True):
        for day, mg in doses:
            step = [Decimal("0.16"), Decimal("0.8"), Decimal(48)].index(Decimal(mg))
            given = {"step": step, "amount": Decimal(mg), "unit": "mg", "route": "SUBCUTANEOUS", "participant": who}
            kept(drafted_dose(world, 24 * day, **given), world)
            kept(vitals(world, 24 * day + 4, participant=who), world)
    kept(vitals(world, 24 * 7 + 30, **FEVER, participant=people[0]), world)
    for later in (42, 54, 66):
        kept(vitals(world, 24 * 7 + later, participant=people[0]), world)
    return world


def evidence(world, *, by=None, at=AT, cut=None):
    return evidence_of(outcomes(review_scope(by or world.investigator, "DEMO"), cut=cut, at=at))


def fit(at=AT):
    return refit_where_behind(engine=kinds.engine(), at=at)


def foretold(row):
    return (row.prior.n, row.prior.events, row.prior.expected)


def test_each_period_is_foretold_for_the_dose_that_was_given(designed):
    """Against the contract's own risk of these days, amounts and weight, for three of the frozen draws."""
    assert fit() == 1
    assert fit() == 0  # nothing was recorded since

    band = PredictedBand.objects.get()
    for number, doses, patient in (("DEMO-101", FIRST, {"weight_kg": 100}), ("DEMO-102", SECOND, {})):
        row = PredictedCourse.objects.get(participant__number=number)
        p, days = draws_in(bytes(row.prior), 3), [day for day, _mg in doses]
        periods = [[start, end] for start, end in zip(days, [*days[1:], days[-1] + 7], strict=True)]
        for place in (0, 100, 399):
            smax, s50, kin = np.exp(band.draws[place]).tolist()
            hazard = {"smax_per_d": smax, "s50_ug_ml": s50, "kin_per_d": kin, "i50_ug_ml": 0.00473 * s50}
            given = [{"t_d": day, "mg": float(mg)} for day, mg in doses]
            fields = {"drug": "epcoritamab", "hazard": hazard, "doses": given, "periods": periods, "patient": patient}
            expected = [one["p"] for one in kinds.answer("risk", fields)["periods"]]
            assert p[:, place] == pytest.approx(expected, rel=0.02, abs=1e-6)


def test_counts_expected_and_what_the_outcomes_leave_stand_in_rows(designed):
    before = evidence(designed).bands[0]
    fit()
    now = evidence(designed).bands[0]

    assert (before.computed_at, before.is_behind, before.waiting, before.parameters) == (None, True, 0, {})
    assert [(row.rung, row.place, row.known, row.events) for row in now.rows] == [
        ("label", 1, 2, 0), ("label", 2, 2, 1), ("label", 3, 2, 0),
    ]  # fmt: skip
    assert (now.total.known, now.total.events, now.total.unpredicted) == (6, 1, 0)
    assert [foretold(row) for row in before.rows] == [foretold(row) for row in now.rows]
    assert sum(row.prior.expected for row in now.rows) == pytest.approx(now.total.prior.expected)
    assert (now.endpoint, now.taken_from, now.draws, now.is_behind) == ("grade2plus", "prior", 400, False)
    assert set(now.parameters) == {"ln_smax", "ln_s50", "ln_kin"}
    assert {row.posterior.n for row in now.rows} == {2}
    assert before.total.posterior is None


@pytest.mark.long
def test_a_late_correction_moves_what_is_learned_and_never_the_frozen_band(designed):
    fit()
    before, draws = evidence(designed).bands[0], PredictedBand.objects.get().draws
    fever = designed.study.participants.get(number="DEMO-101").vitalsigns_facts.get(temperature_c=Decimal("38.8"))
    wrong = vitals(designed, 24 * 7 + 30, supersedes=fever, reason="another bed", participant=fever.participant)
    kept(wrong, designed, at=AT)

    stale = evidence(designed, at=AT + timedelta(hours=1)).bands[0]
    then = evidence(designed, at=AT + timedelta(hours=1), cut=AT - timedelta(hours=1)).bands[0]
    assert fit(AT + timedelta(hours=1)) == 1
    after = evidence(designed, at=AT + timedelta(hours=2)).bands[0]

    assert (stale.is_behind, stale.total.events, stale.total.prior.expected) == (
        True, 0, pytest.approx(before.total.prior.expected),
    )  # fmt: skip
    assert (then.total.events, then.total.prior) == (1, before.total.prior)
    assert (after.is_behind, after.total.events) == (False, 0)
    assert after.total.prior.expected == pytest.approx(before.total.prior.expected)
    assert after.total.posterior.mean < before.total.posterior.mean
    assert PredictedBand.objects.get().draws == draws


def test_who_is_blinded_is_told_of_no_band_and_a_study_without_one_has_none(designed):
    fit()
    sponsor = evidence(designed, by=designed.sponsor).bands[0]
    with acting(by="test", reason="blinded"):
        designed.study.blinded = True
        designed.study.save()
    other = build_world("OTHER")

    assert (sponsor.total.events, sponsor.is_behind) == (1, False)
    assert evidence(designed, by=designed.central).bands == ()
    assert evidence_of(outcomes(review_scope(other.investigator, "OTHER"), cut=None, at=AT)).bands == ()


def test_what_a_lost_worker_left_is_made_again_and_a_dose_taken_back_is_gone(designed):
    fit()
    EvidenceFit.objects.all().delete()
    second = designed.study.participants.get(number="DEMO-102")
    for one in second.dose_facts.order_by("observed_at"):
        gone = drafted_dose(
            designed, (one.observed_at - hour(0)) / timedelta(hours=1), supersedes=one, withdrawn=True, reason="no",
            participant=second, amount=one.amount, unit="mg", route="SUBCUTANEOUS",
        )  # fmt: skip
        kept(gone, designed, at=AT)

    assert fit_evidence() == 1
    assert {one.participant.number for one in PredictedCourse.objects.all()} == {"DEMO-101"}
    assert evidence(designed, at=AT + timedelta(hours=1)).bands[0].total.known == 3
