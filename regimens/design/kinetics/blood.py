"""What a block of virtual people holds of the drug, stepped in time. Equations: docs/design.md.

Each kind of kinetics is given amounts and rates, and steps: `step(h)` gives the concentration that acts (ug/mL) after
half of the step and after the whole, as two rows. The array is its own and changes with the next step.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from regimens.design.doses import Array

Values = Mapping[str, Array]


class Kinetics(Protocol):
    @property
    def exact(self) -> bool:
        """Over a step of any length; otherwise it is the steps that make it so."""

    def give(self, mg: Array) -> None:
        """At once: into the depot of a subcutaneous drug, else into the blood."""

    def infuse(self, mg_per_d: Array) -> None:
        """So much more (or, negative, less) a day from now on."""

    def concentration(self) -> Array:
        """What acts now, ug/mL, never below 0."""

    def fastest(self) -> Array:
        """No rate of a person, a day, is above this: what the steps must be small against."""

    def step(self, h: float) -> Array: ...


class Depot:
    """What was injected and is not yet absorbed: exact, because nothing else changes it. mg a day that enter."""

    def __init__(self, ka: Array) -> None:
        self.ka = ka
        self.rate = np.zeros_like(ka)  # ka * amount

    def give(self, mg: Array) -> None:
        self.rate = self.rate + self.ka * mg

    def step(self, h: float) -> tuple[Array, Array, Array]:
        """The rate now, after half a step, and after it."""
        half = np.exp(self.ka * (-h / 2))
        start = self.rate
        middle = start * half
        self.rate = middle * half
        return start, middle, self.rate
