"""Whether everybody can perceive what the agency posts: described images and captioned videos (practice V5)."""

from __future__ import annotations

from typing import Final

import polars as pl

from callbox.core.measure import Measure, Statistic, Window, hidden, sample
from callbox.core.text import Reason
from callbox.networks.ledger import Ledger

_TABLES: Final = ("posts", "accounts")


def described_images(ledger: Ledger, window: Window) -> Measure:
    """Return the share of images with a non-trivial alternative text, over posts of which the record says both numbers."""
    untold = _untold(ledger, "alt_text", Reason("no_alt_text"))
    return _share(ledger, window, "described_images", ("images", "images_described"), untold)


def captioned_videos(ledger: Ledger, window: Window) -> Measure:
    """Return the share of videos with captions, over posts of which the record says both numbers."""
    untold = _untold(ledger, "captions", Reason("no_captions"))
    return _share(ledger, window, "captioned_videos", ("videos", "videos_captioned"), untold)


def undescribed_media(ledger: Ledger, window: Window) -> Measure:
    """Return how many images have no alternative text and how many videos no captions, over posts of which the record says so.

    Known only where the record speaks of both texts: no video without captions is no news from a record that never says.
    """
    name = "undescribed_media"
    columns = ("images", "images_described", "videos", "videos_captioned")
    posts = _said(ledger, window, columns)
    images, described, videos, captioned = (int(posts[column].cast(pl.Int64).sum()) for column in columns)
    if images + videos == 0:
        aspects = {"alt_text": Reason("no_alt_text"), "captions": Reason("no_captions")}
        reasons = [_untold(ledger, aspect, reason) for aspect, reason in aspects.items()]
        reason = next((reason for reason in reasons if reason.code != "no_media"), reasons[0])
        return hidden(name, Statistic.ZERO, window, reason, unit="count", tables=_TABLES)
    beside = {"images": max(0, images - described), "videos": max(0, videos - captioned)}
    missing = float(sum(beside.values()))
    n = images + videos
    return Measure(name, Statistic.ZERO, window, "count", _TABLES, n=n, value=missing, bound=missing, beside=beside)


def _said(ledger: Ledger, window: Window, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return the posts of which the record says all of `columns`. A repost shows somebody else's picture."""
    return ledger.kept("posts", window, "action", *columns).filter(pl.col("action") != "repost").drop_nulls(columns)


def _untold(ledger: Ledger, aspect: str, reason: Reason) -> Reason:
    """Return why a record without any counted medium holds none."""
    if "media" not in ledger.carried:
        return Reason("no_media_information")
    return Reason("no_media") if aspect in ledger.carried else reason


def _share(ledger: Ledger, window: Window, name: str, columns: tuple[str, str], untold: Reason) -> Measure:
    posts = _said(ledger, window, columns)
    total, made = (int(posts[column].cast(pl.Int64).sum()) for column in columns)
    if not total:
        return hidden(name, Statistic.SAMPLE, window, untold, unit="share", tables=_TABLES)
    # A record that claims more descriptions than images is no better than one in which all are described.
    return sample(name, window, min(made, total), total, tables=_TABLES, beside={"posts": posts.height})
