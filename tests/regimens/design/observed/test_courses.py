"""Courses as they were given: each as the engine's other doors have it, and the published-rule numbers of checks.md."""

import numpy as np
import pytest

from regimens.design.contract.kinds import answer
from regimens.design.contract.posterior import read_posterior
from regimens.design.doses import DosePeriod, VirtualDose
from regimens.design.observed.courses import GivenCourse, learned_from, probabilities, solved

DOSES = [(0, 0.16), (7, 0.8), (14, 48), (21, 48)]
PLAN = {"name": "plan", "doses": [{"t_d": day, "mg": mg} for day, mg in DOSES]}
PERIODS = tuple(DosePeriod(*one) for one in ((0, 7), (7, 14), (14, 21), (21, 35)))
POINT = np.array([[0.0539, np.log(0.0943), -0.832]])  # the published hazard


def course(doses=DOSES, periods=PERIODS, weight_kg=None):
    given = tuple(VirtualDose(t_d=float(day), mg=float(mg)) for day, mg in doses)
    return GivenCourse(doses=given, periods=periods, weight_kg=weight_kg)


@pytest.fixture(scope="module")
def case():
    return read_posterior({"drug": "epcoritamab", "regimens": [PLAN], "data": []})


def test_the_planned_course_has_the_risk_of_the_checks_and_a_delay_another(case):
    """C51: 6.77 8.21 11.90 0.80 %. The last one lasts a week there; the second week adds what is left of it."""
    week = (*PERIODS[:3], DosePeriod(21, 28))

    p = probabilities(solved(case, course(periods=week)), POINT)[:, 0]
    assert p == pytest.approx([0.0677, 0.0821, 0.1190, 0.0080], abs=1e-3)
    late = [*DOSES[:2], (35, 48)]
    periods = (PERIODS[0], DosePeriod(7, 35), DosePeriod(35, 49))
    heavier = solved(case, course(late, periods, weight_kg=100.0))
    fields = {"drug": "epcoritamab", "patient": {"weight_kg": 100}, "periods": [list(one) for one in periods],
             "doses": [{"t_d": day, "mg": mg} for day, mg in late]}  # fmt: skip
    risk = [one["p"] for one in answer("risk", fields)["periods"]]
    assert probabilities(heavier, POINT)[:, 0] == pytest.approx(risk, rel=0.01)


def test_outcomes_one_by_one_leave_what_their_counts_leave(case):
    """1, 2, 3, 0 events of 12, 12, 11, 10: means .1019 .1310 .2256 .0293."""
    surface = solved(case, course())
    logs, events = [], []
    for place, (had, of) in enumerate(((1, 12), (2, 12), (3, 11), (0, 10))):
        logs += [surface.logs[place]] * of
        events += [True] * had + [False] * (of - had)

    after = learned_from(case, logs, events, with_data=False)
    at = after.points
    means = after.means(surface_rows(surface, at))
    assert means == pytest.approx([0.1019, 0.1310, 0.2256, 0.0293], abs=1e-3)


def surface_rows(surface, points):
    return surface.along(points.ln_s50, points.ln_kin)


def test_nothing_seen_leaves_the_prior(case):
    surface = solved(case, course())

    after = learned_from(case, [], [], with_data=False)
    means = after.means(surface_rows(surface, after.points))
    assert means == pytest.approx([0.1142, 0.1306, 0.2162, 0.0601], abs=2e-3)
