"""Words of strangers as every database takes them. Pure."""

from __future__ import annotations


def storable(text: str) -> str:
    """Return `text` without zero bytes, and with a question mark for each half of a sign (a lone surrogate): PostgreSQL takes neither."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def web_address(url: str, *, files: bool = False) -> str:
    """Return an address that a page may link to; empty for one that a browser would run, or that leads into the reader's own machine.

    files: for what we published ourselves, which on paper is a file.
    """
    known = {"http", "https", "file"} if files else {"http", "https"}
    return storable(url) if url.partition(":")[0].lower() in known else ""
