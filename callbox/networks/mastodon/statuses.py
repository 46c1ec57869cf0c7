"""Statuses of a public stream as what everybody sees. Pure.

A status is known by the number that the server we listen to gave it, because the word that it was deleted names nothing else; so the
server's name is part of its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from callbox.networks.html_text import words_and_images
from callbox.networks.storable import storable, web_address
from callbox.networks.stream import PublicPost

#: Letters of a status's markup that are read: the largest servers allow some ten thousand.
_LONGEST_MARKUP: Final = 100_000
_LONGEST_NAME: Final = 500
_LONGEST_ID: Final = 100


def status(value: object, *, host: str, seen: datetime) -> PublicPost | None:
    """Return a status; None when it makes no sense. host: of the server.  seen: when it was shown; its author's clock counts up to that."""
    if not isinstance(value, Mapping) or not isinstance(value.get("content"), str):
        return None
    key, account = value.get("id"), value.get("account")
    if not is_id(key) or not isinstance(account, Mapping) or not isinstance(account.get("acct"), str):
        return None
    who = account["acct"][:_LONGEST_NAME]
    parent = value.get("in_reply_to_id")
    text = words_and_images(value["content"][:_LONGEST_MARKUP])[0]
    warning = " ".join(_text(value.get("spoiler_text")).split())
    return PublicPost(
        network="mastodon",
        remote_id=f"{key}@{host}",
        at=_time(value.get("created_at"), seen),
        text=storable(f"{warning}\n{text}".strip()),
        author=storable(who if "@" in who else f"{who}@{host}"),
        author_name=storable(_text(account.get("display_name"))[:_LONGEST_NAME]),
        url=web_address(_text(value.get("url")) or _text(value.get("uri"))),
        language=_text(value.get("language"))[:35],
        parent=f"{parent}@{host}" if is_id(parent) else "",
    )


def is_public(value: Any) -> bool:
    """Whether everybody may see it: some servers put more into their public stream."""
    return not isinstance(value, Mapping) or value.get("visibility", "public") == "public"


def gone(key: str, *, host: str, seen: datetime) -> PublicPost | None:
    """Return that a status was deleted; None when that names none."""
    key = key.strip().strip('"')
    return PublicPost(network="mastodon", remote_id=f"{key}@{host}", at=seen, gone=True) if is_id(key) else None


def is_id(stated: object) -> bool:
    """Whether this can be the number of a status: other software than Mastodon uses letters too."""
    return (
        isinstance(stated, str)
        and 0 < len(stated) <= _LONGEST_ID
        and stated.replace("-", "").replace("_", "").isalnum()
    )


def _time(stated: object, seen: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(stated) if isinstance(stated, str) else seen
        return min(at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), seen)
    except (ValueError, OverflowError):
        return seen


def _text(stated: object) -> str:
    return stated if isinstance(stated, str) else ""
