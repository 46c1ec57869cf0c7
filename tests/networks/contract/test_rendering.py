"""Rendering: the same content gives the same rendition, the digest sees everything, and each network counts to its own limit."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from callbox.networks.vocabulary import Content, Media, Preview, Rendition
from tests.networks.contract.harness import Harness

WORDS = "Harbour Street is closed until noon. Please use Mill Road."
PICTURE = Media(
    sha256=hashlib.sha256(b"picture").hexdigest(), kind="image", type="image/png", size=7, alt="A closed road"
)


def _codes(preview: Preview) -> set[str]:
    return {reason.code for reason in preview.problems}


def test_the_same_content_gives_the_same_rendition(harness: Harness) -> None:
    content = Content(text=WORDS, title="Closed", link="https://harbour.example/1", media=(PICTURE,))
    first, second = (harness.network.render(content, account=harness.account) for _ in range(2))
    assert first == second
    assert first.rendition.digest == second.rendition.digest
    assert first.fits
    assert first.rendition.account == harness.account


def test_a_rendition_survives_being_kept_as_json(harness: Harness) -> None:
    shown = harness.network.render(Content(text=WORDS, media=(PICTURE,)), account=harness.account).rendition
    assert Rendition.from_plain(shown.plain()) == shown
    assert Rendition.from_plain(shown.plain()).digest == shown.digest


@pytest.mark.parametrize(
    "change",
    [
        {"account": "other:account"}, {"text": WORDS + "."}, {"title": "Other"}, {"language": "es"},
        {"link": "https://harbour.example/2"}, {"media": ()}, {"media": (replace(PICTURE, alt="A closed street"),)},
        {"media": (replace(PICTURE, sha256="0" * 64),)}, {"reply_to": "77"}, {"urgent": True},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_the_digest_changes_with_every_part(harness: Harness, change: dict[str, object]) -> None:
    """T-68."""
    shown = replace(
        harness.network.render(Content(text=WORDS, title="Closed"), account=harness.account).rendition,
        media=(PICTURE,),
    )
    assert replace(shown, **change).digest != shown.digest  # type: ignore[arg-type]


def test_all_of_the_authors_words_are_shown_and_an_accounts_own_words_instead(harness: Harness) -> None:
    own = {harness.account: "In other words.", "other:account": "Not these."}
    assert WORDS in harness.network.render(Content(text=WORDS), account=harness.account).rendition.text
    shown = harness.network.render(Content(text=WORDS, own=own), account=harness.account).rendition
    assert "In other words." in shown.text
    assert "Not these." not in shown.text
    assert WORDS not in shown.text


def test_what_just_fits_fits_and_one_more_does_not(harness: Harness) -> None:
    limit = harness.network.render(Content(text="a"), account=harness.account).limit
    if not limit:
        long = harness.network.render(Content(text="a" * 100_000, title="Long"), account=harness.account)
        assert long.fits, "a network without a limit takes any length"
        return
    full = harness.network.render(Content(text="a" * limit), account=harness.account)
    over = harness.network.render(Content(text="a" * (limit + 1)), account=harness.account)
    assert (full.length, full.fits) == (limit, True)
    assert over.length == limit + 1
    assert "too_long" in _codes(over)


@pytest.mark.parametrize("alt", ["", "  ", "IMG_2041.jpg", "image"])
def test_a_picture_without_a_description_is_a_problem(harness: Harness, alt: str) -> None:
    preview = harness.network.render(Content(text=WORDS, media=(replace(PICTURE, alt=alt),)), account=harness.account)
    assert "alt_missing" in _codes(preview)
    assert not preview.fits


def test_saying_nothing_is_a_problem(harness: Harness) -> None:
    assert "no_words" in _codes(harness.network.render(Content(text="  "), account=harness.account))
