"""The matcher: what it finds is what reading every query word by word finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.matching import Hit, Matcher
from callbox.intelligence.engine.query import QueryError, parse
from callbox.intelligence.engine.terms import LEARNING
from tests.intelligence.engine.shared import holds

_WORDS = ("a", "b", "c", "ab", "abc", "bc", "地", "地震", "é", "🔥")
_TERMS = st.one_of(
    st.sampled_from(_WORDS),
    st.lists(st.sampled_from(_WORDS), min_size=2, max_size=5).map(lambda words: f'"{" ".join(words)}"'),
    st.sampled_from(("ab*", "abc*", '"a ab*"', '"a b c ab*"', '"b c a b"')),
    st.tuples(st.sampled_from((*_WORDS, "ab*", '"a b"')), st.integers(1, 3), st.sampled_from((*_WORDS, '"b c"'))).map(
        lambda near: f"{near[0]} ~{near[1]} {near[2]}"
    ),
)
_QUERIES = st.recursive(
    _TERMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from((" AND ", " OR ", " ")), inner).map(lambda one: f"({one[0]}{one[1]}{one[2]})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=6,
)
_TEXTS = st.lists(st.sampled_from((*_WORDS, "#a", "B!", "É")), max_size=9).map(" ".join)


@given(st.lists(_QUERIES, max_size=12), st.lists(_TEXTS, max_size=4), st.sets(st.integers(0, 11)))
def test_what_is_found_is_what_reading_each_query_finds(written: list[str], texts: list[str], gone: set[int]) -> None:
    matcher, queries = Matcher(), {}
    for key, text in enumerate(written):
        try:
            query = parse(text)
        except QueryError:
            continue
        queries[key] = query
        matcher.add(key, query)
    for key in gone:
        matcher.remove(key)
        queries.pop(key, None)
    assert len(matcher) == len(queries)
    for text in texts:
        words = tokens.words(text)
        hits = matcher.match(text)
        assert [hit.key for hit in hits] == [key for key, query in queries.items() if holds(query.root, words)]
        for hit in hits:
            assert hit.words
            assert set(hit.words) <= queries[hit.key].words


def _matcher(*queries: str) -> Matcher:
    matcher = Matcher()
    for key, text in enumerate(queries):
        matcher.add(key, parse(text))
    return matcher


def test_a_hit_says_which_terms_decided() -> None:
    matcher = _matcher(
        "(fire OR blaze) station NOT drill",
        '"road closed"',
        "evac*",
        "fire ~2 station",
        "(fire AND tunnel) OR station",
        '"the fire at the station"',
    )
    assert matcher.match("The FIRE at the station: road closed, évacuation") == [
        Hit(0, ("fire", "station")),
        Hit(1, ("road closed",)),
        Hit(2, ("evac*",)),
        Hit(4, ("station",)),
        Hit(5, ("the fire at the station",)),
    ]
    assert [hit.key for hit in matcher.match("fire station drill")] == [3, 4]


def test_a_query_can_be_put_in_the_place_of_another() -> None:
    matcher = _matcher("fire")
    matcher.add(0, parse("flood"))
    assert matcher.match("fire") == []
    assert matcher.match("flood") == [Hit(0, ("flood",))]


def test_nothing_is_left_of_queries_taken_away() -> None:
    queries = ("fire", '"a b c d"', "evac*", "a ~3 bc*", "(a OR b) NOT c", '"a bc*"')
    matcher = _matcher(*queries)
    matcher.remove(99)
    for key in range(len(queries)):
        matcher.remove(key)
    assert len(matcher) == 0
    assert not matcher._entries
    assert not any(vars(matcher._terms).values())


def test_a_stated_other_language_shuts_a_text_out_and_an_unstated_one_does_not() -> None:
    matcher = Matcher()
    matcher.add(1, parse("fire"), frozenset({"en-GB", "nb"}))
    assert [bool(matcher.match("fire", language)) for language in ("en", "EN-us", "nb", "", "de", "no")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_learning_what_is_rare_changes_no_hit() -> None:
    matcher = _matcher("the AND fire", "(the OR a) AND flood", "the OR fire")
    before = [matcher.match(text) for text in ("the fire", "a flood", "the", "flood")]
    for number in range(LEARNING):
        matcher.match(f"the a {number}")
    assert [matcher.match(text) for text in ("the fire", "a flood", "the", "flood")] == before


def test_a_text_of_100_kb_is_matched_like_any_other() -> None:
    long = "fire " * 20_000
    matcher = _matcher("fire ~5 flood", "fire ~5 fire", "fir*", '"fire fire fire fire"', "flood", "fire NOT flood")
    assert [hit.key for hit in matcher.match(long)] == [1, 2, 3, 5]
    assert [hit.key for hit in matcher.match(long + "flood")] == [0, 1, 2, 3, 4]


@pytest.mark.slow
def test_a_million_hashtags_are_one_text() -> None:
    matcher = _matcher("tag999999", "tag99*", "nothing")
    text = " ".join(f"#tag{number}" for number in range(1_000_000))
    assert [hit.key for hit in matcher.match(text)] == [0, 1]


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    matcher = _matcher("a", "ab*", "a ~3 b", '"a b c d"', "火")
    assert [hit.key for hit in matcher.match(text)] == [
        key
        for key, query in enumerate(map(parse, ("a", "ab*", "a ~3 b", '"a b c d"', "火")))
        if holds(query.root, tokens.words(text))
    ]


def test_hidden_signs_and_look_alikes_hide_nothing() -> None:
    matcher = _matcher("evacuation")
    for text in (
        "eva\u200bcuation",
        "ＥＶＡＣＵＡＴＩＯＮ",
        "é\u0301vacuation",
        "\u202eevacuation",
        "eva\u00adcuation",
        "𝐞𝐯𝐚𝐜𝐮𝐚𝐭𝐢𝐨𝐧",
    ):
        assert matcher.match(text), text
