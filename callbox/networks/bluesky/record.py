"""A rendition as the record the network stores. What is marked in the text (links, tags, mentions) follows from the text alone.

The marks are found as the network's own app finds them (`atproto_client.utils`); they point at bytes of UTF-8, not at letters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from atproto_client import models
from atproto_client.utils import detect_facets, detect_mentions

from callbox.networks.vocabulary import Media, Rendition

type Facet = models.AppBskyRichtextFacet.Main
type Blob = models.blob_ref.BlobRef
type Reply = models.AppBskyFeedPost.ReplyRef


def facets(text: str, did_of: Callable[[str], str | None]) -> list[Facet]:
    """Return the marks in `text`, in order. did_of: asked for the DID of each handle; None leaves "@handle" plain text."""
    found = detect_facets(text)
    for mention in detect_mentions(text):
        did = did_of(mention.handle)
        if did is not None:
            place = models.AppBskyRichtextFacet.ByteSlice(byte_start=mention.byte_start, byte_end=mention.byte_end)
            found.append(
                models.AppBskyRichtextFacet.Main(features=[models.AppBskyRichtextFacet.Mention(did=did)], index=place)
            )
    return sorted(found, key=lambda facet: facet.index.byte_start)


def record(
    rendition: Rendition,
    *,
    facets: Sequence[Facet],
    blobs: Sequence[Blob],
    reply: Reply | None,
    at: datetime,
) -> models.AppBskyFeedPost.Record:
    """Return the record. blobs: of the rendition's images, in their order.  at: when it was made, aware."""
    return models.AppBskyFeedPost.Record(
        text=rendition.text,
        created_at=at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        langs=[rendition.language] if rendition.language else None,
        facets=list(facets) or None,
        embed=_embed(rendition, blobs),
        reply=reply,
    )


def _embed(
    rendition: Rendition, blobs: Sequence[Blob]
) -> models.AppBskyEmbedImages.Main | models.AppBskyEmbedExternal.Main | None:
    if blobs:
        pairs = zip(rendition.media, blobs, strict=True)
        return models.AppBskyEmbedImages.Main(images=[_image(media, blob) for media, blob in pairs])
    if rendition.link:
        title = rendition.title or urlsplit(rendition.link).netloc
        card = models.AppBskyEmbedExternal.External(uri=rendition.link, title=title, description="")
        return models.AppBskyEmbedExternal.Main(external=card)
    return None


def _image(media: Media, blob: Blob) -> models.AppBskyEmbedImages.Image:
    known = media.width > 0 and media.height > 0
    ratio = models.AppBskyEmbedDefs.AspectRatio(width=media.width, height=media.height) if known else None
    return models.AppBskyEmbedImages.Image(alt=media.alt, image=blob, aspect_ratio=ratio)
