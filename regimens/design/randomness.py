"""Named streams of chance: adding one changes no other, and a person's numbers hang on nobody else's."""

import hashlib

import numpy as np
from scipy.special import ndtri

from regimens.design.doses import Array

AT_ONCE = 4  # numbers that one count of the generator gives
HALF_A_STEP = 2.0**-54  # so that a draw is never 0, whose normal quantile is infinite


def uniforms(seed: int, name: str, start: int, count: int) -> Array:
    """The numbers `start`, `start` + 1, ... of the stream, above 0 and below 1."""
    key = int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:16], "little")
    generator = np.random.Philox(key=key)
    generator.advance(start // AT_ONCE)
    skipped = start % AT_ONCE
    drawn: Array = np.random.Generator(generator).random(skipped + count)[skipped:] + HALF_A_STEP
    return drawn


def normals(seed: int, name: str, start: int, count: int) -> Array:
    drawn: Array = ndtri(uniforms(seed, name, start, count))
    return drawn
