"""An X archive: Settings, Your account, "Download an archive of your data". A zip with `data/*.js`, each an array after an assignment.

Format: the README.txt inside every such archive, https://help.x.com/en/managing-your-account/how-to-download-your-x-archive.
Read are tweets (in all parts and under their older name), long texts, direct messages, account and manifest; deleted posts are not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from callbox.networks.alt import described
from callbox.networks.archives import rows
from callbox.networks.archives.container import Container, open_container, peek
from callbox.networks.archives.contract import ArchiveError, Batch, Reading
from callbox.networks.archives.json_stream import Element, elements

LABEL = "X archive"

_TWEETS: Final = r"(?:data/)?tweets?(?:-part\d+)?\.js"
_MESSAGES: Final = r"(?:data/)?direct-messages(?:-part\d+)?\.js"
_NOTES: Final = r"(?:data/)?note-tweets?(?:-part\d+)?\.js"
#: Characters of long texts that are held to complete the posts they belong to.
_HELD: Final = 32 * 2**20
_CLASSIC: Final = re.compile(r"([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_STATUS: Final = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/[^/\s]+/status/(\d+)(?:\?\S*)?$")


def recognises(path: Path) -> bool:
    """Whether there is a tweets file among the members, or the file is one."""
    pattern = re.compile(rf"(?:^|/){_TWEETS}$")
    return any(pattern.search(name) for name in peek(path)[0])


def read(path: Path, reading: Reading) -> Iterator[Batch]:
    """Yield posts, then incoming direct messages where there are any, then the account.

    Raises:
        ArchiveError: there are no tweets files, or they hold nothing that could be read.
    """
    with open_container(path, reading.advance) as container:
        members = [member.name for member in container.matching(_TWEETS)]
        if not members:
            raise ArchiveError(f"{path.name} holds no data/tweets.js, so it is no X archive")
        collector = rows.Collector(path, reading)
        posts = _Posts(_account(container), reading.account, _notes(container))
        for member in members:
            for element in collector.elements(container, member):
                posts.take(collector, element, member)
                yield from collector.full()
        for element, member in posts.last_versions(collector):
            collector.take(element, member, posts.row)
        messages = container.matching(_MESSAGES)
        for message in messages:
            for element in collector.elements(container, message.name, private=True):
                posts.conversation(collector, element, message.name)
                yield from collector.full()
        yield from collector.finish(container, posts.summary(incoming=bool(messages)))


class _Posts:
    """Translates the posts of one account. notes: long texts by the id or the second of their post."""

    def __init__(self, account: dict[str, Any], fallback: str | None, notes: dict[str, str]) -> None:
        stated = account.get("username")
        self._handle = stated if isinstance(stated, str) and stated else (fallback or "unknown").removeprefix("@")
        self._id = str(account.get("accountId") or "")
        self._name = account.get("accountDisplayName")
        self._as_of = account.get("as_of")
        self._notes = notes
        self._edited: dict[str, list[tuple[Element, str]]] = {}
        self._alt = False
        self.account = f"x:{self._handle}"

    def summary(self, *, incoming: bool) -> rows.Row:
        """Return the row of the account. Alternative texts are carried only when the field is there at all: most archives lack it."""
        carries = ["replies", "media", "language", "engagement"]
        return {
            "account": self.account,
            "network": "x",
            "handle": self._handle,
            "name": self._name if isinstance(self._name, str) else None,
            "carries": carries + ["alt_text"] * self._alt + ["incoming"] * incoming,
            "as_of": self._as_of,
        }

    def take(self, collector: rows.Collector, element: Element, member: str) -> None:
        """Add a post; hold the versions of an edited one until all are known."""
        versions = _versions(element.value)
        if len(versions) > 1:
            self._edited.setdefault(versions[0], []).append((element, member))
        else:
            collector.take(element, member, self.row)

    def last_versions(self, collector: rows.Collector) -> Iterator[tuple[Element, str]]:
        """Yield the last version of every edited post and set the earlier ones aside."""
        for versions in self._edited.values():
            versions.sort(key=lambda version: _number(_tweet(version[0].value).get("id_str")))
            for element, member in versions[:-1]:
                collector.set_aside(element, "earlier_version", {}, member=member)
            yield versions[-1]

    def row(self, value: dict[str, Any]) -> rows.Row:
        """Return the row of an element of `tweets.js`."""
        tweet = _tweet(value)
        text = html.unescape(str(tweet.get("full_text") or tweet.get("text") or ""))
        at = classic_time(tweet.get("created_at"))
        row: rows.Row = {
            "account": self.account,
            "post": str(tweet.get("id_str") or tweet.get("id") or ""),
            "at": at,
            "action": "post",
            "language": rows.language(tweet.get("lang")),
        }
        if text.startswith("RT @") or tweet.get("retweeted_status"):
            # Text, pictures and counts are those of somebody else's post.
            return row | {"action": "repost", "language": None}
        if (
            tweet.get("in_reply_to_status_id_str")
            or tweet.get("in_reply_to_user_id_str")
            or tweet.get("in_reply_to_screen_name")
        ):
            row |= {"action": "reply", "addressee": self._addressee(tweet)}
        elif _quotes(tweet):
            row["action"] = "quote"
        row |= {
            "likes": rows.count(tweet.get("favorite_count")),
            "reposts": rows.count(tweet.get("retweet_count")),
            "text": self._whole(text, row["post"], at),
        }
        return row | self._media(tweet)

    def _addressee(self, tweet: dict[str, Any]) -> str:
        user, name = (
            tweet.get("in_reply_to_user_id_str") or tweet.get("in_reply_to_user_id"),
            tweet.get("in_reply_to_screen_name"),
        )
        if self._id and user:
            return "self" if str(user) == self._id else "other"
        if isinstance(name, str) and name:
            return "self" if name.lower() == self._handle.lower() else "other"
        return "unknown"

    def _whole(self, text: str, post: str, at: datetime) -> str:
        """Return the long text of which the tweet only holds the beginning."""
        note = self._notes.get(post) or self._notes.get(str(int(at.timestamp())))
        return note if note and note[:60] == text[:60] else text

    def _media(self, tweet: dict[str, Any]) -> rows.Row:
        extended = tweet.get("extended_entities") or tweet.get("entities") or {}
        media = rows.objects(extended.get("media"))
        images = [item for item in media if item.get("type") in ("photo", "animated_gif")]
        self._alt |= any("ext_alt_text" in item for item in images)
        return {
            "images": len(images),
            "images_described": sum(described(item["ext_alt_text"]) for item in images)
            if all("ext_alt_text" in item for item in images)
            else None,
            "videos": sum(item.get("type") == "video" for item in media),
        }

    def conversation(self, collector: rows.Collector, element: Element, member: str) -> None:
        """Add the incoming messages of a conversation. Its own id names the other person, so a pseudonym stands in its place."""
        found: list[tuple[datetime, bool, str]] = []
        try:
            whole = element.value["dmConversation"]
            for message in rows.objects(whole["messages"]):
                create = message.get("messageCreate")
                if isinstance(create, dict):
                    own = str(create["senderId"]) == self._id
                    found.append((rows.iso_time(create.get("createdAt")), own, str(create["id"])))
            for row in rows.contacts(self.account, rows.pseudonym(whole["conversationId"]), "message", found):
                collector.add("contacts", row)
        except rows.Unfit as unfit:
            collector.set_aside(element, unfit.code, unfit.values, member=member)
        except (LookupError, TypeError):
            collector.set_aside(element, "not_a_post", {}, member=member)


def classic_time(value: object) -> datetime:
    """Return the time of a tweet (`Wed Oct 10 20:19:24 +0000 2018`) as UTC.

    Raises:
        Unfit: there is none or it is not understood.
    """
    if not isinstance(value, str) or not value:
        raise rows.Unfit("no_time")
    found = _CLASSIC.fullmatch(value.strip())
    if found is None:
        return rows.iso_time(value)
    weekday, month, day, clock, zone, year = found.groups()
    try:
        return parsedate_to_datetime(f"{weekday}, {day} {month} {year} {clock} {zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise rows.Unfit("bad_time", value=value[:40]) from None


def _tweet(value: dict[str, Any]) -> dict[str, Any]:
    """Return the tweet inside an element; the oldest archives hold it without the `tweet` around it."""
    inner = value.get("tweet", value)
    return inner if isinstance(inner, dict) else {}


def _versions(value: dict[str, Any]) -> list[str]:
    """Return the ids of all versions of a post, the first one first."""
    info = _tweet(value).get("edit_info")
    if not isinstance(info, dict):
        return []
    stated = (
        info.get("initial") or (info.get("edit") or {}).get("editControlInitial")
        if isinstance(info.get("edit", {}), dict)
        else None
    )
    ids = stated.get("editTweetIds") if isinstance(stated, dict) else None
    return sorted((one for one in ids if isinstance(one, str)), key=_number) if isinstance(ids, list) else []


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and re.fullmatch(r"\d{1,20}", text) else 0


def _quotes(tweet: dict[str, Any]) -> bool:
    """Whether the post shows another one: the network does so for a link to a post at the end of the text."""
    if tweet.get("quoted_status_id_str") or tweet.get("quoted_status"):
        return True
    urls = rows.objects((tweet.get("entities") or {}).get("urls"))
    if not urls:
        return False
    last = urls[-1]
    text = str(tweet.get("full_text") or "").rstrip()
    return _STATUS.match(str(last.get("expanded_url"))) is not None and text.endswith(str(last.get("url")))


def _first(container: Container, name: str, key: str) -> dict[str, Any]:
    """Return the one element of a small member."""
    for member in container.matching(rf"(?:data/)?{name}\.js"):
        with container.open(member.name) as stream:
            for element in elements(stream):
                value = element.value.get(key) if isinstance(element, Element) else None
                if isinstance(value, dict):
                    return value
    return {}


def _account(container: Container) -> dict[str, Any]:
    """Return account.js, completed from the manifest, with the time at which the archive was generated as `as_of`."""
    account = dict(_first(container, "account", "account"))
    user, info = _first(container, "manifest", "userInfo"), _first(container, "manifest", "archiveInfo")
    for ours, theirs in (("username", "userName"), ("accountId", "accountId"), ("accountDisplayName", "displayName")):
        account.setdefault(ours, user.get(theirs))
    try:
        account["as_of"] = rows.iso_time(info.get("generationDate"))
    except rows.Unfit:
        account["as_of"] = None
    return account


def _notes(container: Container) -> dict[str, str]:
    """Return the long texts, by the id of their post where it is stated, else by its second."""
    notes: dict[str, str] = {}
    held = 0
    for member in container.matching(_NOTES):
        with container.open(member.name) as stream:
            for element in elements(stream):
                note = element.value.get("noteTweet") if isinstance(element, Element) else None
                core = (note.get("core") or note.get("noteTweetResults")) if isinstance(note, dict) else None
                if not isinstance(note, dict) or not isinstance(core, dict) or not isinstance(core.get("text"), str):
                    continue
                held += len(core["text"])
                if held > _HELD:
                    return notes
                notes[str(note.get("tweetId") or _second(note.get("createdAt")))] = core["text"]
    return notes


def _second(stated: object) -> str:
    try:
        return str(int(rows.iso_time(stated).timestamp()))
    except rows.Unfit:
        return ""
