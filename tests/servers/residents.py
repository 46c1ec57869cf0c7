"""What residents do on the real servers: see a post of the agency, answer it, address the agency, read what comes back.

Nothing here is Callbox's: each speaks the network's own language, so that what the agency published is judged by somebody else.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Protocol

import httpx
from mastodon.errors import MastodonNetworkError

from tests.servers.atproto import POST, Account
from tests.servers.mail import MailServer
from tests.servers.snac import Daemon

#: Servers tell each other within seconds, not at once.
PATIENCE = 60.0


def until[T](ask: Callable[[], T | None], what: str, *, seconds: float = PATIENCE) -> T:
    """Ask until there is an answer. snac breaks off some calls: asked again.

    Raises:
        AssertionError: `what` did not come about in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(MastodonNetworkError, httpx.TransportError):
            if found := ask():
                return found
        time.sleep(0.3)
    raise AssertionError(f"{what}: not within {seconds:g} s")


class Resident(Protocol):
    """Somebody with an account of their own, on which each post has a name."""

    def sees(self, words: str) -> str:
        """Wait for a post of the agency with these words, and return its name."""
        ...

    def reply(self, to: str, text: str) -> str:
        """Answer it, and return the name of the answer."""
        ...

    def answers(self, to: str) -> list[str]:
        """Return what the agency answered to one's own `to`, as it reads."""
        ...


@dataclass(frozen=True, slots=True)
class OnMastodon:
    """A resident with an account on another server of the fediverse, who follows the agency. snac mentions nobody whose server has
    a port in its name, so this resident only replies.
    """

    home: Daemon
    agency: Daemon

    def follow(self) -> None:
        """Follow the agency, and wait until its server knows."""
        api, there = self.home.signed_in(), self.agency.signed_in()
        accounts = until(lambda: api.search(f"@{self.agency.handle}", resolve=True).accounts, "the agency is found")
        until(lambda: api.account_follow(accounts[0].id), "following is answered")
        until(lambda: any(each.type == "follow" for each in there.notifications()), "the agency hears of its follower")

    def timeline(self) -> list[Any]:
        """Return what the agency posted, as this server shows it."""
        return [each for each in self.home.signed_in().timeline_home() if each.account.acct == self.agency.handle]

    def sees(self, words: str) -> str:
        """Wait until the other server has brought it here."""
        return until(
            lambda: next((str(each.id) for each in self.timeline() if words in plain(each.content)), None),
            f"the other server shows {words!r}",
        )

    def reply(self, to: str, text: str) -> str:
        """Answer once, however often snac breaks off: it may have taken a call that it did not answer."""
        api = self.home.signed_in()

        def posted() -> str | None:
            mine = api.account_statuses(api.me().id)
            return next((str(each.id) for each in mine if text in plain(each.content)), None)

        try:
            return str(api.status_post(text, in_reply_to_id=to).id)
        except MastodonNetworkError:
            return until(posted, "snac shows one's own post")

    def answers(self, to: str) -> list[str]:
        """Return the agency's posts below one of our own."""
        with suppress(MastodonNetworkError):
            below = self.home.signed_in().status_context(to).descendants
            return [plain(each.content) for each in below if str(each.in_reply_to_id) == to]
        return []


@dataclass(slots=True)
class OnBluesky:
    """A resident with an account of the AT Protocol, who sees what the AppView shows. Posts are named by their at:// address."""

    me: Account
    agency: Account
    _token: str = field(default="", repr=False)

    def posts(self) -> list[dict[str, Any]]:
        """Return the agency's posts, newest first, as the AppView shows them."""
        answer = self._get("app.bsky.feed.getAuthorFeed", {"actor": self.agency.did, "limit": "100"})
        return [each["post"] for each in answer["feed"]]

    def sees(self, words: str) -> str:
        """Wait until the AppView shows it."""
        return until(
            lambda: next((str(each["uri"]) for each in self.posts() if words in each["record"]["text"]), None),
            f"the AppView shows {words!r}",
        )

    def forgot(self, uri: str) -> bool:
        """Whether the AppView no longer shows a post."""
        return not self._get("app.bsky.feed.getPosts", {"uris": uri})["posts"]

    def reply(self, to: str, text: str) -> str:
        """Answer."""
        [answered] = self._get("app.bsky.feed.getPosts", {"uris": to})["posts"]
        parent = {"uri": answered["uri"], "cid": answered["cid"]}
        root = answered["record"].get("reply", {}).get("root", parent)
        return self._post({"text": text, "reply": {"root": root, "parent": parent}})

    def mention(self, text: str) -> str:
        """Write a post that names the agency."""
        name = f"@{self.agency.handle}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.agency.did}
        facet = {"index": {"byteStart": 0, "byteEnd": len(name)}, "features": [feature]}
        return self._post({"text": f"{name} {text}", "facets": [facet]})

    def answers(self, to: str) -> list[str]:
        """Return what stands below one of our own."""
        thread = self._get("app.bsky.feed.getPostThread", {"uri": to})["thread"]
        below = [each["post"] for each in thread.get("replies", ())]
        return [each["record"]["text"] for each in below if each["author"]["did"] == self.agency.did]

    def _get(self, method: str, params: dict[str, str]) -> dict[str, Any]:
        return self._call("GET", method, params=params)

    def _post(self, record: dict[str, Any]) -> str:
        made = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        whole = {"$type": POST, "langs": ["en"], "createdAt": made, **record}
        data = {"repo": self.me.did, "collection": POST, "record": whole}
        return str(self._call("POST", "com.atproto.repo.createRecord", json=data)["uri"])

    def _call(self, verb: str, method: str, **given: Any) -> dict[str, Any]:
        if not self._token:
            signed = {"identifier": self.me.handle, "password": self.me.password}
            answer = httpx.post(
                f"{self.me.server}/xrpc/com.atproto.server.createSession", json=signed, timeout=30, trust_env=False
            )
            self._token = answer.raise_for_status().json()["accessJwt"]
        headers = {"Authorization": f"Bearer {self._token}"}
        address = f"{self.me.server}/xrpc/{method}"
        answer = httpx.request(verb, address, headers=headers, timeout=30, trust_env=False, **given)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@dataclass(frozen=True, slots=True)
class ByMail:
    """A resident with a mailbox, on the agency's list. Letters are named by their Message-ID."""

    server: MailServer
    me: str
    agency: str

    def letters(self) -> list[EmailMessage]:
        """Return what lies in the mailbox, oldest first."""
        return self.server.letters(self.me)

    def sees(self, words: str) -> str:
        """Wait for a letter."""
        return until(
            lambda: next((str(each["Message-ID"]) for each in self.letters() if words in body(each)), None),
            f"{self.me} gets {words!r}",
        )

    def reply(self, to: str, text: str) -> str:
        """Answer a letter."""
        return self.server.write(self.me, self.agency, "Re: your letter", text, answers=to)

    def mention(self, text: str) -> str:
        """Write a letter of one's own."""
        return self.server.write(self.me, self.agency, "A question", text)

    def answers(self, to: str) -> list[str]:
        """Return the letters that answer one of our own."""
        return [body(each) for each in self.letters() if each["In-Reply-To"] == to]


def body(letter: EmailMessage) -> str:
    """Return the plain text of a letter with the line breaks of this machine."""
    part = letter.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def plain(content: str) -> str:
    """Return the HTML of a status as a reader sees it."""
    lines = re.sub(r"<br\s*/?>|</p>\s*<p>", "\n", content)
    return html.unescape(re.sub(r"<[^>]+>", "", lines)).strip()
