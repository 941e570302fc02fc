"""Arrays as bytes that are kept: little-endian doubles, row by row. Pure."""

import numpy as np

from regimens.design.adaptive.surface import Array, Prior, Surface

DOUBLES = "<f8"


def packed(values: Array) -> bytes:
    return np.ascontiguousarray(values, DOUBLES).tobytes()


def draws_in(data: bytes, periods: int) -> Array:
    """Probabilities: periods x draws."""
    draws: Array = np.frombuffer(data, DOUBLES).reshape(periods, -1)
    return draws


def surface_in(data: bytes, prior: Prior) -> Surface:
    """The hazards at SMAX 1 at the nodes of this prior."""
    ln_s50, ln_kin = Surface.axes(prior)
    return Surface(ln_s50, ln_kin, np.frombuffer(data, DOUBLES).reshape(-1, len(ln_s50), len(ln_kin)))
