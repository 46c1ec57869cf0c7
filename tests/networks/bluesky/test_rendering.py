"""What a Bluesky account would show: counted as readers see it and as the server stores it."""

from __future__ import annotations

import pytest

from callbox.networks.bluesky import rendering
from callbox.networks.vocabulary import Content, Media, Preview

ACCOUNT = "bluesky:riverton.test"
FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇳🇴"
WALES = "🏴󠁧󠁢󠁷󠁬󠁳󠁿"


def _render(text: str, **more: object) -> Preview:
    return rendering.render(Content(text=text, **more), account=ACCOUNT)  # type: ignore[arg-type]


def _codes(preview: Preview) -> list[str]:
    return [reason.code for reason in preview.problems]


def _image(**more: object) -> Media:
    given = {"sha256": "0" * 64, "kind": "image", "type": "image/png", "size": 1000, "alt": "A closed road"}
    return Media(**(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Harbour", 7),
        (FAMILY, 1),
        (FLAG, 1),
        (FLAG * 3, 3),
        (WALES, 1),
        ("👍🏽", 1),
        ("e\u0301", 1),  # a letter and its accent
        ("e" + "\u0301" * 20, 1),
        ("1️⃣", 1),
        ("a\r\nb", 3),
        ("شرطة", 4),
        ("क्षि", 1),
        ("각", 1),  # a syllable of three letters
        ("\u1112\u1161\u11ab", 1),
        (f"a{FAMILY}b{FLAG}c", 5),
    ],
)
def test_what_a_reader_sees_as_one_counts_one(text: str, count: int) -> None:
    assert rendering.length(text) == count


@pytest.mark.parametrize("sign", ["a", "é", "e\u0301", "ش", "🚓", FLAG])
def test_three_hundred_fit_and_one_more_does_not(sign: str) -> None:
    full, over = _render(sign * 300), _render(sign * 301)
    assert (full.length, full.limit, full.unit, full.problems) == (300, 300, "graphemes", ())
    assert (over.length, _codes(over)) == (301, ["too_long"])


def test_few_signs_may_still_be_too_many_bytes() -> None:
    assert len(FAMILY.encode()) == 25
    assert _render(FAMILY * 120).fits  # 3,000 bytes exactly
    over = _render(FAMILY * 121)
    assert (over.length, _codes(over)) == (121, ["too_many_bytes"])
    assert "3025 bytes" in over.problems[0].sentence


def test_a_link_is_a_card_and_costs_no_letters() -> None:
    shown = _render("Road closed.", link="https://riverton.example/1", title="Roads")
    assert shown.rendition.text == "Road closed."
    assert (shown.rendition.link, shown.rendition.title) == ("https://riverton.example/1", "Roads")


def test_a_card_without_a_title_says_where_it_leads() -> None:
    assert _render("Closed.", link="https://riverton.example/1").rendition.title == "riverton.example"


def test_beside_a_picture_the_link_stands_in_the_text() -> None:
    shown = _render("Closed.", link="https://riverton.example/1", title="Roads", media=(_image(),))
    assert shown.rendition.text == "Closed.\n\nhttps://riverton.example/1"
    assert shown.rendition.title == ""  # nobody would see it


def test_what_is_corrected_is_named() -> None:
    assert "https://riverton.example/1" in _render("Open again.", corrects="https://riverton.example/1").rendition.text


def test_line_ends_of_forms_are_those_of_the_network() -> None:
    shown = _render(" One.\r\nTwo. ")
    assert (shown.rendition.text, shown.length) == ("One.\nTwo.", 9)


@pytest.mark.parametrize(
    ("media", "code"),
    [
        ((_image(),) * 5, "too_many_media"),
        ((_image(size=1_000_001),), "image_heavy"),
        ((_image(type="image/tiff"),), "not_an_image"),
        ((_image(alt=""),), "alt_missing"),
        ((_image(kind="video", type="video/mp4", captions="1" * 64),), "not_an_image"),
    ],
)
def test_what_the_network_does_not_show_is_said_before_it_leaves(media: tuple[Media, ...], code: str) -> None:
    assert _codes(_render("Closed.", media=media)) == [code]


def test_four_pictures_of_one_megabyte_fit() -> None:
    assert _render("Closed.", media=(_image(size=1_000_000),) * 4).fits


def test_an_answer_is_counted_in_the_same_way() -> None:
    shown = rendering.render_reply(
        f"{FAMILY}\r\n", account=ACCOUNT, to="at://did:plc:a/app.bsky.feed.post/1", language="en"
    )
    assert (shown.length, shown.rendition.reply_to) == (1, "at://did:plc:a/app.bsky.feed.post/1")
