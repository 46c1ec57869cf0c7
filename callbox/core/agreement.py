"""How far two people who labelled the same things apart from each other agree beyond chance."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from statistics import NormalDist


def cohen_kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> float:
    """Return Cohen's kappa of pairs of labels (Cohen 1960): 1 full agreement, 0 as by chance.

    Two coders who gave one and the same label throughout agree fully, but show nothing: kappa is then 0, never undefined.

    Raises:
        ValueError: there are no pairs.
    """
    seen = list(pairs)
    if not seen:
        raise ValueError("kappa needs at least one pair of labels")
    n = len(seen)
    observed = sum(first == second for first, second in seen) / n
    firsts, seconds = Counter(first for first, _ in seen), Counter(second for _, second in seen)
    expected = sum(count * seconds[label] for label, count in firsts.items()) / n**2
    return 0.0 if expected == 1 else (observed - expected) / (1 - expected)


def cohen_kappa_interval(pairs: Iterable[tuple[Hashable, Hashable]], *, level: float = 0.95) -> tuple[float, float]:
    """Return the interval that holds Cohen's kappa of all things like these with probability `level`.

    Large-sample standard error of Fleiss, Cohen and Everitt 1969 (Psychological Bulletin 72:323-327, formula 13); cut off at -1 and 1.
    Where both gave one and the same label throughout, nothing is known: -1 to 1.

    Raises:
        ValueError: there are no pairs.
    """
    seen = list(pairs)
    kappa = cohen_kappa(seen)
    n = len(seen)
    cells = Counter(seen)
    firsts, seconds = Counter(first for first, _ in seen), Counter(second for _, second in seen)
    observed = sum(count for (first, second), count in cells.items() if first == second) / n
    expected = sum(count * seconds[label] for label, count in firsts.items()) / n**2
    if expected == 1:
        return -1.0, 1.0
    spread = 0.0
    for (first, second), count in cells.items():
        if first == second:
            spread += count / n * (1 - expected - (firsts[first] + seconds[second]) / n * (1 - observed)) ** 2
        else:
            spread += count / n * ((seconds[first] + firsts[second]) / n * (1 - observed)) ** 2
    spread -= (observed * expected - 2 * expected + observed) ** 2
    error = math.sqrt(max(0.0, spread) / n) / (1 - expected) ** 2
    reach = NormalDist().inv_cdf((1 + level) / 2) * error
    return max(-1.0, kappa - reach), min(1.0, kappa + reach)
