"""What an answer of a network means for a delivery, decided from values."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Final, Literal

from callbox.networks.contract import NotSentError, SignInError, UnclearError
from callbox.networks.vocabulary import Receipt

#: Waits between attempts, in seconds: 1, 2, 4, 8 and 16 minutes, each up to half longer or shorter (reliability: 5.2).
BACKOFF: Final = (60.0, 120.0, 240.0, 480.0, 960.0)
#: No network is waited for longer than a day at a time.
LONGEST: Final = 86_400.0
#: So often a network may ask for a shorter wait than ours.
PATIENCE: Final = 3

type State = Literal["sent", "waiting", "refused", "unclear"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """state: what the delivery becomes.  wait: seconds until the next attempt.  asked: the network itself named the wait.

    sign_in: the token was refused, so nothing else of this account will pass either.
    """

    state: State
    said: str = ""
    receipt: Receipt | None = None
    wait: float = 0.0
    asked: bool = False
    sign_in: bool = False


def of_receipt(receipt: Receipt | None) -> Outcome:
    """Return what a success means; taking back has no receipt."""
    return Outcome("sent", receipt=receipt)


def of_error(error: Exception, *, attempts: int, jitter: float | None = None) -> Outcome:
    """Return what a failure means. Whatever is not surely unsent is unclear.

    attempts: how many there were, this one included.  jitter: 0 to 1, drawn when not given.
    """
    if isinstance(error, SignInError):
        return Outcome("waiting", said=error.said, sign_in=True)
    if isinstance(error, NotSentError):
        if error.after is None:
            return Outcome("refused", said=error.said)
        named = sensible(error.after)
        own = backoff(attempts, random.random() if jitter is None else jitter)  # noqa: S311 - spreads load, guards nothing
        if named is None:
            return Outcome("waiting", said=error.said, wait=own)
        wait = named if attempts <= PATIENCE else max(named, own)
        return Outcome("waiting", said=error.said, wait=wait, asked=True)
    if isinstance(error, UnclearError):
        return Outcome("unclear", said=error.said)
    return Outcome("unclear", said=type(error).__name__)


def backoff(attempts: int, jitter: float) -> float:
    """Return seconds to wait after that many attempts."""
    return BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1] * (0.5 + jitter)


def sensible(after: object) -> float | None:
    """Return the wait a network named, at most a day; None when it names nothing that can be waited for."""
    if isinstance(after, bool) or not isinstance(after, int | float) or math.isnan(after) or after <= 0:
        return None
    return min(float(after), LONGEST)
