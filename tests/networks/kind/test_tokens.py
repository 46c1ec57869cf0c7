"""Splitting posts into tokens, many at once."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.networks.kind.tokens import HANDLE, MARK, NAME, NUMBER, SPECIAL, TAG, WORD, Vocabulary, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Have you SEEN this man?", ["have", "you", "seen", "this", "man", "?"]),
        ("We’re out – call 101", ["we're", "out", "-", "call", "101"]),
        ("ref 5220/123 at 23:50, £1,200", ["ref", "0000/000", "at", "00:00", ",", "$", "0,000"]),
        ("#APPEAL | @someone hi", ["#", "appeal", "|", "@someone", "hi"]),
        ("More: https://example.org/a?b=1 thanks", ["more", ":", "thanks"]),
        ("Café 🚔🚔 won't", ["café", "🚔", "🚔", "won't"]),
        ("a\n\nb", ["a", "\n\n", "b"]),
        ("Q&amp;A 'now'", ["q", "&", "a", "'", "now", "'"]),
        ("politiet på Ålesund", ["politiet", "på", "Ålesund"]),
        ("", []),
    ],
)
def test_a_post_falls_into_the_words_people_see(text: str, words: list[str]) -> None:
    assert split(pl.Series([text], dtype=pl.String)).spellings() == words


@given(st.lists(st.one_of(st.none(), st.text(alphabet=st.characters(exclude_categories=["Cs"])))))
def test_posts_split_together_are_the_posts_split_alone(texts: list[str | None]) -> None:
    together = split(pl.Series(texts, dtype=pl.String))
    alone = [split(pl.Series([text], dtype=pl.String)) for text in texts]
    assert together.counts.tolist() == [int(each.counts[0]) for each in alone]
    assert together.written() == [word for each in alone for word in each.written()]


def test_every_word_of_a_vocabulary_is_found_again() -> None:
    words = [f"word{letter}{other}" for letter in "abcdefghijklmnop" for other in "abcdefghijklmnop"] + [
        "101",
        "00:00",
        "?",
        "#",
    ]
    ids = Vocabulary(words).ids(split(pl.Series([" ".join(words)])))
    assert ids.tolist() == list(range(len(SPECIAL), len(SPECIAL) + len(words)))


def test_what_is_not_in_the_vocabulary_keeps_its_kind() -> None:
    ids = Vocabulary(["hello"]).ids(split(pl.Series(["hello @anybody Leeds leeds 42 ! #tag"])))
    assert ids.tolist() == [len(SPECIAL), HANDLE, NAME, WORD, NUMBER, MARK, MARK, TAG]


def test_a_telling_number_is_not_any_number_of_its_shape() -> None:
    vocabulary = Vocabulary(["000", "101"])
    ids = vocabulary.ids(split(pl.Series(["101 555"])))
    assert [vocabulary.words[i - len(SPECIAL)] for i in ids.tolist()] == ["101", "000"]
