"""What every network shares when it renders: which words an account says, and what keeps them from leaving."""

from __future__ import annotations

from typing import Literal

from callbox.core.text import Reason
from callbox.networks.alt import described
from callbox.networks.vocabulary import Content, Preview, Rendition


def words(content: Content, *, account: str) -> str:
    """Return what `account` says: its own words or everybody's, with the link and the address of what is corrected where they lack."""
    said = content.own.get(account) or content.text
    missing = (address for address in (content.link, content.corrects) if address and address not in said)
    return "\n\n".join([said.strip(), *missing])


def preview(
    rendition: Rendition, *, length: int, limit: int, unit: Literal["characters", "graphemes"] = "characters"
) -> Preview:
    """Return a preview with the problems every network shares: nothing said, too long, a picture or video nobody described."""
    problems = []
    if not rendition.text.strip():
        problems.append(Reason("no_words"))
    if limit and length > limit:
        problems.append(Reason("too_long", {"length": length, "limit": limit}))
    for number, each in enumerate(rendition.media, start=1):
        if each.kind == "image" and not described(each.alt):
            problems.append(Reason("alt_missing", {"n": number}))
        if each.kind == "video" and not each.captions:
            problems.append(Reason("captions_missing", {"n": number}))
    return Preview(rendition=rendition, length=length, limit=limit, unit=unit, problems=tuple(problems))
