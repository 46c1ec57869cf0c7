"""Counting and showing as Mastodon does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mastodon._url_regex import url_regex  # the library's own copy of the rule of Mastodon's web page

from callbox.networks.mastodon.rendering import length, render, render_reply
from callbox.networks.vocabulary import Content, Media

ACCOUNT = "mastodon:harbour@social.example"
PICTURE = Media("a" * 64, "image", "image/png", 7, "A closed road")


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", 0),
        ("Road closed.", 12),
        ("👩‍👩‍👧‍👦é🇫🇷", 3),  # what a reader sees as one character is one
        ("see https://harbour.example/a/very/long/way?of=saying#so.", 4 + 23 + 1),
        ("https://harbour.example", 23),
        ("(http://harbour.example/x)", 25),
        ("harbour.example", 15),  # no address without its scheme
        ("http://localhost/x", 18),  # nor without a domain
        ("@alice@social.example hello", 12),
        ("@alice hello", 12),
        ("mail carol@harbour.example", 26),
    ],
)
def test_counts_as_mastodon_counts(text: str, counted: int) -> None:
    assert length(text) == counted


_PARTS = [
    "Road", "closed,", "https://harbour.example", "https://harbour.example/a-b_c/d.html?x=1&y=%20#top", "(see", "http://www.harbour.gov/x)",
    "https://harbour.example/x.", "https://harbour.example/x,", "https://harbour.example:8443/x!", "“https://harbour.example/é”",
    "localhost",
    "http://localhost/x", "harbour.example/x", "ftp://harbour.example", "https://", "https://harbour.example/?", "née", "👮🏽‍♀️",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PARTS), max_size=12), st.sampled_from([" ", "\n\n"]))
def test_addresses_count_as_on_the_web_page_of_mastodon(parts: list[str], between: str) -> None:
    text = between.join(parts)
    there = url_regex.sub(lambda found: found[2] + "x" * 23, text)
    assert length(text) == length(there)


def test_the_link_follows_the_words_once() -> None:
    content = Content(text="Road closed.", link="https://harbour.example/1")
    assert render(content, account=ACCOUNT).rendition.text == "Road closed.\n\nhttps://harbour.example/1"
    said = replace(content, text="Road closed: https://harbour.example/1")
    assert render(said, account=ACCOUNT).rendition.text == said.text


def test_a_correction_in_place_does_not_point_to_itself() -> None:
    content = Content(text="Open again.", corrects="https://social.example/@harbour/1")
    assert render(content, account=ACCOUNT).rendition.text == "Open again."


def test_more_than_four_pictures_and_a_video_beside_a_picture_are_problems() -> None:
    video = replace(PICTURE, kind="video", type="video/mp4", captions="b" * 64)
    five = render(Content(text="a", media=(PICTURE,) * 5), account=ACCOUNT)
    mixed = render(Content(text="a", media=(PICTURE, video)), account=ACCOUNT)
    alone = render(Content(text="a", media=(video,)), account=ACCOUNT)
    assert [reason.code for reason in five.problems] == ["too_many_media"]
    assert [reason.code for reason in mixed.problems] == ["video_alone"]
    assert alone.fits


def test_a_description_too_long_for_the_network_is_a_problem() -> None:
    long = render(Content(text="a", media=(replace(PICTURE, alt="word " * 301),)), account=ACCOUNT)
    assert [(reason.code, reason.values["n"]) for reason in long.problems] == [("alt_too_long", 1)]


def test_an_answer_keeps_room_for_the_name_of_whom_it_is_meant_for() -> None:
    fits = render_reply("a" * 468, account=ACCOUNT, to="7", language="en")
    assert fits.fits
    assert not render_reply("a" * 469, account=ACCOUNT, to="7", language="en").fits
    assert (fits.rendition.reply_to, fits.rendition.language) == ("7", "en")
