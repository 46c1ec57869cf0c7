"""Who must approve what, decided from values alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from callbox.core.plain import canonical

type Rule = Literal["two-persons", "own-answer", "withdrawal", "two-approvers", "emergency"]

#: A message to the public, urgent or not, a correction, another hour: a second person.
TWO_PERSONS: Final = "two-persons"
#: An answer to one resident: the officer who gives it, by name.
OWN_ANSWER: Final = "own-answer"
#: Taking back what is out: one person, the author too. Waiting for a second one would do the harm, and nothing new is said.
WITHDRAWAL: Final = "withdrawal"

#: An alert to everybody: two people besides those who wrote it, each on their own (features: F5).
TWO_APPROVERS: Final = "two-approvers"

#: In an emergency, where the agency's rule allows it: one person, the author too; a second one reviews afterwards (features: B8).
EMERGENCY: Final = "emergency"

#: How many different people must approve under a rule.
NEEDED: Final[Mapping[Rule, int]] = {TWO_APPROVERS: 2}

#: How many besides its authors an agency's own rule may ask to approve a message (features: B4).
LEAST_APPROVERS, MOST_APPROVERS = 1, 3

#: Rules under which people may let their own words go.
ALONE: Final[frozenset[Rule]] = frozenset({OWN_ANSWER, WITHDRAWAL, EMERGENCY})


@dataclass(frozen=True, slots=True)
class Bound:
    """What an approval is bound to. parts: account -> digest of its rendition.  due: when it leaves, None for at once."""

    subject: str
    parts: Mapping[str, str]
    due: datetime | None

    @property
    def digest(self) -> str:
        """SHA-256 over the subject, every part and the hour; one byte, image, alternative text, hour or account more or less changes it."""
        due = self.due.isoformat() if self.due else None
        return hashlib.sha256(canonical({"subject": self.subject, "parts": dict(self.parts), "due": due})).hexdigest()


def may_approve(*, rule: Rule, approver: int, authors: Collection[int]) -> bool:
    """Whether this person (by id) may approve what `authors` wrote: never an author where two persons are asked for."""
    return rule in ALONE or approver not in authors


def is_approved(*, rule: Rule, approvers: Collection[int], authors: Collection[int], least: int = 1) -> bool:
    """Whether enough different people approved; those who wrote it do not count where a second person is asked for.

    least: how many the agency's own rule asks for; it may ask for more than `rule` does, never for fewer.
    """
    counted = {each for each in approvers if may_approve(rule=rule, approver=each, authors=authors)}
    return len(counted) >= max(least, NEEDED.get(rule, 1))
