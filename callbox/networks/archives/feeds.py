"""Atom, RSS and JSON Feed files: what a site or a network offers to feed readers, saved to a file.

Formats: RFC 4287, https://www.rssboard.org/rss-specification, https://www.jsonfeed.org/version/1.1/. A feed holds the newest entries
only. Nothing is said of replies, counts or alternative texts, except of pictures inside an entry's own HTML.
"""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
import feedparser
from defusedxml.common import DefusedXmlException

from callbox.core.text import Reason
from callbox.networks.alt import described
from callbox.networks.archives import rows
from callbox.networks.archives.container import is_single, open_container, printable
from callbox.networks.archives.contract import ArchiveError, Batch, Reading
from callbox.networks.archives.json_stream import Element
from callbox.networks.html_text import words_and_images

LABEL = "Feed"

#: Bytes of the largest feed that is read: feeds are windows of some dozen entries.
MAX_SIZE: Final = 32 * 2**20
MAX_DEPTH: Final = 100
_HEAD: Final = 4096
_XML: Final = re.compile(rb"<(?:[a-zA-Z]+:)?(?:feed|rss|RDF)[\s>]")
_JSON: Final = re.compile(rb'^\s*\{.*"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org', re.DOTALL)


def recognises(path: Path) -> bool:
    """Whether the file begins as a feed does."""
    if not is_single(path):
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD).replace(b"\0", b"")
    return bool(_XML.search(head) or _JSON.match(head))


def read(path: Path, reading: Reading) -> Iterator[Batch]:
    """Yield the entries as posts, then the feed as account.

    Raises:
        ArchiveError: the file is no feed, is too large, defines entities, is nested absurdly, or holds no feed.
    """
    if not recognises(path):
        raise ArchiveError(f"{path.name} does not begin as a feed does")
    if path.stat().st_size > MAX_SIZE:
        raise ArchiveError(f"{path.name} is larger than {MAX_SIZE // 2**20} MB: no feed is, so it was not read")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    yield from _json_feed(path, reading) if _JSON.match(head) else _xml_feed(path, reading)
    reading.note(Reason("feed_window"))


def _xml_feed(path: Path, reading: Reading) -> Iterator[Batch]:
    data = path.read_bytes()
    problem = _problem(path, data)
    feed = cast(Any, feedparser).parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        raise ArchiveError(f"{path.name} holds no feed that could be read")
    if problem:
        reading.note(Reason("feed_repaired", {"problem": problem}))
    collector = rows.Collector(path, reading)
    source = _Feed(reading.account, feed.feed.get("title"), feed.feed.get("link"), feed.feed.get("language"))
    for number, entry in enumerate(feed.entries, 1):
        collector.take(Element(number, -1, cast(dict[str, Any], entry)), path.name, source.entry)
        yield from collector.full()
    reading.advance(len(data))
    yield from collector.finish(None, source.summary(struct_time(feed.feed)))


def _json_feed(path: Path, reading: Reading) -> Iterator[Batch]:
    collector = rows.Collector(path, reading)
    with open_container(path, reading.advance) as container:
        head = path.read_bytes()[: 2**16].decode("utf-8", "replace")
        source = _Feed(reading.account, _field(head, "title"), _field(head, "home_page_url"), _field(head, "language"))
        for element in collector.elements(container, path.name, "items"):
            collector.take(element, path.name, source.item)
            yield from collector.full()
        yield from collector.finish(container, source.summary(None))


def _field(head: str, name: str) -> str | None:
    """Return a text field of the feed itself, which stands before the items."""
    found = re.search(rf'"{name}"\s*:\s*"([^"\\]*)"', head.partition('"items"')[0])
    return found[1] if found else None


class _Feed:
    """Translates the entries of one feed."""

    def __init__(self, account: str | None, title: object, link: object, tag: object) -> None:
        place = re.sub(r"^[a-z]+://(?:www\.)?|/+$", "", str(link or ""))
        self._handle = account or place or (title if isinstance(title, str) and title else "feed")
        self._title = title if isinstance(title, str) else None
        self._language = rows.language(tag)
        self._pictures = False
        self._languages = self._language is not None
        self.account = f"feed:{self._handle}"

    def summary(self, as_of: datetime | None) -> rows.Row:
        """Return the row of the account."""
        carries = ["media", "alt_text"] * self._pictures + ["language"] * self._languages
        stated = {"account": self.account, "network": "feed", "handle": self._handle, "name": self._title}
        return stated | {"carries": carries, "as_of": as_of}

    def entry(self, entry: dict[str, Any]) -> rows.Row:
        """Return the row of an Atom or RSS entry."""
        at = struct_time(entry)
        if at is None:
            stated = dict.get(entry, "published") or dict.get(entry, "updated")
            raise rows.Unfit("bad_time", value=printable(str(stated))[:40]) if stated else rows.Unfit("no_time")
        contents = [part for part in entry.get("content") or [] if isinstance(part, dict)] or [
            entry.get("summary_detail") or {}
        ]
        body = next((part for part in contents if "html" in str(part.get("type"))), contents[0])
        tag = rows.language(body.get("language"))
        return self._row(
            post=entry.get("id") or entry.get("link"),
            at=at,
            title=entry.get("title"),
            html=body.get("value") or "",
            tag=tag,
        )

    def item(self, item: dict[str, Any]) -> rows.Row:
        """Return the row of an item of a JSON Feed."""
        at = rows.iso_time(item.get("date_published") or item.get("date_modified"))
        html = item.get("content_html") or item.get("content_text") or ""
        return self._row(
            post=item.get("id") or item.get("url"),
            at=at,
            title=item.get("title"),
            html=html,
            tag=rows.language(item.get("language")),
        )

    def _row(self, *, post: object, at: datetime, title: object, html: object, tag: str | None) -> rows.Row:
        text, images = words_and_images(str(html))
        heading = words_and_images(title)[0] if isinstance(title, str) else ""
        row: rows.Row = {
            "account": self.account,
            "post": str(post) if post else rows.pseudonym(at.isoformat(), heading, text),
            "at": at,
            "action": "post",
            "language": tag or self._language,
            "text": text if text.startswith(heading.rstrip("….")) else f"{heading}\n{text}".strip(),
        }
        self._languages |= tag is not None
        if images:
            self._pictures = True
            row |= {"images": len(images), "images_described": sum(map(described, images))}
        return row


def struct_time(entry: Any) -> datetime | None:
    """Return when an entry was published, or the feed was updated; feedparser gives UTC."""
    # Asked as a plain dictionary: feedparser's own gives one date in place of the other, with a warning.
    stated = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(stated), UTC) if stated else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


class _Depth(ContentHandler):
    """Counts how deep elements are nested."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def startElement(self, _name: str, _attrs: AttributesImpl) -> None:  # noqa: N802 - the library's name
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RecursionError

    def endElement(self, _name: str) -> None:  # noqa: N802 - the library's name
        self._depth -= 1


def _problem(path: Path, data: bytes) -> str | None:
    """Return what is not well-formed; feedparser reads on all the same.

    Raises:
        ArchiveError: the file defines entities (with which a few lines become gigabytes), or is nested too deep.
    """
    try:
        defusedxml.sax.parseString(data, _Depth(), forbid_dtd=False, forbid_entities=True, forbid_external=False)
    except DefusedXmlException as error:
        raise ArchiveError(f"{path.name} defines entities of its own, which no feed needs: it was not read") from error
    except RecursionError as error:
        raise ArchiveError(f"{path.name} is nested more than {MAX_DEPTH} levels deep, so it is no feed") from error
    except (SAXException, ValueError, LookupError) as error:
        return printable(str(error))[:120]
    return None
