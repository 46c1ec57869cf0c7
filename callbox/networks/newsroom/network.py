"""The newsroom as a network: our own pages, so publishing is one transaction and never unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callbox.core.text import Reason
from callbox.networks.contract import Ability, Place, Session
from callbox.networks.rendering import preview, words
from callbox.networks.translations import wordings
from callbox.networks.vocabulary import Content, Preview, Rendition


class Newsroom:
    """The agency's own pages and feeds on the portal. No limit of length; a title is needed."""

    kind = "newsroom"
    label = "Newsroom"
    abilities = frozenset({Ability.EDIT, Ability.WITHDRAW, Ability.FIND, Ability.KEY, Ability.MEDIA})
    settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def render(self, content: Content, *, account: str) -> Preview:
        """Return what the newsroom shows: the title, the text as written, the link below."""
        text = words(replace(content, link=""), account=account)  # the link has a place of its own on the page
        rendition = Rendition(
            account=account,
            text=text,
            title=content.title.strip(),
            language=content.language,
            link=content.link,
            media=content.media,
            urgent=content.urgent,
            translations=wordings(content),
        )
        found = preview(rendition, length=len(text), limit=0)
        untitled = () if rendition.title else (Reason("title_missing", {"account": account}),)
        return replace(found, problems=(*untitled, *found.problems))

    def render_reply(self, text: str, *, account: str, to: str, language: str) -> Preview:
        """Return an answer as it would stand; nobody can write to the newsroom, so it is never sent."""
        rendition = Rendition(account=account, text=text.strip(), language=language, reply_to=to)
        return Preview(
            rendition, len(rendition.text), 0, "characters", (Reason("nobody_to_answer", {"account": account}),)
        )

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str], place: Place) -> Session:  # noqa: ARG002
        """Return a session of the connection that `place` names."""
        from callbox.networks.newsroom.entries import NewsroomSession  # noqa: PLC0415 - rows need Django, previews do not

        return NewsroomSession(place.connection, place.agency)
