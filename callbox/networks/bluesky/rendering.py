"""What a Bluesky account would show, counted as Bluesky counts. Pure.

Limits are those of the lexicons `app.bsky.feed.post` and `app.bsky.embed.images`: 300 graphemes (what a reader sees as one character)
and 3,000 bytes of UTF-8, four images. A link is shown as a card below the text; beside images there is no room for one, so it stands
in the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import regex

from callbox.core.text import Reason
from callbox.networks import rendering
from callbox.networks.vocabulary import Content, Media, Preview, Rendition

GRAPHEMES: Final = 300
BYTES: Final = 3_000
IMAGES: Final = 4
#: Bytes of one image that every server of the network takes.
IMAGE_BYTES: Final = 1_000_000
IMAGE_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})

_GRAPHEME: Final = regex.compile(r"\X")


def length(text: str) -> int:
    """Return how many graphemes `text` has (Unicode UAX #29, extended)."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def render(content: Content, *, account: str) -> Preview:
    """Return what `account` would show: its own words or everybody's, the link as a card or, beside images, in the text."""
    carded = bool(content.link) and not content.media
    text = rendering.words(replace(content, link="") if carded else content, account=account)
    return _preview(
        Rendition(
            account=account,
            text=_lines(text),
            title=(content.title.strip() or urlsplit(content.link).netloc) if carded else "",
            language=content.language,
            link=content.link,
            media=content.media,
            urgent=content.urgent,
        )
    )


def render_reply(text: str, *, account: str, to: str, language: str) -> Preview:
    """Return an answer to the post `to`, "at://...". Whom it answers is shown by the network itself."""
    return _preview(Rendition(account=account, text=_lines(text.strip()), language=language, reply_to=to))


def _lines(text: str) -> str:
    """Return `text` with the line ends the network knows; forms send others."""
    return text.replace("\r\n", "\n")


def _preview(shown: Rendition) -> Preview:
    preview = rendering.preview(shown, length=length(shown.text), limit=GRAPHEMES, unit="graphemes")
    return replace(preview, problems=(*preview.problems, *_problems(shown)))


def _problems(shown: Rendition) -> list[Reason]:
    found = []
    size = len(shown.text.encode("utf-8", "surrogatepass"))
    if size > BYTES:
        found.append(Reason("too_many_bytes", {"size": size, "limit": BYTES}))
    if len(shown.media) > IMAGES:
        found.append(Reason("too_many_media", {"account": shown.account, "limit": IMAGES}))
    for number, each in enumerate(shown.media, start=1):
        found += _image_problems(shown.account, number, each)
    return found


def _image_problems(account: str, number: int, media: Media) -> list[Reason]:
    if media.type not in IMAGE_TYPES:
        return [Reason("not_an_image", {"account": account, "n": number})]
    if media.size > IMAGE_BYTES:
        sizes = {"size": media.size / 1e6, "limit": IMAGE_BYTES / 1e6}
        return [Reason("image_heavy", {"account": account, "n": number, **sizes})]
    return []
