"""The probabilities that a rung's risks are above what the rule allows, where they can be written down."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regimens.design.adaptive.decisions import EscalationRule
from regimens.design.adaptive.points import Counts
from regimens.design.adaptive.posterior import posterior
from regimens.design.adaptive.risks import risks_of
from regimens.design.adaptive.surface import Belief, Prior, Surface
from tests.regimens.design.adaptive.learning import FOUR, LI26, surfaces
from tests.sizes import sized

PRIOR = Prior(Belief(0.0, 1.0), Belief(0.0, 1.0), Belief(0.0, 0.5))
RUNGS = [slice(0, 1), slice(1, 4)]


def areas(s50, kin):
    """A rung of one dose period, and one of three: hazards that only SMAX moves."""
    return np.tile([0.1, 0.05, 0.2, 0.15], (len(s50), 1))


AFTER = posterior(PRIOR, Surface.of(PRIOR, areas), Counts())


def above(limit, area):
    """P(1 - exp(-SMAX area) > limit) of a log-normal SMAX with median 1 and a spread of 1."""
    return 0.5 * math.erfc(math.log(-math.log(1 - limit) / area) / math.sqrt(2))


@pytest.mark.parametrize("limit", [0.1, 0.25, 0.5])
def test_grade_2_is_judged_by_the_worst_dose_period(limit):
    one, three = risks_of(AFTER, RUNGS, EscalationRule(grade2_above=limit), grade3=0, events=0)

    assert one.over_grade2 == pytest.approx(above(limit, 0.1), abs=1e-3)
    assert three.over_grade2 == pytest.approx(above(limit, 0.2), abs=1e-3)


def test_grade_3_is_judged_over_all_periods_together():
    """A share that is all but certainly a half."""
    rule = EscalationRule(grade3_share_prior=(5e5, 5e5), grade3_above=0.1)

    one, three = risks_of(AFTER, RUNGS, rule, grade3=0, events=0)

    assert one.over_grade3 == pytest.approx(above(0.1, 0.05), abs=1e-2)
    assert three.over_grade3 == pytest.approx(above(0.1, 0.2), abs=1e-2)


def test_the_share_is_drawn_beside_the_hazard():
    """By chance: 400,000 pairs of a share and a hazard, independent."""
    draws = np.random.default_rng(2026)
    hazard = 0.4 * np.exp(draws.standard_normal(400_000))
    share = draws.beta(0.8 + 2, 9.2 + 3, 400_000)

    _, three = risks_of(AFTER, RUNGS, EscalationRule(), grade3=2, events=5)

    assert three.over_grade3 == pytest.approx((1 - np.exp(-share * hazard) > 0.1).mean(), abs=0.004)


def test_more_events_of_grade_3_never_lower_their_risk():
    over = [risks_of(AFTER, RUNGS, EscalationRule(), grade3=some, events=6)[1].over_grade3 for some in range(7)]

    assert over == sorted(over)


def test_a_share_that_could_never_be_too_large_is_not():
    def hardly(s50, kin):
        return np.full((len(s50), 1), 1e-9)

    after = posterior(PRIOR, Surface.of(PRIOR, hardly), Counts())

    assert risks_of(after, [slice(0, 1)], EscalationRule(), grade3=0, events=0)[0].over_grade3 == 0


@settings(deadline=None, max_examples=sized(20, sample=4))
@given(st.integers(0, 3), st.data())
def test_one_event_more_never_lowers_the_mean_of_its_period_or_the_probability_of_too_many(period, data):
    """Of its own period: what one of a later period says of tolerance may make a high first period less likely."""
    n = data.draw(st.lists(st.integers(1, 30), min_size=4, max_size=4))
    events = [data.draw(st.integers(0, some - (at == period))) for at, some in enumerate(n)]
    more = [count + (at == period) for at, count in enumerate(events)]
    surface, _ = surfaces((FOUR,))
    own = slice(period, period + 1)

    fewer, larger = (posterior(LI26, surface, Counts((0, 1, 2, 3), tuple(n), tuple(seen))) for seen in (events, more))
    over, over_more = (
        risks_of(after, [own], EscalationRule(), grade3=0, events=0)[0].over_grade2 for after in (fewer, larger)
    )

    assert larger.means(larger.points.logs[own])[0] > fewer.means(fewer.points.logs[own])[0]
    assert over_more >= over - 1e-4
