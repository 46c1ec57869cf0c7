"""Mastodon, and every server that speaks its API."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from callbox.networks.contract import Ability, NotSentError, Place
from callbox.networks.mastodon import rendering
from callbox.networks.mastodon.client import Client, base
from callbox.networks.mastodon.session import MastodonSession
from callbox.networks.vocabulary import Content, Preview


class Mastodon:
    """server: its address.  token: an access token of an application of that account, with the scopes read and write.

    A key is sent along, but KEY is not claimed: Mastodon forgets it after an hour, and other servers pay no heed to it.
    """

    kind = "mastodon"
    label = "Mastodon"
    abilities = frozenset(
        {
            Ability.EDIT,
            Ability.WITHDRAW,
            Ability.FIND,
            Ability.REPLY,
            Ability.COLLECT,
            Ability.MEDIA,
        }
    )
    settings: tuple[str, ...] = ("server",)
    secrets: tuple[str, ...] = ("token",)

    def render(self, content: Content, *, account: str) -> Preview:
        """Return what `account` would show."""
        return rendering.render(content, account=account)

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        """Return an answer to the status `to`."""
        return rendering.render_reply(text, account=account, to=to, language=language)

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> MastodonSession:
        """Return a session. Nothing is asked yet.

        Raises:
            NotSentError: the token would travel where others can read it.
        """
        server = urlsplit(base(settings["server"]))
        if server.scheme != "https" and server.netloc not in place.private:
            raise NotSentError(
                "the server's address must begin with https://, or others could read the token on its way"
            )
        return MastodonSession(
            Client(settings["server"], secrets["token"], place.private), place.account.rpartition("@")[2]
        )
