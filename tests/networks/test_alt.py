"""What counts as describing a picture."""

from __future__ import annotations

import pytest

from callbox.networks.alt import described


@pytest.mark.parametrize(
    "alt",
    [
        "A police dog", "Kart over omkjøringen", "警察署の前の道路", "Two officers, one van, snow", "Image of a stolen red bicycle",
        "Photo: the bridge at Nordvik", "Logo of the Nordvik police on a blue ground", "Map",
    ],
)  # fmt: skip
def test_words_that_say_something_describe(alt: str) -> None:
    assert described(alt)


@pytest.mark.parametrize(
    "alt",
    [
        None, "", "  ", 7, "ok", "..", "12345", "image", "Image", "photo 2", "Bild", "bilde 1", "foto", "IMG_2031", "IMG_2031.jpg",
        "DSC00123", "screenshot 2026-03-01", "a picture", "no description", "null", "undefined", "alt text", "https://x.example/a.png",
        "nordvik-politi-2.png", "🚓🚓🚓", "An image of", "صورة",
    ],
)  # fmt: skip
def test_placeholders_file_names_and_nothing_do_not_describe(alt: object) -> None:
    assert not described(alt)


def test_a_very_long_text_is_judged_quickly() -> None:
    assert described("a photo " * 200_000)
    assert not described("_" * 1_000_000)
    assert not described("1" * 1_000_000 + ".jpg")
