"""Which column of a table holds what: names understood by themselves, and names given by the person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from callbox.networks.archives.contract import ArchiveError, ColumnError

#: What a table may hold and the names it goes by, the surest first. Names are compared in lower case, other signs as `_`;
#: nested names of JSON (`public_metrics.like_count`) become `public_metrics_like_count`.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "account": (
        "account", "screen_name", "user_screen_name", "username", "user_username", "author_username", "account_username", "handle",
        "author_handle", "account_acct", "user_name", "author", "user", "page", "page_name", "profile", "account_name",
        "account_id", "author_id", "user_id",
    ),
    "post": ("id", "id_str", "post_id", "tweet_id", "status_id", "post", "message_id", "uri", "url", "permalink"),
    "at": (
        "created_at", "at", "timestamp", "datetime", "date_time", "published_at", "posted_at", "published", "created", "created_time",
        "publish_time", "date", "time", "timestamp_ms", "created_utc",
    ),
    "text": ("text", "full_text", "content", "message", "body", "tweet", "post_text", "caption", "status"),
    "reply_to": (
        "in_reply_to_screen_name", "in_reply_to_username", "in_reply_to_account", "in_reply_to_user", "in_reply_to_handle", "in_reply_to",
        "reply_to", "reply_to_user", "replying_to", "in_reply_to_user_id", "in_reply_to_account_id",
    ),
    "reply_to_post": (
        "in_reply_to_status_id", "in_reply_to_status_id_str", "in_reply_to_id", "in_reply_to_post_id", "in_reply_to_tweet_id",
        "replied_to_id",
    ),
    "thread": ("thread", "thread_id", "conversation_id", "conversation"),
    "reposts": (
        "reposts", "retweets", "shares", "repost_count", "retweet_count", "reblogs_count", "share_count", "reposts_count", "boosts",
        "shares_count", "public_metrics_retweet_count",
    ),
    "likes": (
        "likes", "favourites", "favorites", "like_count", "likes_count", "favorite_count", "favourites_count", "favourite_count",
        "reactions", "reactions_count", "public_metrics_like_count",
    ),
    "replies": (
        "replies", "comments", "reply_count", "replies_count", "comment_count", "comments_count", "public_metrics_reply_count",
    ),
    "language": ("language", "lang"),
    "images": ("images", "image_count", "photos", "photo_count"),
    "alt_text": ("alt_text", "alt", "image_alt_text", "image_alt", "image_description"),
    "videos": ("videos", "video_count"),
    "action": ("action", "post_type", "type"),
    "urgent": ("urgent",),
    "kind": ("kind",),
    "agency": ("agency", "force", "police_force", "department", "organisation", "organization"),
    "network": ("network", "platform"),
    "name": ("display_name", "author_name", "user_display_name"),
}  # fmt: skip

#: The columns that prove a record: without them it is set aside.
KEYS: Final = ("account", "post", "at", "contact")


def plain(name: str) -> str:
    """Return a column name as `NAMES` writes it."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^0-9a-z]+", "_", words.casefold()).strip("_")


#: What a kind of table may hold, and the names it goes by.
type Names = Mapping[str, tuple[str, ...]]

_TARGETS: Final = {name: (target, rank) for target, names in NAMES.items() for rank, name in enumerate(names)}


def target_of(name: str, names: Names = NAMES) -> tuple[str, int] | None:
    """Return what a column of this name holds and how sure that is (0 the surest), or None."""
    if names is NAMES:
        return _TARGETS.get(plain(name))
    known = plain(name)
    found = ((target, ways.index(known)) for target, ways in names.items() if known in ways)
    return min(found, key=lambda one: one[1], default=None)


def recognise(header: Sequence[str], given: Mapping[str, str], *, file: str, names: Names = NAMES) -> dict[str, int]:
    """Return for each thing the table holds the index of its column, names given by the person first.

    Raises:
        ColumnError: a given name is not in the table, or no column holds the time.
        ArchiveError: a given name is not known to the ledger.
    """
    found = _given(header, given, file=file, names=names)
    taken = set(found.values())
    ranks: dict[str, int] = {}
    for index, name in enumerate(header):
        known = target_of(name, names)
        if known is None or index in taken:
            continue
        target, rank = known
        if target not in given and rank < ranks.get(target, len(names[target])):
            found[target], ranks[target] = index, rank
    if "at" not in found:
        raise ColumnError(f"{file}: no column is understood as the time of a post (columns found: {listed(header)}).")
    return found


def listed(header: Sequence[str]) -> str:
    """Return the names of columns for a sentence, so that a file that is no table does not fill a page."""
    return ", ".join(name[:40] for name in header[:30]) or "none"


def _given(header: Sequence[str], given: Mapping[str, str], *, file: str, names: Names) -> dict[str, int]:
    found = {}
    for target, name in given.items():
        check_given(target, name, names)
        if name not in header:
            raise ColumnError(f"{file}: no column is called {name} (columns found: {listed(header)}).")
        found[target] = list(header).index(name)
    return found


def check_given(target: str, name: str, names: Names) -> None:
    """Refuse a name for `--map` that no table of this kind knows.

    Raises:
        ArchiveError: there is no such name.
    """
    if target not in names:
        raise ArchiveError(f"--map {target}={name}: Callbox has no {target}; it knows {', '.join(names)}.")
