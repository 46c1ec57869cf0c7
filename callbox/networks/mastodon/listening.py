"""What reached an account, and what it posted itself: pages of statuses as `Seen`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from callbox.networks.alt import described
from callbox.networks.contract import NetworkError
from callbox.networks.mastodon.client import Client, stated
from callbox.networks.mastodon.words import text_of
from callbox.networks.vocabulary import Batch, Door, Seen

log = logging.getLogger(__name__)

PAGE: Final = 40
#: Answers that may be others in a moment (RFC 9110, 15), or that ask for a new sign-in. Any other to one question is its answer.
_PASSING: Final = {401, 403, 408, 429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The newest of each kind that was seen: ids of a notification and of a status of our own, and when that status was made."""

    mention: str = ""
    own: str = ""
    own_at: str = ""

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return what `write` wrote; the beginning for anything else."""
        try:
            stored = json.loads(text)
            return cls(**{name: str(stored.get(name, "")) for name in ("mention", "own", "own_at")})
        except (ValueError, AttributeError):
            return cls()

    def write(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self), sort_keys=True)


class Listener:
    """One look. me: our account's id.  domain: what local names lack."""

    def __init__(self, client: Client, me: str, domain: str) -> None:
        self._client, self._me, self._domain = client, me, domain
        self._first: dict[str, str] = {}  # status -> first status of its thread, as far as this look knows

    def page(self, cursor: str) -> Batch:
        """Return what came after `cursor`, oldest first."""
        at = Cursor.read(cursor)
        notices, own = self._notices(at), self._own(at)
        mentions = [each.status for each in notices if each.get("type") == "mention" and _whole(each.get("status"))]
        seen = list(self._readable([*mentions, *own]))
        newest = max(own, key=_made, default=None)
        after = Cursor(
            mention=str(max(notices, key=_made).id) if notices else at.mention,
            own=str(newest.id) if newest else at.own,
            own_at=_made(newest).isoformat() if newest else at.own_at,
        )
        more = cursor != "" and max(len(notices), len(own)) >= PAGE
        return Batch(tuple(sorted(seen, key=lambda each: each.at)), after.write(), more=more)

    def _notices(self, at: Cursor) -> list[Any]:
        """Return the notifications after the cursor. Servers that take no `types` send other kinds too: they are passed, not stopped at."""
        with self._client.reading():
            page = self._client.api.notifications(types=["mention"], min_id=at.mention or None, limit=PAGE)
            return [each for each in page if _dated(each) and str(each.id) != at.mention]

    def _own(self, at: Cursor) -> list[Any]:
        """Return our own statuses after the cursor. Servers that take no `min_id` answer with the newest, so what is known is left out."""
        with self._client.reading():
            page = self._client.api.account_statuses(self._me, min_id=at.own or None, limit=PAGE)
            since = datetime.fromisoformat(at.own_at) if at.own_at else datetime.min.replace(tzinfo=UTC)
            return [each for each in page if _whole(each) and str(each.id) != at.own and _made(each) >= since]

    def _readable(self, statuses: Iterable[Any]) -> Iterator[Seen]:
        """Yield what can be understood; one strange status does not keep the others of its page from being heard."""
        for status in statuses:
            try:
                seen = self._seen(status)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                log.warning("A status was passed over because it makes no sense: %s", type(error).__name__)
            else:
                yield seen

    def _seen(self, status: Any) -> Seen:
        own = str(status.account.id) == self._me
        shown = status.reblog if status.reblog is not None else status
        media = [(each.get("type"), each.get("description")) for each in shown.media_attachments or ()]
        images = [description for kind, description in media if kind in {"image", "gifv"}]
        parent = str(status.in_reply_to_id or "")
        first, answers_us = self._thread(status, parent)
        return Seen(
            remote_id=str(status.id),
            at=_made(status),
            text="\n".join(filter(None, (_warning(shown), text_of(stated(shown.content))))),
            author=f"mastodon:{self._handle(status.account)}",
            author_name=stated(status.account.get("display_name")),
            own=own,
            door=_door(status, answers_us=answers_us),
            thread=first,
            parent=parent,
            url=stated(status.get("url")) or stated(status.get("uri")),
            language=stated(status.get("language")),
            images=len(images),
            images_described=sum(described(each) for each in images),
            videos=sum(kind == "video" for kind, _ in media),
            likes=_count(status.get("favourites_count")),
            reposts=_count(status.get("reblogs_count")),
            replies=_count(status.get("replies_count")),
            repost=status.reblog is not None,
            revision=status.edited_at.isoformat() if isinstance(status.get("edited_at"), datetime) else "",
        )

    def _thread(self, status: Any, parent: str) -> tuple[str, bool]:
        """Return the first status of the thread, and whether the parent is our own. One call a thread, none for a first status."""
        if not parent:
            return str(status.id), False
        answers_us = str(status.get("in_reply_to_account_id") or "") == self._me
        if parent in self._first:
            self._first[str(status.id)] = self._first[parent]
            return self._first[parent], answers_us
        above = self._above(str(status.id))
        first = str(above[0].id) if above else parent
        answers_us = answers_us or any(str(each.id) == parent and str(each.account.id) == self._me for each in above)
        for each in (*[str(each.id) for each in above], parent, str(status.id)):
            self._first[each] = first
        return first, answers_us

    def _above(self, status: str) -> list[Any]:
        try:
            with self._client.reading():
                return list(self._client.api.status_context(status).ancestors)
        except NetworkError:
            # Deleted meanwhile, or too much for the server: one thread that cannot be told must not silence all the others.
            if self._client.status is not None and self._client.status not in _PASSING:
                return []
            raise

    def _handle(self, account: Any) -> str:
        acct = stated(account.get("acct")) or stated(account.get("username"))
        return acct if "@" in acct else f"{acct}@{self._domain}"


def _door(status: Any, *, answers_us: bool) -> Door:
    if status.get("visibility") in {"direct", "private"}:
        return "message"  # not for everybody's eyes
    return "comment" if answers_us else "mention"


def _warning(status: Any) -> str:
    """Return the words that stand above a status and hide it; many write what it is about there and nowhere else."""
    return " ".join(stated(status.get("spoiler_text")).split())


def _whole(status: Any) -> bool:
    """Whether a server gave what cannot be done without."""
    return _dated(status) and status.get("account") is not None


def _dated(entry: Any) -> bool:
    return isinstance(entry, Mapping) and bool(entry.get("id")) and isinstance(entry.get("created_at"), datetime)


def _made(entry: Any) -> datetime:
    at: datetime = entry.created_at
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
