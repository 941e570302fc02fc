"""Numbers of the posterior that two other computations gave: epcoritamab 0.16/0.8/48/48 mg, last period 14 days."""

import math
from itertools import pairwise

import numpy as np
import pytest

from regimens.design.adaptive.points import Counts
from regimens.design.adaptive.posterior import posterior
from regimens.design.adaptive.surface import Side
from regimens.design.concentrations import areas
from regimens.design.doses import VirtualDose
from regimens.design.hazard import HazardCurve
from regimens.design.parameters import HILL, I50_OVER_S50
from regimens.design.people import typical
from tests.regimens.design.adaptive.learning import EPCORITAMAB, FOUR, LI26, learned, surfaces

OBSERVED = ((12, 12, 11, 10), (1, 2, 3, 0))


def test_prior_row():
    prior = learned()

    assert prior.means(prior.points.logs) == pytest.approx([0.1142, 0.1306, 0.2162, 0.0601], abs=0.002)


def test_posterior_row():
    after = learned(*OBSERVED)
    logs = after.points.logs

    assert after.means(logs) == pytest.approx([0.1019, 0.1310, 0.2256, 0.0293], abs=0.001)
    assert after.quantiles(logs, 0.025) == pytest.approx([0.0257, 0.0491, 0.0711, 0.0037], abs=0.005)
    assert after.quantiles(logs, 0.975) == pytest.approx([0.2403, 0.2501, 0.4468, 0.1088], abs=0.005)
    assert after.above(logs, 0.25) == pytest.approx([0.0199, 0.0250, 0.363, 0.0004], abs=0.005)


def test_posterior_row_is_missed_with_another_kin():
    """The check can fail: tolerance twice as slow moves the fourth dose out of its tolerance."""
    slower = LI26._replace(ln_kin=LI26.ln_kin._replace(mean=LI26.ln_kin.mean - math.log(2)))
    surface, _ = surfaces((FOUR,), slower)
    after = posterior(slower, surface, Counts((0, 1, 2, 3), *OBSERVED))

    assert after.means(after.points.logs)[3] > 0.0293 + 0.005


def test_the_surface_is_the_engines_own_between_its_nodes():
    """Means within 0.002 need the logarithm of a hazard within 0.01: over the middle 3 SD of the prior."""
    surface, _ = surfaces((FOUR,))
    ln_s50 = np.linspace(-3, 3, 13) * LI26.ln_s50.sd + LI26.ln_s50.mean
    ln_kin = np.linspace(-3, 3, 13) * LI26.ln_kin.sd + LI26.ln_kin.mean
    s50, kin = (np.exp(axis).ravel()[:, None] for axis in np.meshgrid(ln_s50, ln_kin, indexing="ij"))
    curve = HazardCurve(s50=s50, kin=kin, i50=I50_OVER_S50 * s50, hill=HILL)
    doses = [VirtualDose(t_d=t, mg=mg) for t, mg in FOUR]

    solved = np.log(areas(EPCORITAMAB, typical(EPCORITAMAB), doses, [0, 7, 14, 21, 35], curve)[..., 0])

    assert np.abs(surface.at(ln_s50, ln_kin).reshape(4, -1) - solved).max() < 0.01
    assert Side.of(LI26.ln_s50).width == 10  # the nodes lie within 5 SD on either side


def test_c39_event_times_integrated_over_a_period_are_its_bernoulli():
    """The density of a first event at t, SMAX a(t) exp(-SMAX A(t)), adds up to 1 - exp(-H)."""
    people, smax = typical(EPCORITAMAB), math.exp(0.0539)
    s50 = math.exp(-2.36)
    curve = HazardCurve(s50=s50, kin=math.exp(-0.832), i50=I50_OVER_S50 * s50, hill=HILL)
    doses = [VirtualDose(t_d=t, mg=mg) for t, mg in FOUR]
    edges = np.linspace(14, 21, 8)
    parts = smax * areas(EPCORITAMAB, people, doses, edges.tolist(), curve)[:, 0]
    until = np.concatenate([[0.0], parts.cumsum()])

    # Gauss-Legendre in the hazard itself: dH = SMAX a(t) dt, so that each part is the integral of exp(-H) dH.
    nodes, weights = np.polynomial.legendre.leggauss(20)
    integrals = [
        (end - start) / 2 * (weights * np.exp(-((end - start) / 2 * nodes + (start + end) / 2))).sum()
        for start, end in pairwise(until)
    ]

    assert sum(integrals) == pytest.approx(1 - math.exp(-until[-1]), abs=1e-10)
