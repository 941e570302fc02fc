"""How far two graders agree: Cohen's kappa (Educ Psychol Meas 1960;20:37-46), and with quadratic weights (Cohen,
Psychol Bull 1968;70:213-220).
"""

from collections import Counter
from collections.abc import Iterable

FEWEST_PAIRS = 2


def weighted_kappa(pairs: Iterable[tuple[int, int]]) -> float | None:
    """1 - (mean squared difference seen) / (that expected of graders who grade independently); 1 is full agreement.

    None: fewer than two pairs, or both graders gave one and the same grade throughout, so that none is expected.
    The number of categories does not matter: it is in both means and cancels.
    """
    graded = list(pairs)
    count = len(graded)
    if count < FEWEST_PAIRS:
        return None
    seen = sum((one - other) ** 2 for one, other in graded)
    ones, others = Counter(one for one, _ in graded), Counter(other for _, other in graded)
    expected = sum((a - b) ** 2 * m * n for a, m in ones.items() for b, n in others.items())
    return None if expected == 0 else 1 - seen * count / expected


def kappa(pairs: Iterable[tuple[int, int]]) -> float | None:
    """1 - (share that differs) / (share that would of graders who grade independently): any other grade counts alike.

    None as of `weighted_kappa`.
    """
    graded = list(pairs)
    count = len(graded)
    if count < FEWEST_PAIRS:
        return None
    same = sum(one == other for one, other in graded)
    ones, others = Counter(one for one, _ in graded), Counter(other for _, other in graded)
    by_chance = sum(ones[grade] * others[grade] for grade in ones)
    return None if by_chance == count * count else 1 - (count - same) * count / (count * count - by_chance)
