"""The posterior against distributions that can be written down: hazards that are plain functions of S50 and Kin."""

import math
from itertools import pairwise

import numpy as np
import pytest

from regimens.design.adaptive.points import Counts
from regimens.design.adaptive.posterior import posterior, shares_below
from regimens.design.adaptive.surface import Belief, Prior, Surface

PRIOR = Prior(Belief(0.1, 1.0), Belief(-2.0, 1.0), Belief(-0.8, 0.5))
Z_975 = 1.959964


def constant(s50, kin):
    """One dose period, of the same hazard whatever S50 and Kin are."""
    return np.full((len(s50), 1), 0.1)


def three_periods(s50, kin):
    """Periods that depend on nothing, on S50, and on both."""
    return np.column_stack([np.full(len(s50), 0.1), 0.02 / s50, 0.05 * kin / (0.1 + s50)])


def learned(counts, areas=three_periods, prior=PRIOR):
    return posterior(prior, Surface.of(prior, areas), counts)


def exact(mean, sd, probability_z):
    """The quantile of 1 - exp(-hazard) where ln hazard is normal."""
    return 1 - math.exp(-math.exp(mean + probability_z * sd))


def test_without_data_a_hazard_that_is_smax_alone_has_the_priors_quantiles():
    prior = learned(Counts(), constant)
    logs = prior.points.logs

    assert prior.quantiles(logs, 0.025)[0] == pytest.approx(exact(0.1 + math.log(0.1), 1, -Z_975), abs=1e-4)
    assert prior.quantiles(logs, 0.975)[0] == pytest.approx(exact(0.1 + math.log(0.1), 1, Z_975), abs=1e-4)


def test_without_data_a_hazard_over_s50_has_both_variances():
    prior = learned(Counts())
    logs, mean = prior.points.logs[1:2], 0.1 + 2.0 + math.log(0.02)

    assert prior.quantiles(logs, 0.975)[0] == pytest.approx(exact(mean, math.sqrt(2), Z_975), abs=1e-4)
    for limit in (0.1, 0.25, 0.5):
        z = (math.log(-math.log(1 - limit)) - mean) / math.sqrt(2)
        assert prior.above(logs, limit)[0] == pytest.approx(0.5 * math.erfc(z / math.sqrt(2)), abs=1e-4)


def test_without_data_the_parameters_are_the_priors():
    assert np.array(learned(Counts()).parameters()) == pytest.approx(np.array(PRIOR), abs=1e-4)


def test_with_data_it_is_bayes_rule():
    """One parameter matters: the same integral summed plainly over 200,000 values of it."""
    after = learned(Counts((0,), (12,), (3,)), constant)
    ln_smax = np.linspace(-9, 9, 200_001) + 0.1
    p = 1 - np.exp(-0.1 * np.exp(ln_smax))
    weights = np.exp(-((ln_smax - 0.1) ** 2) / 2) * p**3 * (1 - p) ** 9
    weights /= weights.sum()

    assert after.means(after.points.logs)[0] == pytest.approx((weights * p).sum(), abs=1e-5)
    assert after.above(after.points.logs, 0.25)[0] == pytest.approx(weights[p > 0.25].sum(), abs=1e-4)
    assert after.quantiles(after.points.logs, 0.025)[0] == pytest.approx(p[weights.cumsum() >= 0.025][0], abs=1e-4)
    assert after.parameters().ln_smax.mean == pytest.approx((weights * ln_smax).sum(), abs=1e-4)
    assert np.array(after.parameters()[1:]) == pytest.approx(np.array(PRIOR[1:]), abs=1e-4)


def test_nobody_observed_is_no_data():
    none, nobody = learned(Counts()), learned(Counts((0, 1), (0, 0), (0, 0)))

    assert nobody.means(nobody.points.logs) == pytest.approx(none.means(none.points.logs), abs=1e-6)


@pytest.mark.parametrize("n", [3, 30, 300])
def test_more_events_never_lower_a_mean_or_the_probability_of_too_many(n):
    surface = Surface.of(PRIOR, three_periods)
    means, above = [], []
    for events in range(0, n + 1, n // 3):
        after = posterior(PRIOR, surface, Counts((1,), (n,), (events,)))
        means.append(after.means(after.points.logs))
        above.append(after.above(after.points.logs, 0.25))

    assert (np.diff(means, axis=0) > -1e-6).all()
    assert (np.diff(above, axis=0) > -1e-4).all()


@pytest.mark.parametrize(("n", "events"), [(10_000, 0), (10_000, 10_000), (10_000, 700), (1, 0), (1, 1)])
def test_the_most_and_the_least_that_may_be_observed_stay_probabilities(n, events):
    after = learned(Counts((0, 1, 2), (n,) * 3, (events,) * 3))
    logs = after.points.logs
    low, mean, high = after.quantiles(logs, 0.025), after.means(logs), after.quantiles(logs, 0.975)

    assert (low >= 0).all()
    assert (low <= mean).all()
    assert (mean <= high).all()
    assert (high <= 1).all()


def test_many_observations_leave_what_was_observed():
    after = learned(Counts((0, 1, 2), (10_000,) * 3, (1_000, 2_000, 500)))

    assert after.means(after.points.logs) == pytest.approx([0.1, 0.2, 0.05], abs=0.002)
    assert after.quantiles(after.points.logs, 0.025)[0] == pytest.approx(0.1 - 1.96 * 0.003, abs=0.001)


def test_a_points_mass_is_spread_over_two_steps_on_either_side():
    f = np.linspace(0, 1, 11)
    shares = shares_below(f)

    assert np.sum(shares, axis=0) == pytest.approx(1.5 + f)  # of equal masses so much is below as the limit is far
    assert shares[1][0] == 0.5
    for farther, nearer in pairwise(shares):  # a step on, each is the one before it
        assert nearer[-1] == pytest.approx(farther[0])
