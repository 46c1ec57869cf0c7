"""What the maturity model asks of an agency next, as hours and days: how soon an answer, how long a silence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Final

from callbox.maturity.model import loader
from callbox.maturity.model.practices import Condition
from callbox.maturity.scoring.evidence import Band

#: Of an agency that has not stated its size, as everywhere (model rule 8).
_ASSUMED: Final = Band.FROM_100


class Standards:
    """The limits for an agency that shows these levels (practice -> level) and is of this size (empty: not stated)."""

    def __init__(self, levels: Mapping[str, int | None], size: str) -> None:
        self._levels, self._band = levels, Band(size) if size else _ASSUMED

    def practice(self, measure: str) -> str:
        """Return the practice that rests on a measure.

        Raises:
            KeyError: no condition of the model reads it.
        """
        return _conditions()[measure][0]

    @property
    def reply_limit(self) -> timedelta:
        """How soon half of the residents have their answer at the level above the one shown."""
        return timedelta(minutes=self._threshold("first_reply", 1))

    @property
    def silence_limit(self) -> timedelta:
        """The longest silence that keeps the level shown."""
        return timedelta(days=self._threshold("longest_gap", 0))

    def _threshold(self, measure: str, above: int) -> float:
        """Return the threshold `above` levels over the one shown, or the nearest there is."""
        practice, conditions = _conditions()[measure]
        wanted = (self._levels.get(practice) or 0) + above
        reached = [each for each in conditions if each.level <= wanted]
        found = loader.load().threshold(reached[-1] if reached else conditions[0], self._band)
        assert found is not None  # the conditions were chosen for having one  # noqa: S101
        return found


@cache
def _conditions() -> dict[str, tuple[str, tuple[Condition, ...]]]:
    """Return by measure its practice and the conditions with a threshold, lowest level first."""
    found: dict[str, tuple[str, tuple[Condition, ...]]] = {}
    for practice in loader.load().practices:
        for condition in sorted(practice.conditions, key=lambda each: each.level):
            if condition.measure is not None and condition.measure not in found:
                same = (each for each in practice.conditions if each.measure == condition.measure)
                limits = tuple(
                    sorted((each for each in same if each.threshold is not None), key=lambda each: each.level)
                )
                found[condition.measure] = practice.id, limits
    return found
