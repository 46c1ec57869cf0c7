"""Colours that stay readable, the range bar, the stylesheet."""

from __future__ import annotations

import re
from pathlib import Path

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from callbox.core.colour import DARK_PAPER, LIGHT_PAPER, READABLE, accent_on, contrast

STYLESHEET = (Path(__file__).parents[2] / "callbox/desk/static/desk/callbox.css").read_text()


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@given(st.integers(0, 0xFFFFFF), st.sampled_from([LIGHT_PAPER, DARK_PAPER]))
def test_any_colour_an_agency_sets_is_readable(number: int, paper: str) -> None:
    accent = accent_on(paper, f"#{number:06x}")
    assert contrast(accent.colour, paper) >= READABLE
    assert contrast(accent.ink, accent.colour) >= READABLE


def test_a_colour_that_is_readable_is_left_alone() -> None:
    assert accent_on(LIGHT_PAPER, "#1f5f6b").colour == "#1f5f6b"


def test_dark_by_choice_and_dark_by_device_are_the_same() -> None:
    chosen = re.search(r"\n\[data-bs-theme=dark\] \{(.*?)\n\}", STYLESHEET, re.DOTALL)
    device = re.search(r":root:not\(\[data-bs-theme\]\) \{(.*?)\n  \}", STYLESHEET, re.DOTALL)
    assert chosen is not None
    assert device is not None
    assert chosen[1].split() == device[1].split()


def test_the_papers_of_the_stylesheet_are_those_colours_are_made_for() -> None:
    assert f"--cb-paper: {LIGHT_PAPER}" in STYLESHEET
    assert f"--cb-sheet: {DARK_PAPER}" in STYLESHEET  # the lighter of the dark papers


def bar(shown: int | None, at_most: int | None) -> str:
    template = Template('{% load desk %}{% range_bar shown at_most label="Voice" %}')
    return template.render(Context({"shown": shown, "at_most": at_most}))


def test_the_range_bar_says_in_words_what_it_draws() -> None:
    drawn = bar(2, 4)
    assert 'aria-label="Voice: level 2 shown, at most 4, of 5"' in drawn
    assert drawn.count('class="range-shown"') == 2
    assert drawn.count('class="range-maybe"') == 2
    assert drawn.count('class="range-step"') == 5
    assert "2 to 4 of 5" in drawn


def test_a_certain_level_is_said_once() -> None:
    assert 'aria-label="Voice: level 3 of 5"' in bar(3, 3)


def test_nothing_known_is_an_open_range_not_a_zero() -> None:
    drawn = bar(0, 5)
    assert "level 0 shown, at most 5, of 5" in drawn
    assert drawn.count('class="range-maybe"') == 5


def test_what_does_not_apply_draws_no_bar() -> None:
    assert "does not apply" in bar(None, None)
    assert "<svg" not in bar(None, None)
