"""What a post carries beside its text. Pure; the reader of repositories and the collector ask here, so that both count alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from callbox.networks.alt import described

#: Where images stand in `app.bsky.embed.images` and `app.bsky.embed.gallery`.
_IMAGES: Final = ("images", "items")


def embeds_of(embed: object) -> Iterator[dict[str, Any]]:
    """Yield an embed and, where it holds a quoted post and media, both of them."""
    if not isinstance(embed, dict):
        return
    if embed.get("$type") == "app.bsky.embed.recordWithMedia":
        yield from (part for part in (embed.get("record"), embed.get("media")) if isinstance(part, dict))
    else:
        yield embed


def media_of(embeds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how many images and videos there are, and how many of them are described and captioned."""
    images = [image for embed in embeds for name in _IMAGES for image in _objects(embed.get(name))]
    videos = [embed for embed in embeds if embed.get("$type") == "app.bsky.embed.video"]
    return {
        "images": len(images),
        "images_described": sum(described(image.get("alt")) for image in images),
        "videos": len(videos),
        "videos_captioned": sum(bool(_objects(video.get("captions"))) for video in videos),
    }


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
