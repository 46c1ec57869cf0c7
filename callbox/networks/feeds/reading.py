"""The entries of an RSS or Atom feed as public posts. Pure.

Formats: RFC 4287, https://www.rssboard.org/rss-specification. feedparser knows their many dialects and dates; it is given nothing that
the gate did not mend and measure before.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast
from urllib.parse import urljoin

import feedparser

from callbox.networks.archives import rows
from callbox.networks.archives.feeds import struct_time
from callbox.networks.feeds.gate import LONGEST_TEXT, NoFeedError, let_in
from callbox.networks.html_text import words_and_images
from callbox.networks.storable import storable, web_address
from callbox.networks.stream import PublicPost

#: Letters of an entry that are kept.
LONGEST: Final = 10_000
_LONGEST_ID: Final = 1_000
_LONGEST_NAME: Final = 200
_GLOBAL: Final = ("http://", "https://", "tag:", "urn:")
_FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed shows now, oldest first. unreadable: entries that made no sense."""

    posts: tuple[PublicPost, ...]
    unreadable: int = 0


def read(data: bytes, *, address: str, seen: datetime, charset: str = "") -> Window:
    """Return the entries. address: of the feed, which its own ids are counted by.  seen: when it was fetched; no entry is newer.

    Raises:
        NoFeedError: it is no feed, or holds what no feed needs.
    """
    feed = cast(Any, feedparser).parse(
        io.BytesIO(let_in(data, charset=charset)), sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.version and not feed.entries:
        raise NoFeedError("what came is no feed")
    language = rows.language(feed.feed.get("language")) or ""
    found = [_post(entry, address, language, seen) for entry in feed.entries]
    posts = sorted((each for each in found if each), key=lambda post: post.at)
    return Window(tuple(posts), sum(each is None for each in found))


def _post(entry: Mapping[str, Any], address: str, language: str, seen: datetime) -> PublicPost | None:
    body = _body(entry)
    title, text = _words(entry.get("title")), _words(body.get("value"))
    link = _joined(address, str(entry.get("link") or ""))[:_LONGEST_ID]
    if not title and not text and not link:
        return None
    at = struct_time(entry)
    whole = text if title and text.startswith(title.rstrip("….")) else f"{title}\n{text}".strip()
    return PublicPost(
        network="feed",
        remote_id=_id(entry, address, link, whole),
        at=min(at, seen) if at is not None and at >= _FIRST else seen,
        text=storable(whole[:LONGEST]),
        author_name=storable(str(entry.get("author") or "")[:_LONGEST_NAME]),
        url=web_address(link),
        language=rows.language(body.get("language")) or language,
    )


def _joined(address: str, link: str) -> str:
    try:
        return urljoin(address, link) if link else ""
    except ValueError:  # it cannot be taken apart, so it leads nowhere
        return ""


def _body(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry's content, HTML before anything else, or its summary."""
    contents = [part for part in entry.get("content") or [] if isinstance(part, Mapping)]
    summary = entry.get("summary_detail")
    contents = contents or ([summary] if isinstance(summary, Mapping) else [{}])
    return next((part for part in contents if "html" in str(part.get("type"))), contents[0])


def _words(markup: object) -> str:
    return words_and_images(markup[:LONGEST_TEXT])[0] if isinstance(markup, str) else ""


def _id(entry: Mapping[str, Any], address: str, link: str, text: str) -> str:
    """Return an id that stays the same and is nobody else's: a feed's own short ids count within that feed alone."""
    stated = storable(str(entry.get("id") or "").strip())
    if len(stated) > _LONGEST_ID:
        stated = hashlib.sha256(stated.encode()).hexdigest()
    if stated.lower().startswith(_GLOBAL):
        return stated
    return f"{address}#{stated or link or hashlib.sha256(text.encode()).hexdigest()}"
