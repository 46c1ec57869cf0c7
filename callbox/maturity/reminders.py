"""Which owners are to be reminded that evidence will expire. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

#: Days before the last day on which evidence counts, furthest first.
STEPS: Final = (30, 7, 1)


@dataclass(frozen=True, slots=True)
class Expiring:
    """An attestation with its last day, and the steps its owner was already reminded at."""

    key: int
    expires_on: date
    reminded: frozenset[int] = frozenset()


def reminders_due(attestations: Iterable[Expiring], today: date) -> list[tuple[int, int]]:
    """Return (key, step) for every reminder to send today, soonest expiry first.

    One reminder a day and attestation: after days without a worker the nearest step is sent, not the missed ones
    too. Expired ones get none.
    """
    due = []
    for attestation in sorted(attestations, key=lambda each: (each.expires_on, each.key)):
        left = (attestation.expires_on - today).days
        reached = [step for step in STEPS if left <= step]
        if (
            left >= 0
            and reached
            and not attestation.reminded.intersection(step for step in STEPS if step <= reached[-1])
        ):
            due.append((attestation.key, reached[-1]))
    return due
