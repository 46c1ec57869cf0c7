"""A request that cannot be done, said so that the person can act on it."""

from __future__ import annotations


class RefusedError(Exception):
    """What was asked is not possible. The message is for the person: what happened, what was kept, what to do."""
