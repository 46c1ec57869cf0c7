"""The exports of a Facebook page and of an Instagram account: Accounts Center, "Download your information", format JSON.

Format: Meta's help pages (https://www.facebook.com/help/212802592074644, https://help.instagram.com/181231772500920) say what is in
it; the field names are those of real exports (see the golden files' README). Both write the bytes of UTF-8 as one character each,
which is undone here. Stories, archived posts and what others commented are not in it or not read; messages are, where chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from callbox.networks.archives import rows
from callbox.networks.archives.container import Container, Member, open_container, peek
from callbox.networks.archives.contract import ArchiveError, Batch, Reading
from callbox.networks.archives.json_stream import Element, elements

LABEL = "Facebook page or Instagram export"

_MESSAGES: Final = r"messages/inbox/[^/]+/message_\d+\.json"
_STAMP: Final = re.compile(r"^(?:facebook|instagram)-(.+?)-(\d{4})-(\d{1,2})-(\d{1,2})(?:-|\.|$)")
_VIDEO: Final = (".mp4", ".mov", ".webm", ".m4v")
_IMAGE: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".avif")


@dataclass(frozen=True)
class _Kind:
    """One of the two networks: where its posts and comments stand and under which keys."""

    network: str
    posts: str
    comments: str
    wrappers: tuple[str, ...]


_FACEBOOK: Final = _Kind(
    "facebook",
    r"posts/(?:your_posts|profile_posts|page_posts)[a-z_]*?(?:_\d+)?\.json",
    r"comments_and_reactions/comments\.json|comments/comments\.json",
    ("comments_v2", "comments"),
)
_INSTAGRAM: Final = _Kind(
    "instagram",
    r"(?:content|media)/(?:posts_\d+|reels|igtv_videos)\.json",
    r"comments/(?:post_comments|reels_comments)(?:_\d+)?\.json",
    ("ig_reels_media", "ig_igtv_media", "comments_media_comments", "comments_reels_comments"),
)
_KINDS: Final = (_FACEBOOK, _INSTAGRAM)


def recognises(path: Path) -> bool:
    """Whether posts of either network are among the members."""
    names = peek(path)[0]
    return any(re.search(rf"(?:^|/)(?:{kind.posts})$", name) for kind in _KINDS for name in names)


def read(path: Path, reading: Reading) -> Iterator[Batch]:
    """Yield posts and the account's own comments, then incoming messages where they were exported, then the account.

    Raises:
        ArchiveError: there are no posts of either network in it.
    """
    with open_container(path, reading.advance) as container:
        kind = next((kind for kind in _KINDS if container.matching(kind.posts)), None)
        if kind is None:
            raise ArchiveError(
                f"{path.name} holds no posts as JSON: ask for the export again and choose the format JSON and the posts"
            )
        collector = rows.Collector(path, reading)
        account = _Account(kind, path, container, reading.account)
        posts = container.matching(kind.posts)
        comments = container.matching(kind.comments)
        for members, translate in ((posts, account.post), (comments, account.comment)):
            for member in members:
                for element in collector.elements(container, member.name, *kind.wrappers):
                    collector.take(element, member.name, translate)
                    yield from collector.full()
        messages = container.matching(_MESSAGES)
        for thread in _threads(messages):
            account.conversation(collector, container, thread)
            yield from collector.full()
        carries = ["media"] + ["replies"] * bool(comments) + ["incoming"] * bool(messages)
        as_of = account.as_of(posts)
        yield from collector.finish(container, account.summary() | {"carries": carries, "as_of": as_of})


class _Account:
    """Translates the posts, comments and messages of one page or account."""

    def __init__(self, kind: _Kind, path: Path, container: Container, fallback: str | None) -> None:
        stamp = _STAMP.match(path.name)
        self._kind, self._stamp = kind, stamp
        self._name, user = _owner(container)
        self._handle = user or (stamp[1] if stamp else None) or fallback or self._name or "unknown"
        self.account = f"{kind.network}:{self._handle}"
        self.post: Callable[[dict[str, Any]], rows.Row] = self._page_post if kind is _FACEBOOK else self._picture_post
        self.comment: Callable[[dict[str, Any]], rows.Row] = (
            self._page_comment if kind is _FACEBOOK else self._picture_comment
        )

    def summary(self) -> rows.Row:
        """Return the row of the account."""
        return {"account": self.account, "network": self._kind.network, "handle": self._handle, "name": self._name}

    def as_of(self, posts: list[Member]) -> datetime | None:
        """Return the time of the newest file of posts inside the zip; else the end of the day in the file's name."""
        stated = max((member.modified for member in posts if member.modified), default=None)
        if stated is not None or self._stamp is None:
            return stated
        try:
            day = datetime(int(self._stamp[2]), int(self._stamp[3]), int(self._stamp[4]), tzinfo=UTC)
        except ValueError:
            return None
        return day + timedelta(days=1)

    def _row(self, at: datetime, text: str, *rest: object) -> rows.Row:
        """Return what all rows have. The exports state no ids: time and contents make one."""
        return {
            "account": self.account,
            "post": rows.pseudonym(at.isoformat(), text, *rest),
            "at": at,
            "action": "post",
            "text": text,
        }

    def _page_post(self, value: dict[str, Any]) -> rows.Row:
        at = rows.epoch(value.get("timestamp"))
        text = "\n".join(
            str(part["post"]) for part in rows.objects(value.get("data")) if isinstance(part.get("post"), str)
        )
        attached = [data for part in rows.objects(value.get("attachments")) for data in rows.objects(part.get("data"))]
        if not text and not attached:
            raise rows.Unfit("no_content")  # "NAME updated the cover photo." and its like
        media = [data["media"] for data in attached if isinstance(data.get("media"), dict)]
        return self._row(at, demojibake(text), *_addresses(media)) | _media(media)

    def _page_comment(self, value: dict[str, Any]) -> rows.Row:
        """A comment under a post. Whom it answers stands only in a sentence in the language of the export."""
        inner: dict[str, Any] = next(
            (part["comment"] for part in rows.objects(value.get("data")) if isinstance(part.get("comment"), dict)), {}
        )
        at, text = (
            rows.epoch(inner.get("timestamp") or value.get("timestamp")),
            demojibake(str(inner.get("comment") or "")),
        )
        sentence = demojibake(str(value.get("title") or ""))
        answered = re.search(r" replied to (?!(?:its|his|her|their) own)(.+)'s comment\.?$", sentence)
        other = answered is not None and answered[1] != self._name
        return self._row(at, text, "comment") | {"action": "reply", "addressee": "other" if other else "unknown"}

    def _picture_post(self, value: dict[str, Any]) -> rows.Row:
        media = rows.objects(value.get("media"))
        first = media[0] if media else {}
        at = rows.epoch(value.get("creation_timestamp") or first.get("creation_timestamp"))
        text = demojibake(str(value.get("title") or first.get("title") or ""))
        if not media and not text:
            raise rows.Unfit("no_content")
        return self._row(at, text, *_addresses(media)) | _media(media)

    def _picture_comment(self, value: dict[str, Any]) -> rows.Row:
        """A comment under a picture, somebody else's or (then it is not said whom it answers) the own one."""
        stated = value["string_map_data"]
        at = rows.epoch(stated["Time"]["timestamp"])
        owner = demojibake(str((stated.get("Media Owner") or {}).get("value") or ""))
        text = demojibake(str((stated.get("Comment") or {}).get("value") or ""))
        other = owner and owner.lower() != self._handle.lower()
        return self._row(at, text, "comment") | {"action": "reply", "addressee": "other" if other else "unknown"}

    def conversation(self, collector: rows.Collector, container: Container, thread: list[Member]) -> None:
        """Add the incoming messages of one conversation, which may be divided into several files."""
        folder = thread[0].name.rpartition("/")[0]
        found: list[tuple[datetime, bool, str]] = []
        for member in thread:
            for element in collector.elements(container, member.name, "messages", private=True):
                message = element.value
                try:
                    at = rows.epoch(message.get("timestamp_ms"), unit=1000)
                    collector.check(at)
                except rows.Unfit as unfit:
                    collector.set_aside(element, unfit.code, unfit.values, member=member.name)
                    continue
                sender = demojibake(str(message.get("sender_name") or ""))
                own = self._name is not None and sender == self._name
                found.append((at, own, rows.pseudonym(folder, member.name, element.number)))
        for row in rows.contacts(self.account, rows.pseudonym(folder), "message", found):
            collector.add("contacts", row)


def demojibake(text: str) -> str:
    """Return a text whose UTF-8 bytes had been written as one character each; others as they are."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _media(media: list[dict[str, Any]]) -> rows.Row:
    addresses = [address.lower() for address in _addresses(media)]
    videos = sum(address.endswith(_VIDEO) for address in addresses)
    return {"images": sum(address.endswith(_IMAGE) for address in addresses), "videos": videos}


def _addresses(media: list[dict[str, Any]]) -> list[str]:
    return [str(item.get("uri") or "").partition("?")[0] for item in media]


def _threads(messages: list[Member]) -> Iterator[list[Member]]:
    """Yield the files of one conversation after the other."""
    by_folder: dict[str, list[Member]] = {}
    for member in messages:
        by_folder.setdefault(member.name.rpartition("/")[0], []).append(member)
    yield from by_folder.values()


def _owner(container: Container) -> tuple[str | None, str | None]:
    """Return the display name and the user name, as far as the export states them."""
    name = user = None
    for member in container.matching(r"profile_information/profile_information\.json"):
        whole = _one(container, member.name)
        profile = whole.get("profile_v2") or whole.get("profile") or {}
        stated = profile.get("name") if isinstance(profile, dict) else None
        name = stated.get("full_name") if isinstance(stated, dict) else stated
        page = (
            re.search(r"facebook\.com/([\w.\-]+)/?$", str(profile.get("profile_uri")))
            if isinstance(profile, dict)
            else None
        )
        user = page[1] if page else None
    for member in container.matching(r"personal_information/(?:personal_information/)?personal_information\.json"):
        for entry in rows.objects(_one(container, member.name).get("profile_user")):
            fields = entry.get("string_map_data")
            if isinstance(fields, dict):
                user = (fields.get("Username") or {}).get("value") or user
                name = (fields.get("Name") or {}).get("value") or name
    return demojibake(name) if isinstance(name, str) else None, user if isinstance(user, str) else None


def _one(container: Container, member: str) -> dict[str, Any]:
    with container.open(member) as stream:
        first = next(iter(elements(stream)), None)
    return first.value if isinstance(first, Element) else {}
