"""What reached an account and what it posted, page by page.

Both lists come newest first. The first walk goes to their end; a later one stops where the last one began, a little further back, because
the AppView lists posts a second or two late and not always in order. The cursor is small JSON; `page` is where a walk under way goes on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from atproto_client import models
from pydantic import TypeAdapter, ValidationError

from callbox.networks.bluesky import seen
from callbox.networks.bluesky.keys import POST
from callbox.networks.bluesky.line import Line, error_name
from callbox.networks.contract import NotSentError
from callbox.networks.vocabulary import Batch, Seen

PAGE: Final = 100
_REASONS: Final = ("reply", "mention", "quote")
_OVERLAP: Final = timedelta(minutes=2)
#: How a server says that no AppView stands behind it.
_NOT_SERVED: Final = {"MethodNotImplemented", "XRPCNotSupported"}
_NO_APPVIEW: Final = "No service configured"


type Turn = Literal["heard", "own"]


@dataclass(frozen=True, slots=True)
class Walk:
    """Through one list. until: newest time of the last whole walk.  top: newest time of this one.  page: where it goes on."""

    until: str = ""
    top: str = ""
    page: str = ""

    def after(self, times: Sequence[datetime], page: str | None) -> Walk:
        """Return the walk after a page of entries of these times (none where the list has no order of time), `page` being the next."""
        top = self.top or (max(times).isoformat(timespec="microseconds") if times else "")
        known = bool(self.until and times) and min(times) < datetime.fromisoformat(self.until) - _OVERLAP
        if page and not known:
            return replace(self, top=top, page=page)
        return Walk(until=max(top, self.until))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Two walks, and whose turn it is."""

    heard: Walk = Walk()
    own: Walk = Walk()
    turn: Turn = "heard"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return what `str` wrote; the beginning where it is empty or not understood."""
        try:
            return TypeAdapter(cls).validate_json(text)
        except ValidationError:
            return cls()

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    def went(self, walk: Walk, turn: Turn) -> Cursor:
        """Return the cursor after the walk whose turn it is went on."""
        heard, own = (walk, self.own) if self.turn == "heard" else (self.heard, walk)
        return Cursor(heard, own, turn)


#: What a page holds, the times its list is ordered by, and the next page.
type _Page = tuple[list[Seen], list[datetime], str | None]


class Collector:
    """Asks one account's server."""

    def __init__(self, line: Line) -> None:
        self._line, self._us = line, line.tokens()

    def page(self, cursor: str) -> Batch:
        """Return one page.

        Raises:
            NotSentError, SignInError: no answer.
        """
        at = Cursor.read(cursor)
        walk, ask = (at.heard, self._heard) if at.turn == "heard" else (at.own, self._own)
        try:
            found, times, page = ask(walk.page or None)
        except NotSentError as error:
            if not walk.page or error.after is not None:
                raise
            again = at.went(Walk(until=walk.until), at.turn)  # the server no longer knows this page: from the top
            return Batch((), str(again), more=True)
        walk = walk.after(times, page)
        turn: Turn = at.turn if walk.page else "own" if at.turn == "heard" else "heard"
        return Batch(tuple(found), str(at.went(walk, turn)), more=bool(walk.page) or turn == "own")

    def _heard(self, page: str | None) -> _Page:
        asked = models.AppBskyNotificationListNotifications.Params(cursor=page, limit=PAGE, reasons=list(_REASONS))
        try:
            answer = self._line.read(lambda: self._line.api.app.bsky.notification.list_notifications(asked))
        except NotSentError as error:
            if not _not_served(error):
                raise
            return [], [], None
        found = [seen.heard(each) for each in answer.notifications if each.reason in _REASONS]
        return [each for each in found if each], seen.times(answer.notifications), answer.cursor

    def _own(self, page: str | None) -> _Page:
        asked = models.AppBskyFeedGetAuthorFeed.Params(
            actor=self._us.did, cursor=page, limit=PAGE, filter="posts_with_replies"
        )
        try:
            answer = self._line.read(lambda: self._line.api.app.bsky.feed.get_author_feed(asked))
        except NotSentError as error:
            if not _not_served(error):
                raise
            return self._stored(page)
        found = [seen.posted(each) for each in answer.feed]
        order = seen.times([seen.reposting(each) or each.post for each in answer.feed])
        return [each for each in found if each], order, answer.cursor

    def _stored(self, page: str | None) -> _Page:
        """Read our posts from the server's own store: without an AppView nobody counts likes, and the list is in no order of time."""
        asked = models.ComAtprotoRepoListRecords.Params(repo=self._us.did, collection=POST, cursor=page, limit=PAGE)
        answer = self._line.read(lambda: self._line.api.com.atproto.repo.list_records(asked))
        found = [seen.stored(each, self._us.handle) for each in answer.records]
        return [each for each in found if each], [], answer.cursor


def _not_served(error: NotSentError) -> bool:
    """Whether no AppView stands behind the server."""
    cause = error.__cause__
    return isinstance(cause, Exception) and (error_name(cause) in _NOT_SERVED or error.said.startswith(_NO_APPVIEW))
