"""How often a watch was right: of the events it found and people judged, how many were true, false, or known too late. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from callbox.core.measure import wilson_interval

#: What an event turned out to be for the work: true in time, not true, or true and known elsewhere before.
OUTCOMES = ("true", "false", "late")


@dataclass(frozen=True, slots=True)
class HitRate:
    """What became of the events one watch found. open: those nobody has judged yet.

    right: true or late.  share, low, high: of those judged, with the two-sided 90 % Wilson interval; None while nothing was judged.
    """

    true: int = 0
    false: int = 0
    late: int = 0
    open: int = 0

    @property
    def right(self) -> int:
        """Events that were so, in time or not."""
        return self.true + self.late

    @property
    def judged(self) -> int:
        """Events somebody judged."""
        return self.right + self.false

    @property
    def share(self) -> float | None:
        """The share of the judged that were right."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 90 % Wilson interval."""
        return wilson_interval(self.right, self.judged) if self.judged else None


def outcome(*, state: str, verdicts: Iterable[tuple[str, str]]) -> str:
    """Return what an event turned out to be, empty while nobody said so.

    verdicts: of its assessments, oldest first, the verdict and what was said of its use when it was closed.
    """
    found = ""
    for verdict, useful in verdicts:
        if verdict == "confirmed":
            found = "true"
        elif verdict == "refuted":
            found = "false"
        if useful in OUTCOMES:
            found = useful
    return "" if state in ("new", "checking") else found


def tally(outcomes: Iterable[str]) -> HitRate:
    """Count outcomes."""
    count = dict.fromkeys((*OUTCOMES, ""), 0)
    for each in outcomes:
        count[each] += 1
    return HitRate(count["true"], count["false"], count["late"], count[""])
