"""Bluesky, by the AT Protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from callbox.networks.bluesky import rendering
from callbox.networks.bluesky.tokens import Keyring
from callbox.networks.contract import Ability, Place
from callbox.networks.vocabulary import Content, Preview

if TYPE_CHECKING:
    from callbox.networks.bluesky.session import BlueskySession


class Bluesky:
    """An account on a personal data server, such as bsky.social; replies and mentions come through the AppView behind it.

    Nothing can be edited: the protocol allows it, but the AppView that people read goes on showing the first text.
    """

    kind = "bluesky"
    label = "Bluesky"
    abilities = frozenset(Ability) - {Ability.EDIT}
    settings: tuple[str, ...] = ("server", "handle")
    secrets: tuple[str, ...] = ("password",)

    def __init__(self) -> None:
        self._keyring = Keyring()

    def render(self, content: Content, *, account: str) -> Preview:
        """Return what the post would show."""
        return rendering.render(content, account=account)

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        """Return an answer to the post `to`."""
        return rendering.render_reply(text, account=account, to=to, language=language)

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> BlueskySession:
        """Return a session. Sessions of one account share its tokens: the network limits how often one may sign in."""
        # The SDK knows every record of the protocol and takes a second to load: only who speaks to the network pays for it.
        from callbox.networks.bluesky.session import BlueskySession  # noqa: PLC0415

        return BlueskySession(settings, secrets, place, self._keyring)
