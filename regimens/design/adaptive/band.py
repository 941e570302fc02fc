"""Draws of (ln SMAX, ln S50, ln Kin) to be kept: what was not known of a hazard before its data came. Pure."""

import numpy as np

from regimens.design.adaptive.points import ROW
from regimens.design.adaptive.posterior import Posterior
from regimens.design.adaptive.surface import Array, Prior
from regimens.design.randomness import normals, uniforms

DRAWS = 400
STREAM = "band"


def drawn_of_prior(prior: Prior, seed: int, count: int = DRAWS) -> Array:
    """Rows of the three, each drawn by itself as the prior has them."""
    columns = [
        mean + sd * normals(seed, f"{STREAM}/{name}", 0, count)
        for name, (mean, sd) in zip(Prior._fields, prior, strict=True)
    ]
    return np.column_stack(columns)


def drawn_of_posterior(posterior: Posterior, seed: int, count: int = DRAWS) -> Array:
    """Rows of the three, together: points over which the posterior is integrated, each as often as it weighs."""
    points = posterior.points
    reached = np.cumsum(posterior.weights.ravel())
    at = np.searchsorted(reached, uniforms(seed, STREAM, 0, count) * reached[-1])
    g, place = np.divmod(np.minimum(at, len(reached) - 1), ROW)
    return np.column_stack([points.first[g] + points.step[g] * place, points.ln_s50[g], points.ln_kin[g]])
