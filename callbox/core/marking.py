"""Marking words for the translation catalogue, for rooms that do not know Django."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark `message` for the translation catalogue without importing Django."""
    return message
