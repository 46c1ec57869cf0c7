"""The network that writes into files, for demonstrations and fast tests. It can do everything a network can, honestly."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from callbox.networks.alt import described
from callbox.networks.contract import Ability, NotSentError, Place, Reader
from callbox.networks.paper.files import Files, Post
from callbox.networks.rendering import preview, words
from callbox.networks.vocabulary import Batch, Content, Door, Identity, Preview, Receipt, Rendition, Seen

LIMIT: Final = 500
PAGE: Final = 100


class Paper:
    """Counts characters, 500 of them. An account is a folder below `paper/`; its only setting is its name."""

    kind = "paper"
    label = "Paper"
    abilities = frozenset(Ability)
    settings: tuple[str, ...] = ("handle",)
    secrets: tuple[str, ...] = ()

    def render(self, content: Content, *, account: str) -> Preview:
        """Return what the file would hold."""
        rendition = Rendition(
            account=account,
            text=words(content, account=account),
            title=content.title,
            language=content.language,
            link=content.link,
            media=content.media,
            urgent=content.urgent,
        )
        return preview(rendition, length=len(rendition.text), limit=LIMIT)

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        """Return an answer to the post `to`."""
        rendition = Rendition(account=account, text=text.strip(), language=language, reply_to=to)
        return preview(rendition, length=len(rendition.text), limit=LIMIT)

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> PaperSession:  # noqa: ARG002
        """Return a session on the account's folder."""
        return PaperSession(Files(place.folder / "paper", settings["handle"]), settings["handle"])


class PaperSession:
    """One account's folder."""

    def __init__(self, files: Files, handle: str) -> None:
        self._files, self._handle = files, handle

    def identity(self) -> Identity:
        """Return the folder's name."""
        return Identity(handle=self._handle, name=self._handle, url=self._files.folder.as_uri())

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:
        """Write one file named by the key; the same key again changes nothing."""
        with self._files.turn():
            post = self._files.read(key)
            if post is None:
                self._keep_media(rendition, media)
                post = self._files.write(
                    Post(
                        id=key,
                        number=0,
                        author=self._handle,
                        at=_now(),
                        shown=rendition.plain(),
                        parent=rendition.reply_to,
                        recipient=recipient,
                    )
                )
        return self._receipt(post)

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002
        """Look for the file of that key."""
        post = self._files.read(key)
        return None if post is None or post.withdrawn else self._receipt(post)

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:  # noqa: ARG002
        """Write the post anew.

        Raises:
            NotSentError: there is no such post, or it was taken back.
        """
        with self._files.turn():
            post = self._files.read(remote_id)
            if post is None or post.withdrawn:
                raise NotSentError("there is no such post")
            if post.shown != rendition.plain():
                self._keep_media(rendition, media)
                post = self._files.write(replace(post, shown=rendition.plain(), edits=post.edits + 1))
        return self._receipt(post)

    def withdraw(self, remote_id: str) -> None:
        """Mark the post as taken back; gone is gone."""
        with self._files.turn():
            post = self._files.read(remote_id)
            if post is not None and not post.withdrawn:
                self._files.write(replace(post, withdrawn=True))

    def hide(self, remote_id: str, *, hidden: bool) -> None:
        """Mark a comment of somebody else as hidden, or as seen again.

        Raises:
            NotSentError: there is no such comment, or it is our own post.
        """
        with self._files.turn():
            post = self._files.read(remote_id)
            if post is None or post.withdrawn or post.author == self._handle:
                raise NotSentError("there is no such comment of somebody else")
            if post.hidden != hidden:
                self._files.write(replace(post, hidden=hidden))

    def exists(self, remote_id: str) -> bool:
        """Whether the post is there and was not taken back."""
        post = self._files.read(remote_id)
        return post is not None and not post.withdrawn

    def collect(self, cursor: str) -> Batch:
        """Return up to 100 posts written or changed after `cursor`, the number of the last one seen."""
        after = int(cursor) if cursor.isdecimal() else 0
        changed = [post for post in self._files.all() if post.number > after]
        page = changed[:PAGE]
        seen = tuple(self._seen(post) for post in page if not post.withdrawn)
        return Batch(seen, str(page[-1].number) if page else cursor, more=len(changed) > PAGE)

    def drop(
        self,
        text: str,
        *,
        author: str,
        parent: str = "",
        at: datetime | None = None,
        media: list[dict[str, Any]] | None = None,
    ) -> str:
        """Put a post into the folder as a resident would, or, with our own name as `author`, as someone posting past Callbox.

        Returns its id. For demonstrations and tests.
        """
        shown = {"text": text, "language": "en", "media": media or []}
        name = uuid.uuid4().hex
        with self._files.turn():
            self._files.write(
                Post(id=name, number=0, author=author, at=at.isoformat() if at else _now(), shown=shown, parent=parent)
            )
        return name

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _keep_media(self, rendition: Rendition, media: Reader) -> None:
        folder = self._files.folder / "media"
        folder.mkdir(exist_ok=True)
        for each in rendition.media:
            (folder / each.sha256).write_bytes(media(each.sha256))

    def _receipt(self, post: Post) -> Receipt:
        return Receipt(post.id, (self._files.folder / f"{post.id}.json").as_uri(), datetime.fromisoformat(post.at))

    def _seen(self, post: Post) -> Seen:
        media = post.shown.get("media", [])
        images = [each for each in media if each.get("kind") == "image"]
        videos = [each for each in media if each.get("kind") == "video"]
        parent = self._files.read(post.parent) if post.parent else None
        door: Door = "comment" if post.parent else "mention"
        return Seen(
            remote_id=post.id,
            at=datetime.fromisoformat(post.at),
            text=str(post.shown.get("text", "")),
            author=f"paper:{post.author}",
            author_name=post.author,
            own=post.author == self._handle,
            door=door,
            thread=self._first(post),
            parent=parent.id if parent else "",
            url=(self._files.folder / f"{post.id}.json").as_uri(),
            language=str(post.shown.get("language", "")),
            images=len(images),
            images_described=sum(described(each.get("alt")) for each in images),
            videos=len(videos),
            videos_captioned=sum(bool(each.get("captions")) for each in videos),
            revision=str(post.edits) if post.edits else "",
        )

    def _first(self, post: Post) -> str:
        passed = {post.id}
        while post.parent and (above := self._files.read(post.parent)) is not None and above.id not in passed:
            post = above
            passed.add(post.id)
        return post.id


def _now() -> str:
    return datetime.now(UTC).isoformat()
