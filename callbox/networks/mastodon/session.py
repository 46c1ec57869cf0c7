"""One Mastodon account, connected."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from callbox.networks.contract import NetworkError, NotSentError, Reader
from callbox.networks.mastodon.client import LATER, Client, stated
from callbox.networks.mastodon.listening import Listener
from callbox.networks.mastodon.words import same_words
from callbox.networks.vocabulary import Batch, Identity, Media, Receipt, Rendition

#: All files of a message are handed over and prepared within this many seconds: a delivery's lease is longer.
PREPARE_SECONDS: Final = 75.0
#: How often a server that is still working on a file is asked, in seconds.
ASK_AGAIN_SECONDS: Final = 1.0
#: How many of our newest statuses are looked through for one whose answer got lost, and in pages of how many.
LOOK_PAGES: Final = 5
PAGE: Final = 40
#: The hours a server gives are whole seconds.
SLACK: Final = timedelta(seconds=2)


class MastodonSession:
    """Speaks for one account. domain: of its handle, which need not be the server's own name; empty before the server has said it."""

    def __init__(self, client: Client, domain: str = "") -> None:
        self._client, self._domain = client, domain
        self._me: Any = None

    def identity(self) -> Identity:
        """Ask the server who we are.

        Raises:
            SignInError: the token is not accepted.
            NetworkError: the server did not answer.
        """
        self._me = None
        me = self._account()
        self._domain = self._ask_domain()
        with self._client.reading():
            return Identity(
                handle=f"{me.username}@{self._domain}",
                name=stated(me.get("display_name")) or str(me.username),
                url=stated(me.get("url")),
                followers=me.followers_count if isinstance(me.get("followers_count"), int) else None,
            )

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:  # noqa: ARG002
        """Publish as a public status, or as narrowly as what it answers. Files go first; one that fails leaves nothing behind.

        Raises:
            NotSentError, SignInError: nothing was published.
            UnclearError: it may have been.
        """
        text, visibility = rendition.text, "public"
        if rendition.reply_to:
            text, visibility = self._addressed(rendition)
        files = self._upload(rendition.media, media)
        form: dict[str, str | list[str]] = {"status": text, "visibility": visibility}
        if rendition.reply_to:
            form["in_reply_to_id"] = rendition.reply_to
        if files:
            form["media_ids[]"] = files
        if language := _language(rendition.language):
            form["language"] = language
        with self._client.acting():
            return _posted(self._client.post_status(form, key=key))

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002
        """Look through our newest 200 statuses for one with these words, made or edited since then by the server's clock.

        Of several it is the newest: one account sends one after the other.
        """
        me = self._account()
        oldest = since + timedelta(seconds=self._client.skew) - SLACK
        before = None
        for _ in range(LOOK_PAGES):
            with self._client.reading():
                page = self._client.api.account_statuses(me.id, limit=PAGE, max_id=before)
                for status in page:
                    if _changed(status) >= oldest and _is_it(status, rendition):
                        return _receipt(status)
                # A short page need not be the last: servers have bounds of their own, and leave out what was deleted.
                if not page or str(page[-1].id) == before:
                    return None
                before = str(page[-1].id)
        return None

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:  # noqa: ARG002
        """Change the status in place. Its files are sent anew: what they were is not told by the server."""
        text = self._addressed(rendition)[0] if rendition.reply_to else rendition.text
        files = self._upload(rendition.media, media)
        with self._client.acting():
            status = self._client.api.status_update(remote_id, text, media_ids=files or None)
            return Receipt(remote_id, _receipt(status).url, status.edited_at)

    def withdraw(self, remote_id: str) -> None:
        """Delete the status. A server that does not find it is believed only when it no longer shows it.

        Raises:
            NotSentError: this server does not let posts be taken back.
        """
        try:
            with self._client.acting():
                self._client.api.status_delete(remote_id)
        except NotSentError:
            if self._client.status not in {404, 410}:
                raise
            if self.exists(remote_id):
                raise NotSentError(
                    f"{self._client.server} does not let posts be taken back; it still shows it"
                ) from None

    def hide(self, remote_id: str, *, hidden: bool) -> None:  # noqa: ARG002
        """Refuse.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("Mastodon lets no account hide the answers of others")

    def exists(self, remote_id: str) -> bool:
        """Whether the server still shows the status."""
        try:
            with self._client.reading():
                _receipt(self._client.api.status(remote_id))
        except NetworkError:
            if self._client.status in {404, 410}:
                return False
            raise
        return True

    def collect(self, cursor: str) -> Batch:
        """Return the next page of mentions and of our own statuses; the first one holds the newest 40 of each."""
        me = self._account()
        return Listener(self._client, str(me.id), self._domain or self._client.name).page(cursor)

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _account(self) -> Any:
        if self._me is None:
            with self._client.reading():
                me = self._client.api.account_verify_credentials()
                if not stated(me.get("username")):
                    raise ValueError("the answer names no account")
                self._me = me
        return self._me

    def _ask_domain(self) -> str:
        try:
            with self._client.reading():
                return stated(self._client.api.instance_v2().domain) or self._client.name
        except NetworkError:
            if self._client.status != 404:
                raise
        with self._client.reading():  # servers that know the older form only
            return stated(self._client.api.instance_v1().uri).rpartition("//")[2] or self._client.name

    def _addressed(self, rendition: Rendition) -> tuple[str, str]:
        """Return an answer as it is sent: to whom it answers, and no more public than what it answers."""
        with self._client.preparing():
            parent = self._client.api.status(rendition.reply_to)
            narrow = parent.visibility if parent.visibility in {"direct", "private", "unlisted"} else "public"
            whom, me = str(parent.account.acct), self._account()
            named = str(parent.account.id) == str(me.id) or _names(rendition.text, whom)
            return (rendition.text if named else f"@{whom} {rendition.text}"), narrow

    def _upload(self, files: tuple[Media, ...], media: Reader) -> list[str]:
        end = time.monotonic() + PREPARE_SECONDS
        return [self._one(each, media(each.sha256), end) for each in files]

    def _one(self, file: Media, data: bytes, end: float) -> str:
        with self._client.preparing():
            left = end - time.monotonic()
            if left <= 0:
                raise NotSentError(f"{self._client.server} takes too long over the files", after=LATER)
            kept = self._client.upload(data, file.type, file.alt, seconds=left)
            while not kept.url:  # longer files are worked on after they arrived
                if time.monotonic() > end:
                    raise NotSentError(f"{self._client.server} still works on a file", after=LATER)
                time.sleep(ASK_AGAIN_SECONDS)
                kept = self._client.api.media(kept.id)
            return str(kept.id)


def _posted(answer: Any) -> Receipt:
    """Return the receipt of an answer as it came."""
    if not isinstance(answer, dict) or not str(answer.get("id") or ""):
        raise ValueError("the answer names no status")
    return Receipt(
        str(answer["id"]), stated(answer.get("url")) or stated(answer.get("uri")), _moment(answer.get("created_at"))
    )


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(stated(text))
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _receipt(status: Any) -> Receipt:
    if not str(status.id or ""):
        raise ValueError("the answer names no status")
    at = status.created_at if isinstance(status.created_at, datetime) else None
    return Receipt(str(status.id), stated(status.get("url")) or stated(status.get("uri")), at and at.astimezone(UTC))


def _changed(status: Any) -> datetime:
    at = status.edited_at if isinstance(status.get("edited_at"), datetime) else status.created_at
    if not isinstance(at, datetime):
        raise TypeError("the answer names no time")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _is_it(status: Any, rendition: Rendition) -> bool:
    if status.reblog is not None or len(status.media_attachments or ()) != len(rendition.media):
        return False
    if str(status.in_reply_to_id or "") != rendition.reply_to:
        return False
    content = stated(status.content)
    addressed = rendition.reply_to and any(
        same_words(f"@{each.acct} {rendition.text}", content) for each in status.mentions or ()
    )
    return bool(addressed) or same_words(rendition.text, content)


def _names(text: str, whom: str) -> bool:
    """Whether the words call somebody by name, and not another whose name only begins alike."""
    return re.search(rf"(?<![\w/])@{re.escape(whom)}(?![\w@]|[.-]\w)", text, re.IGNORECASE) is not None


def _language(tag: str) -> str | None:
    """Return the language alone, as Mastodon takes it (ISO 639)."""
    return tag.partition("-")[0].lower() or None
