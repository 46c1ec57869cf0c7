"""How far two people who labelled the same things apart from each other agree beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable


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
