"""E-mail as a network: a mailing list of the agency. One delivery is one letter to one recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callbox.core.text import Reason
from callbox.networks.contract import Ability, Place, Session
from callbox.networks.email.mailbox import Mailbox
from callbox.networks.email.session import EmailSession
from callbox.networks.rendering import preview, words
from callbox.networks.translations import one_after_another
from callbox.networks.vocabulary import Content, Preview, Rendition


class Email:
    """Letters in plain text with a simple HTML part. No limit of length; a title is needed. A letter sent cannot be taken back.

    settings: server, port and security (`tls`, `starttls`, or `none` on this machine) of SMTP; sender and name of the letters; address
    and port of IMAP where answers arrive, empty when nobody collects them; unsubscribe, the web address that ends a subscription with
    `{key}` in the place of the delivery's key.  secrets: of both servers.
    """

    kind = "email"
    label = "E-mail"
    abilities = frozenset({Ability.REPLY, Ability.COLLECT, Ability.MEDIA})
    settings: tuple[str, ...] = (
        *("server", "port", "security", "sender", "name"),
        *("imap_server", "imap_port", "unsubscribe"),
    )
    secrets: tuple[str, ...] = ("user", "password")

    def render(self, content: Content, *, account: str) -> Preview:
        """Return the letter: the title as its subject, the text as written."""
        rendition = Rendition(
            account=account,
            text=words(replace(content, text=one_after_another(content, account), own={}), account=account),
            title=" ".join(content.title.split()),
            language=content.language,
            link=content.link,
            media=content.media,
            urgent=content.urgent,
            beats=() if content.urgent else content.beats,  # what is urgent goes to everybody
        )
        found = preview(rendition, length=len(rendition.text), limit=0)
        problems = list(found.problems)
        if not rendition.title:
            problems.append(Reason("title_missing", {"account": account}))
        if any(media.kind == "video" for media in content.media):
            problems.append(Reason("videos_refused", {"account": account}))
        return replace(found, problems=tuple(problems))

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        """Return an answer to the letter with the Message-ID `to`."""
        rendition = Rendition(account=account, text=text.strip(), language=language, reply_to=to)
        return preview(rendition, length=len(rendition.text), limit=0)

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> Session:
        """Return a session; no server is asked yet."""
        return EmailSession(Mailbox.of(settings, secrets, place.private), resolve=place.resolve)
