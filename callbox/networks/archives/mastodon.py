"""A Mastodon archive: Preferences, Import and export, "Request your archive". A zip (tar.gz before Mastodon 4.2) with ActivityPub JSON.

Format: Mastodon's `BackupService` and its ActivityPub serializers (https://docs.joinmastodon.org/user/moving/#export,
https://docs.joinmastodon.org/spec/activitypub/). Likes and bookmarks are not read. Posts that are not public are left out and counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from callbox.networks.alt import described
from callbox.networks.archives import rows, tar_files
from callbox.networks.archives.container import Container, open_container, peek
from callbox.networks.archives.contract import ArchiveError, Batch, Reading
from callbox.networks.html_text import words_and_images

LABEL = "Mastodon archive"

_OUTBOX: Final = r"outbox\.json"
_PUBLIC: Final = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
_STAMP: Final = re.compile(r"archive-(\d{14})-")
_QUOTES: Final = ("quote", "quoteUrl", "quoteUri", "_misskey_quote")
_ASPECTS: Final = ["replies", "media", "alt_text", "language"]


def recognises(path: Path) -> bool:
    """Whether the file is an archive with an outbox, or a tar too long to see (no other network hands out tars)."""
    if path.name == "outbox.json":
        return True
    names, complete = peek(path)
    found = any(name.rpartition("/")[2] == "outbox.json" for name in names)
    return found or (not complete and path.is_file() and tar_files.is_tar(path))


def read(path: Path, reading: Reading) -> Iterator[Batch]:
    """Yield posts, then the account.

    Raises:
        ArchiveError: the archive has no outbox.json, or it holds nothing that could be read.
    """
    with open_container(path, reading.advance) as container:
        outbox = container.matching(_OUTBOX)
        if not outbox:
            raise ArchiveError(
                f"{path.name} holds no outbox.json, so it is no complete Mastodon archive: request it anew"
            )
        member = outbox[0].name
        collector = rows.Collector(path, reading)
        actor = _actor(container, member)
        posts: _Posts | None = None
        for element in collector.elements(container, member, "orderedItems"):
            posts = posts or _Posts(actor or _author(element.value), reading.account)
            if not _public(element.value):
                collector.leave_out("private_left_out")
                continue
            collector.take(element, member, posts.row)
            yield from collector.full()
        if posts is None:
            if not actor:
                raise ArchiveError(f"{path.name}: its outbox.json holds no activities, so it is no Mastodon archive")
            posts = _Posts(actor, reading.account)
        yield from collector.finish(container, posts.summary() | {"as_of": _as_of(path, outbox[0].modified)})


class _Posts:
    """Translates the activities of one account. roots: self-replies seen so far and the first post of their thread."""

    def __init__(self, actor: dict[str, Any], fallback: str | None) -> None:
        self._id = str(actor.get("id") or "")
        page = actor.get("url")
        self._pages = tuple(f"{page}/" for page in (self._id, page) if isinstance(page, str) and page)
        name, host = actor.get("preferredUsername"), urlsplit(self._id).hostname
        self._handle = f"{name}@{host}" if name and host else fallback or self._id or "unknown"
        self._name = actor.get("name")
        self.account = f"mastodon:{self._handle}"
        self._roots: dict[str, str] = {}
        self._counted = False

    def summary(self) -> rows.Row:
        """Return the row of the account."""
        name = self._name if isinstance(self._name, str) else None
        carries = _ASPECTS + (["engagement"] if self._counted else [])
        return {
            "account": self.account,
            "network": "mastodon",
            "handle": self._handle,
            "name": name,
            "carries": carries,
        }

    def row(self, activity: dict[str, Any]) -> rows.Row:
        """Return the row of an activity: `Create` is a post, `Announce` a repost."""
        if activity.get("type") == "Announce":
            return {
                "account": self.account,
                "post": activity["id"],
                "at": rows.iso_time(activity.get("published")),
                "action": "repost",
            }
        if activity.get("type") != "Create" or not isinstance(activity.get("object"), dict):
            raise rows.Unfit("not_a_post")
        return self._note(activity["object"], activity.get("published"))

    def _note(self, note: dict[str, Any], published: object) -> rows.Row:
        answered = note.get("inReplyTo")
        row: rows.Row = {
            "account": self.account,
            "post": note["id"],
            "at": rows.iso_time(note.get("published") or published),
            "action": "quote" if any(note.get(key) for key in _QUOTES) else "post",
            "language": _language(note),
            "likes": _total(note.get("likes")),
            "reposts": _total(note.get("shares")),
            "text": words_and_images(str(note.get("content") or ""))[0],
        }
        if isinstance(answered, str) and answered:
            row |= {"action": "reply", "addressee": "other"}
            if answered.startswith(self._pages):
                root = self._roots.get(answered, answered)
                self._roots[note["id"]] = root
                row |= {"addressee": "self", "thread": root}
        self._counted |= row["likes"] is not None
        return row | _media(note)


def _media(note: dict[str, Any]) -> rows.Row:
    attached = [(_kind(item), item) for item in rows.objects(note.get("attachment"))]
    images = [item for kind, item in attached if kind == "image"]
    return {
        "images": len(images),
        "images_described": sum(described(item.get("name") or item.get("summary")) for item in images),
        "videos": sum(kind == "video" for kind, _ in attached),
    }


def _kind(attachment: dict[str, Any]) -> str:
    """Return `image`, `video` or something else; Mastodon says it in the media type, others in the type."""
    stated = str(attachment.get("mediaType") or attachment.get("type") or "").lower()
    return stated.partition("/")[0]


def _language(note: dict[str, Any]) -> str | None:
    versions = note.get("contentMap")
    return rows.language(next(iter(versions), None)) if isinstance(versions, dict) else None


def _total(collection: object) -> int | None:
    return rows.count(collection.get("totalItems")) if isinstance(collection, dict) else None


def _public(activity: dict[str, Any]) -> bool:
    """Whether anybody may see it. Without any address nothing is known against it."""
    inner = activity.get("object")
    addresses: set[str] = set()
    for item in (activity, inner if isinstance(inner, dict) else {}):
        for key in ("to", "cc"):
            stated = item.get(key) or []
            addresses.update([stated] if isinstance(stated, str) else (one for one in stated if isinstance(one, str)))
    return not addresses or bool(addresses & _PUBLIC)


def _author(activity: dict[str, Any]) -> dict[str, Any]:
    """Return what an activity tells of its author, for archives without an actor.json."""
    actor = activity.get("actor")
    if not isinstance(actor, str):
        return {}
    parts = urlsplit(actor)
    return {"id": actor, "preferredUsername": parts.path.rpartition("/")[2].lstrip("@")}


def _actor(container: Container, outbox: str) -> dict[str, Any]:
    folder = outbox.rpartition("/")[0]
    name = f"{folder}/actor.json" if folder else "actor.json"
    if name not in container.members:
        return {}
    try:
        actor = json.loads(container.whole(name))
    except (ValueError, RecursionError):
        return {}
    return actor if isinstance(actor, dict) else {}


def _as_of(path: Path, modified: datetime | None) -> datetime | None:
    """Return the export's time: Mastodon writes it (UTC) into the file's name; else that of outbox.json inside.

    The account's own `published` is the day it was opened and says nothing of the export.
    """
    stamp = _STAMP.search(path.name)
    if stamp:
        try:
            return datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            pass
    return modified
