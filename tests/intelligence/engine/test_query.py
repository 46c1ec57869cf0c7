"""Queries: how they are read, written and refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence.engine import tokens
from callbox.intelligence.engine.query import MOST_DEPTH, MOST_SIGNS, QueryError, parse


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("fire station", "fire AND station"),
        ("fire OR flood station", "fire OR (flood AND station)"),
        ("(fire OR flood) station", "(fire OR flood) AND station"),
        ('"Road  closed" NOT drill', '"road closed" AND NOT drill'),
        ("“road closed” –drill", '"road closed" AND NOT drill'),
        ("evacuat*", "evacuat*"),
        ('"fire brig*"', '"fire brig*"'),
        ("fire NEAR/5 station", "fire ~5 station"),
        ("(fire OR blaze) ~3 station", "fire ~3 station OR blaze ~3 station"),
        ("a ~2 b ~3 c", "a ~2 b AND b ~3 c"),
        ("NOT NOT fire", "fire"),
        ("fire fire (fire)", "fire"),
        ("Überfall don’t #Fire_x", 'uberfall AND "don t" AND fire_x'),
        ("地震 OR ไฟไหม้*", "地震 OR ไฟไหม้"),
        ("fire and or not", "fire AND and AND or AND not"),
        ('"OR" x', "or AND x"),
        ("fire -(drill exercise)", "fire AND NOT (drill AND exercise)"),
        ("ＦＩＲＥ fi\u200bre fi\u00adre", "fire"),
    ],
)
def test_a_query_is_written_in_one_way(text: str, written: str) -> None:
    query = parse(text)
    assert str(query) == written
    assert parse(str(query)) == query


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "query_empty", 0),
        ("   ", "query_empty", 0),
        ("-fire", "query_only_not", 0),
        ("fire OR NOT flood", "query_only_not", 0),
        ("NOT (fire AND NOT flood)", "query_only_not", 0),
        ("(fire", "query_unclosed", 0),
        ("(", "query_unclosed", 0),
        ("fire)", "query_unopened", 4),
        (")", "query_unopened", 0),
        ("()", "query_nothing_inside", 1),
        ("fire AND", "query_operator", 5),
        ("OR fire", "query_operator", 0),
        ("fire NOT", "query_operator", 5),
        ("fire AND OR flood", "query_operator", 5),
        ("~5 fire", "query_operator", 0),
        ("fire ~5", "query_operator", 5),
        ('road "closed', "query_quote", 5),
        ("f*re", "query_star", 0),
        ("**", "query_star", 0),
        ("fire *", "query_no_word", 5),
        ("fire !!!", "query_no_word", 5),
        ('""', "query_no_word", 0),
        ("f*", "query_prefix", 0),
        ("a ~0 b", "query_apart", 2),
        ("a ~51 b", "query_apart", 2),
        ("(a b) ~5 c", "query_near", 6),
        ("x" * (MOST_SIGNS + 1), "query_long", MOST_SIGNS),
        ("a b " * 1_000 + "-" * 20, "query_no_word", 4_019),
        ("(" * (MOST_DEPTH + 1) + "a", "query_deep", MOST_DEPTH),
        (" ".join(f"w{n}" for n in range(501)), "query_many", 0),
        (
            "(" + " OR ".join(f"a{n}" for n in range(100)) + ") ~5 (" + " OR ".join(f"b{n}" for n in range(100)) + ")",
            "query_many",
            689,
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(text: str, code: str, at: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.reason.code, caught.value.at) == (code, at)
    assert caught.value.reason.sentence == str(caught.value)


def test_words_are_those_that_may_bring_a_hit() -> None:
    query = parse('("Road closed" OR fire ~5 evacuat*) NOT (drill OR NOT flood) 地震')
    assert query.words == {"road closed", "fire", "evacuat*", "flood", "地震"}


@given(st.text(alphabet=st.sampled_from([*'ab()"*~5- ANDORNOT/é火😀\u200b\ud800']), max_size=60))
def test_whatever_is_typed_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        place = error.at
    else:
        place = 0
        assert parse(str(query)) == query
        assert query.words
    assert 0 <= place <= len(text)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert tokens.fold(tokens.fold(text)) == tokens.fold(text)
    words = tokens.words(text)
    assert tokens.words(" ".join(words)) == words
    assert tokens.words(tokens.written(words)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fire at #OxfordStreet!", ["fire", "at", "oxfordstreet"]),
        ("مُحَمَّد كــتاب", ["محمد", "كتاب"]),
        ("\u202eERIF\u202c f\u200dire", ["erif", "fire"]),
        ("आग लगी है", ["आग", "लगी", "है"]),
        ("大地震", ["大", "地", "震"]),
        ("ไฟไหม้", ["ไ", "ฟ", "ไ", "ห", "ม้"]),
        ("🔥🚒 fire", ["🔥", "🚒", "fire"]),
        ("Straße ÅRHUS Đà Nẵng", ["strasse", "arhus", "đa", "nang"]),
        ("\x00\x07a\x1bb", ["a", "b"]),
    ],
)
def test_text_is_split_the_same_whatever_its_script(text: str, words: list[str]) -> None:
    assert tokens.words(text) == words


@pytest.mark.parametrize("address", ["http://a.b", "HTTPS://A.B/c", "Www.a.b", "wWW.a.b", "hTTp://x www.y", "@bob.b-c"])
def test_an_address_is_left_out_however_it_is_written(address: str) -> None:
    assert tokens.content(f"fire {address} now www.x.org") == ("fire", "now")


def test_signs_that_need_the_long_way_are_seen() -> None:
    """Every sign of a script without blanks and every mark, beyond the scripts for which the short way is enough."""
    for code in range(0x40000):
        if tokens._UNSPACED_SIGN.match(chr(code)) or unicodedata.category(chr(code)) in {"Mn", "Mc"}:
            assert tokens._SPECIAL.match(chr(code)) or not tokens.fold(chr(code)), hex(code)


def test_words_that_only_join_others_tell_nothing() -> None:
    assert tokens.telling("The river is over the road, the river!") == ["river", "road"]
    assert tokens.telling("where are you") == ["where", "are", "you"]


def test_content_leaves_out_what_says_nothing() -> None:
    assert tokens.content("RT @bob: fire at https://t.co/x9 now @ann www.x.org") == ("fire", "at", "now")
