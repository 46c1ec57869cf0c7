"""Numbers of rows as they stand in a form or an address."""

from __future__ import annotations


def number_of(text: str) -> int | None:
    """Return the number that `text` is, None for anything that numbers no row (a database counts to 9.2 * 10^18)."""
    return int(text) if text.isdecimal() and len(text) < 19 else None
