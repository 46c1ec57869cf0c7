"""What a Mastodon account would show, counted as Mastodon counts. Pure.

Counting: Mastodon's `StatusLengthValidator`. What a reader sees as one character counts one, a web address 23 whatever its length, a
mention of an account elsewhere only its local part (https://docs.joinmastodon.org/user/posting/#text).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import regex

from callbox.core.text import Reason
from callbox.networks.rendering import preview, words
from callbox.networks.vocabulary import Content, Preview, Rendition

#: Limits of Mastodon as it is delivered; a server may allow more, and then takes these too.
CHARACTERS: Final = 500
URL_CHARACTERS: Final = 23
MEDIA: Final = 4
ALT_CHARACTERS: Final = 1500
#: Room for the name of whom an answer is meant for, which is put in front: "@", 30 letters (the longest name a server gives), a blank.
ADDRESS_CHARACTERS: Final = 32

_URL: Final = regex.compile(
    r"https?://(?:[\p{L}\p{N}_-]+\.)+(?:\p{L}{2,}|xn--[a-z0-9-]+)(?::\d+)?"  # a host as domains are written
    r"(?:[/?#](?:[^\s<>\"“”„«»]*[^\s<>\"“”„«»!?.,:;'’)\]])?)?",  # what follows, but not the sentence's own punctuation
    regex.IGNORECASE,
)
_MENTION: Final = regex.compile(r"(?<![\w/])@(\w+(?:[.-]+\w+)*)@[\w.-]+\w", regex.IGNORECASE)
_SEEN: Final = regex.compile(r"\X")


def length(text: str) -> int:
    """Return what `text` counts on Mastodon."""
    counted = _MENTION.sub(r"@\1", _URL.sub("x" * URL_CHARACTERS, text))
    return len(_SEEN.findall(counted))


def render(content: Content, *, account: str) -> Preview:
    """Return what `account` would show. A correction changes the post in place; Mastodon itself marks it and keeps what stood before."""
    shown = Rendition(
        account=account,
        text=words(replace(content, corrects=""), account=account),
        language=content.language,
        link=content.link,
        media=tuple(content.media),
        urgent=content.urgent,
    )
    return _preview(shown, CHARACTERS)


def render_reply(text: str, *, account: str, to: str, language: str) -> Preview:
    """Return an answer. The name of whom it is meant for is put in front when it is sent; room for it is kept."""
    shown = Rendition(account=account, text=text.strip(), language=language, reply_to=to)
    return _preview(shown, CHARACTERS - ADDRESS_CHARACTERS)


def _preview(shown: Rendition, limit: int) -> Preview:
    found = preview(shown, length=length(shown.text), limit=limit)
    return replace(found, problems=(*found.problems, *_media_problems(shown)))


def _media_problems(shown: Rendition) -> list[Reason]:
    found = []
    if len(shown.media) > MEDIA:
        found.append(Reason("too_many_media", {"account": shown.account, "limit": MEDIA}))
    if len(shown.media) > 1 and any(each.kind == "video" for each in shown.media):
        found.append(Reason("video_alone", {"account": shown.account}))
    for number, each in enumerate(shown.media, start=1):
        if len(each.alt) > ALT_CHARACTERS:
            found.append(Reason("alt_too_long", {"account": shown.account, "n": number, "limit": ALT_CHARACTERS}))
    return found
