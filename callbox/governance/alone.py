"""When one person may let a message go alone in an emergency (features: B8). Pure: it decides from values, it changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Hours within which a second person reviews, unless the agency's rule says less or more; and what it may say.
USUAL_HOURS: Final = 24
LEAST_HOURS, MOST_HOURS = 1, 72


class Reach(StrEnum):
    """What a message is, as the rule counts it. One message may be several of these; the rule must name each."""

    PUBLIC = "public"  # it appears on public accounts
    CORRECTION = "correction"  # it corrects what is public
    LETTERS = "letters"  # it goes to subscribers by e-mail


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an agency's rule lets one person do. roles, kinds: values of `Role` and `Reach`; without a rule both are empty."""

    roles: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """Who wants to send what alone, and how things stand.

    role: of the person, empty for none.  reach: what the message is.  at_once: it has no hour.  two_approvers: it continues an alert, or
    words that two people let go.  second: this person wrote none of it and may approve, so that nothing has to be sent alone.
    """

    role: str
    reach: Collection[Reach]
    urgent: bool
    at_once: bool
    exercise: bool
    frozen: bool
    two_approvers: bool
    second: bool


def obstacles(allowance: Allowance, now: Situation) -> list[str]:
    """Return the codes of everything that keeps this person from sending alone; none when they may."""
    if now.exercise:
        return ["alone_exercise"]
    if not allowance.roles:
        return ["alone_off"]
    if now.role not in allowance.roles:
        return ["alone_role"]
    standing = {
        "alone_second": now.second,
        "alone_alert": now.two_approvers,
        "alone_kind": not set(now.reach) <= allowance.kinds,
        "alone_urgent": not now.urgent,
        "alone_hour": not now.at_once,
        "alone_frozen": now.frozen,
    }
    return [code for code, stands in standing.items() if stands]
