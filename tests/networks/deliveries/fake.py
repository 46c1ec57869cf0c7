"""A network that answers what a test tells it to, and writes down every call it got."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from callbox.networks.contract import Ability, Place, Reader
from callbox.networks.rendering import preview, words
from callbox.networks.vocabulary import Batch, Content, Identity, Preview, Receipt, Rendition


@dataclass
class FakeNetwork:
    """answer: called with the account and the rendition of every publication; returns a receipt or raises.

    calls: (operation, account, text) of everything that left, in order.  shown: what the public sees, by remote id.
    """

    kind: str = "fake"
    label: str = "Fake"
    abilities: frozenset[Ability] = frozenset(Ability)
    settings: tuple[str, ...] = ("handle",)
    secrets: tuple[str, ...] = ("token",)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    shown: dict[str, Rendition] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    answer: Callable[[str, Rendition], None] = lambda *_: None
    who: Callable[[str], Identity] = Identity
    pages: Callable[[str, str], Batch] = lambda _handle, cursor: Batch((), cursor)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def render(self, content: Content, *, account: str) -> Preview:
        rendition = Rendition(account=account, text=words(content, account=account), media=content.media)
        return preview(rendition, length=len(rendition.text), limit=500)

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        rendition = Rendition(account=account, text=text, language=language, reply_to=to)
        return preview(rendition, length=len(text), limit=500)

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> FakeSession:
        return FakeSession(self, settings["handle"], secrets.get("token", ""))


class FakeSession:
    def __init__(self, network: FakeNetwork, handle: str, token: str) -> None:
        self._network, self._handle, self.token = network, handle, token

    @property
    def _account(self) -> str:
        return f"fake:{self._handle}"

    def identity(self) -> Identity:
        return self._network.who(self._handle)

    def publish(self, rendition: Rendition, *, key: str, media: Reader, recipient: str = "") -> Receipt:
        for each in rendition.media:
            media(each.sha256)
        with self._network.lock:
            self._network.calls.append(("publish", self._account, rendition.text))
        self._network.answer(self._account, rendition)
        return self.store(rendition, key)

    def store(self, rendition: Rendition, key: str) -> Receipt:
        with self._network.lock:
            remote_id = f"post-{len(self._network.shown) + 1}"
            self._network.shown[remote_id] = rendition
            self._network.keys[key] = remote_id
        return Receipt(remote_id, f"https://fake.example/{remote_id}")

    def find(self, rendition: Rendition, *, key: str, since: datetime) -> Receipt | None:
        remote_id = self._network.keys.get(key)
        return Receipt(remote_id) if remote_id in self._network.shown and remote_id else None

    def edit(self, remote_id: str, rendition: Rendition, *, key: str, media: Reader) -> Receipt:
        self._network.calls.append(("edit", self._account, rendition.text))
        self._network.answer(self._account, rendition)
        self._network.shown[remote_id] = rendition
        return Receipt(remote_id)

    def withdraw(self, remote_id: str) -> None:
        self._network.calls.append(("withdraw", self._account, remote_id))
        self._network.answer(self._account, self._network.shown[remote_id])
        self._network.shown.pop(remote_id)

    def hide(self, remote_id: str, *, hidden: bool) -> None:
        self._network.calls.append(("hide" if hidden else "show", self._account, remote_id))

    def exists(self, remote_id: str) -> bool:
        return remote_id in self._network.shown

    def collect(self, cursor: str) -> Batch:
        return self._network.pages(self._handle, cursor)

    def close(self) -> None:
        pass
