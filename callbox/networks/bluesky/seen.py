"""Posts of the network as what was seen. A record is whatever its author's app wrote, so nothing in it is trusted to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from atproto_client import models
from atproto_client.models.utils import get_model_as_dict

from callbox.networks.bluesky import keys
from callbox.networks.bluesky.embeds import embeds_of, media_of
from callbox.networks.vocabulary import Door, Seen

#: What a server says where a handle no longer leads to its account.
_NO_HANDLE: Final = "handle.invalid"

type Feed = models.AppBskyFeedDefs.FeedViewPost
type Repost = models.AppBskyFeedDefs.ReasonRepost


class _Indexed(Protocol):
    """Anything an AppView has indexed."""

    indexed_at: str


def moment(stated: object) -> datetime | None:
    """Return a time as UTC, one without a zone taken as UTC; None when it is none."""
    try:
        at = datetime.fromisoformat(str(stated))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def times(indexed: Iterable[_Indexed]) -> list[datetime]:
    """Return when the AppView saw them."""
    found = (moment(each.indexed_at) for each in indexed)
    return [each for each in found if each]


def heard(notification: models.AppBskyNotificationListNotifications.Notification) -> Seen | None:
    """Return a reply, mention or quote. It reached the agency when the AppView saw it, whatever its own clock says."""
    value, at = plain(notification.record), moment(notification.indexed_at)
    if at is None:
        return None
    author = notification.author
    who = author.did if author.handle == _NO_HANDLE else author.handle
    return _seen(notification.uri, notification.cid, value, at, who, name=author.display_name or who)


def posted(entry: Feed) -> Seen | None:
    """Return a post of our own, or what we passed on."""
    post, passed = entry.post, reposting(entry)
    if passed is not None:
        at = moment(passed.indexed_at)
        if at is None or not passed.uri:
            return None
        url = keys.web_address(post.author.handle, post.uri)
        return Seen(
            passed.uri, at, "", f"bluesky:{passed.by.handle}", own=True, thread=passed.uri, url=url, repost=True
        )
    value, indexed = plain(post.record), moment(post.indexed_at)
    at = min((each for each in (moment(value.get("createdAt")), indexed) if each), default=None)
    if at is None:
        return None
    shown = _seen(post.uri, post.cid, value, at, post.author.handle, name=post.author.display_name, own=True)
    return replace(shown, likes=post.like_count, reposts=post.repost_count, replies=post.reply_count)


def stored(entry: models.ComAtprotoRepoListRecords.Record, handle: str) -> Seen | None:
    """Return a post of our own as the server stores it."""
    value = plain(entry.value)
    at = moment(value.get("createdAt"))
    return _seen(entry.uri, entry.cid, value, min(at, datetime.now(UTC)), handle, own=True) if at else None


def reposting(entry: Feed) -> Repost | None:
    """Return who passed it on and when, None for a post of the account's own."""
    return entry.reason if isinstance(entry.reason, models.AppBskyFeedDefs.ReasonRepost) else None


def _seen(
    uri: str,
    cid: str,
    value: Mapping[str, Any],
    at: datetime,
    who: str,
    *,
    name: str | None = None,
    own: bool = False,
) -> Seen:
    reply = value.get("reply")
    parent, root = (_uri(reply.get(end)) if isinstance(reply, dict) else "" for end in ("parent", "root"))
    door: Door = "comment" if parent else "mention"
    languages = value.get("langs")
    return Seen(
        remote_id=uri,
        at=at,
        text=str(value.get("text") or ""),
        author=f"bluesky:{who}",
        author_name=name or who,
        own=own,
        door=door,
        thread=root or uri,
        parent=parent,
        url=keys.web_address(who, uri),
        language=str(languages[0]) if isinstance(languages, list) and languages else "",
        revision=cid,
        **media_of(list(embeds_of(value.get("embed")))),
    )


def _uri(reference: object) -> str:
    return str(reference.get("uri") or "") if isinstance(reference, dict) else ""


def plain(record: Any) -> dict[str, Any]:
    """Return a record as plain JSON values, whether the SDK knows its kind or not."""
    return get_model_as_dict(record)
