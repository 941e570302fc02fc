"""Trimers of target, drug and CD3 at quasi-steady state (models.md, section 4). All concentrations in pM. Pure.

b free drug, A target, C CD3:  Phi = (K1 + b)(K2 + b)/b,  S = A + C + Phi,  Tri = 2 A C/(S + sqrt(S^2 - 4 A C)).
"""

import math
from dataclasses import dataclass

# Of the maximum: what rounding may take from a number of trimers that is reached there and nowhere else.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """`k1`, `k2`: dissociation constants of target and CD3; `target`, `cd3`: what there is of them in all."""

    k1: float
    k2: float
    target: float
    cd3: float

    @property
    def free_at_maximum(self) -> float:
        """The free drug at which there are most trimers; beyond it either side is taken up by drug of its own."""
        return math.sqrt(self.k1 * self.k2)

    def trimers(self, free: float) -> float:
        phi = (self.k1 + free) * (self.k2 + free) / free
        # S^2 - 4 A C, written so that nothing cancels where A and C are much alike.
        root = math.sqrt((self.target - self.cd3) ** 2 + phi * (2 * (self.target + self.cd3) + phi))
        return 2 * self.target * self.cd3 / (self.target + self.cd3 + phi + root)

    def free_for(self, trimers: float) -> float | None:
        """The free drug, at or below the maximum, at which there are so many. None: there never are.

        (A - Tri)(C - Tri) = Phi Tri, and Phi is a quadratic in b.
        """
        if trimers >= min(self.target, self.cd3):
            return None
        phi = (self.target - trimers) * (self.cd3 - trimers) / trimers
        middle, product = phi - self.k1 - self.k2, self.k1 * self.k2
        under_root = middle * middle - 4 * product
        if middle <= 0 or under_root < -ROUNDING * middle * middle:
            return None
        return 2 * product / (middle + math.sqrt(max(under_root, 0.0)))
