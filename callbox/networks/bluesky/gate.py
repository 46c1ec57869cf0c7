"""The gate of a thread: the record beside our own post in which we may name answers to be hidden. Pure.

`app.bsky.feed.threadgate` has the key of the post it belongs to; `hiddenReplies` holds at most 300 addresses. Who may answer at all
(`allow`) stands in the same record and is never touched here.
Source: lexicons of the AT Protocol, app/bsky/feed/threadgate.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from callbox.networks.bluesky.keys import POST, Address, parts
from callbox.networks.contract import NotSentError

GATE: Final = "app.bsky.feed.threadgate"
MOST: Final = 300


def root_of(comment: Mapping[str, Any]) -> Address | None:
    """Return the first post of the thread in which `comment`, a post's record, answers; None where it answers nothing."""
    reply = comment.get("reply")
    root = reply.get("root") if isinstance(reply, Mapping) else None
    found = parts(str(root.get("uri", ""))) if isinstance(root, Mapping) else None
    return found if found is not None and found.collection == POST else None


def place_of(root: Address) -> Address:
    """Return where the gate of a thread stands."""
    return Address(root.repo, GATE, root.key)


def changed(
    known: Mapping[str, Any] | None, *, root: Address, comment: str, hidden: bool, at: datetime
) -> dict[str, Any] | None:
    """Return the gate with `comment` among its hidden answers, or without it; None where it stands so already.

    Raises:
        NotSentError: the list is full.
    """
    listed = [] if known is None else [str(each) for each in known.get("hiddenReplies") or []]
    if (comment in listed) == hidden:
        return None
    wanted = [*listed, comment] if hidden else [each for each in listed if each != comment]
    if len(wanted) > MOST:
        raise NotSentError(f"Bluesky hides at most {MOST} answers in a thread, and so many are hidden already")
    made = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    fresh = {"$type": GATE, "post": str(root), "createdAt": made}
    return {**(fresh if known is None else dict(known)), "hiddenReplies": wanted}
