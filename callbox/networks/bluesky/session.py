"""One Bluesky account, connected.

A post is stored under a key made of the delivery's key (`keys.record_key`), so it exists once at most, however often the call is repeated,
and looking for it is one exact question.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from atproto_client import models
from pydantic import ValidationError

from callbox.networks.bluesky import gate, keys, record
from callbox.networks.bluesky.collecting import Collector
from callbox.networks.bluesky.keys import POST, Address
from callbox.networks.bluesky.line import Line, error_name
from callbox.networks.bluesky.seen import moment, plain
from callbox.networks.bluesky.tokens import Keyring
from callbox.networks.contract import NetworkError, NotSentError, Place, Reader, SignInError
from callbox.networks.vocabulary import Batch, Identity, Media, Receipt, Rendition

_GONE = "RecordNotFound"


class BlueskySession:
    """Settings: server, handle. Secrets: password, an app password."""

    def __init__(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place, keyring: Keyring) -> None:
        server, handle = settings["server"], settings["handle"].strip().removeprefix("@")
        slot = keyring.slot(server, handle, secrets["password"])
        self._line = Line(server, handle, secrets["password"], private=place.private, slot=slot)

    def identity(self) -> Identity:
        """Return the account's handle, and its name and followers where an AppView answers.

        Raises:
            SignInError, NotSentError: the server does not accept us, or does not answer.
        """
        api = self._line.api
        us = self._line.read(api.com.atproto.server.get_session)
        known = Identity(handle=us.handle, url=f"{keys.WEB}/{us.handle}")
        try:
            shown = self._line.read(lambda: api.app.bsky.actor.get_profile({"actor": us.did}))
        except SignInError:
            raise
        except NetworkError:
            return known
        return Identity(known.handle, shown.display_name or "", known.url, shown.followers_count)

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:  # noqa: ARG002
        """Store the post under the delivery's own key; when it is there already, say so.

        Raises:
            NotSentError, SignInError: nothing was published.
            UnclearError: it may have been.
        """
        blobs = [self._upload(each, media) for each in rendition.media]
        made = datetime.now(UTC)
        post = record.record(
            rendition,
            facets=record.facets(rendition.text, self._did_of),
            blobs=blobs,
            reply=self._reply(rendition.reply_to) if rendition.reply_to else None,
            at=made,
        )
        us, api = self._line.tokens(), self._line.api
        place = Address(us.did, POST, keys.record_key(key))
        data = models.ComAtprotoRepoCreateRecord.Data(repo=us.did, collection=POST, rkey=place.key, record=post)
        try:
            stored = self._line.write(lambda: api.com.atproto.repo.create_record(data))
        except NetworkError as error:
            found = self._there(place) if _maybe_taken(error) else None
            if found is None:
                raise
            return found
        return Receipt(stored.uri, keys.web_address(us.handle, stored.uri), made)

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002
        """Look under the delivery's own key: the answer is exact.

        Raises:
            NotSentError, SignInError: the server does not answer.
        """
        return self._look(Address(self._line.tokens().did, POST, keys.record_key(key)))

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:  # noqa: ARG002
        """Refuse: people would go on seeing the first text.

        Raises:
            NotSentError: always.
        """
        raise NotSentError("Bluesky shows no corrections in place; answer the post instead")

    def withdraw(self, remote_id: str) -> None:
        """Delete the post; one that is gone is gone.

        Raises:
            NotSentError, SignInError: it was not deleted, or is no post of ours.
            UnclearError: it may have been.
        """
        place, us, api = _place(remote_id), self._line.tokens(), self._line.api
        if place.repo != us.did:
            raise NotSentError("this post is not one of this account")
        data = models.ComAtprotoRepoDeleteRecord.Data(repo=us.did, collection=place.collection, rkey=place.key)
        self._line.write(lambda: api.com.atproto.repo.delete_record(data))

    def hide(self, remote_id: str, *, hidden: bool) -> None:
        """Hide an answer below a post of ours, or show it again (`gate`).

        Raises:
            NotSentError, SignInError: nothing was changed.
            UnclearError: it may have been.
        """
        us = self._line.tokens()
        comment = self._record(_place(remote_id))
        if comment is None:
            raise NotSentError("this comment is gone")
        root = gate.root_of(plain(comment.value))
        if root is None or root.repo != us.did:
            raise NotSentError("Bluesky lets an account hide answers below its own posts only")
        place = gate.place_of(root)
        known = self._record(place)
        wanted = gate.changed(
            None if known is None else plain(known.value),
            root=root,
            comment=remote_id,
            hidden=hidden,
            at=datetime.now(UTC),
        )
        if wanted is None:
            return
        self._line.write(lambda: self._store(place, wanted, None if known is None else known.cid))

    def exists(self, remote_id: str) -> bool:
        """Whether the server still holds the post."""
        return self._look(_place(remote_id)) is not None

    def collect(self, cursor: str) -> Batch:
        """Return the next page: first what others said to us, then what we posted ourselves."""
        return Collector(self._line).page(cursor)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _look(self, place: Address) -> Receipt | None:
        found = self._record(place)
        if found is None:
            return None
        made = moment(plain(found.value).get("createdAt"))
        return Receipt(found.uri, keys.web_address(self._line.tokens().handle, found.uri), made)

    def _there(self, place: Address) -> Receipt | None:
        """Look after a call that failed; when looking fails too, the first failure tells more."""
        try:
            return self._look(place)
        except NetworkError:
            return None

    def _record(self, place: Address) -> models.ComAtprotoRepoGetRecord.Response | None:
        api = self._line.api
        asked = models.ComAtprotoRepoGetRecord.Params(repo=place.repo, collection=place.collection, rkey=place.key)
        try:
            return self._line.read(lambda: api.com.atproto.repo.get_record(asked))
        except NotSentError as error:
            if isinstance(error.__cause__, Exception) and error_name(error.__cause__) == _GONE:
                return None
            raise

    def _store(self, place: Address, value: dict[str, Any], before: str | None) -> object:
        """Write a record in the place of exactly the one that was read; another's change in between makes the server refuse."""
        repo, records = self._line.api.com.atproto.repo, models.ComAtprotoRepoCreateRecord
        if before is None:
            return repo.create_record(
                records.Data(repo=place.repo, collection=place.collection, rkey=place.key, record=value)
            )
        swapped = models.ComAtprotoRepoPutRecord.Data(
            repo=place.repo, collection=place.collection, rkey=place.key, record=value, swap_record=before
        )
        return repo.put_record(swapped)

    def _upload(self, media: Media, read: Reader) -> record.Blob:
        """Hand over one image. Nobody sees it before a post shows it, so a failed upload published nothing."""
        data, api = read(media.sha256), self._line.api
        return self._line.read(
            lambda: api.com.atproto.repo.upload_blob(data, headers={"Content-Type": media.type})
        ).blob

    def _reply(self, to: str) -> record.Reply:
        """Return where an answer hangs: what it answers, and the first post of that thread."""
        parent = self._record(_place(to))
        if parent is None:
            raise NotSentError("the post this answers is gone")
        here = models.ComAtprotoRepoStrongRef.Main(uri=parent.uri, cid=parent.cid or "")
        try:
            above = models.AppBskyFeedPost.ReplyRef.model_validate(plain(parent.value).get("reply"))
        except ValidationError:  # none, or not as it should be: the thread begins here
            return models.AppBskyFeedPost.ReplyRef(parent=here, root=here)
        return models.AppBskyFeedPost.ReplyRef(parent=here, root=above.root)

    def _did_of(self, handle: str) -> str | None:
        """Return the account behind a handle; None when it cannot be told, and "@handle" stays plain text: a warning never waits for it."""
        api = self._line.api
        try:
            return self._line.read(lambda: api.com.atproto.identity.resolve_handle({"handle": handle})).did
        except SignInError:
            raise
        except NotSentError as error:
            if _answered(error):
                return None
            raise


def _answered(error: NetworkError) -> bool:
    """Whether the server answered at all, if only to refuse."""
    return getattr(error.__cause__, "response", None) is not None


def _maybe_taken(error: NetworkError) -> bool:
    """Whether the server may have refused because the key is taken: what it then answers is not laid down. A wait it asks for is kept."""
    asked_to_wait = isinstance(error, NotSentError) and error.after is not None
    return _answered(error) and not asked_to_wait and not isinstance(error, SignInError)


def _place(remote_id: str) -> Address:
    place = keys.parts(remote_id)
    if place is None:
        raise NotSentError(f"“{remote_id}” is no address of a post on Bluesky")
    return place
