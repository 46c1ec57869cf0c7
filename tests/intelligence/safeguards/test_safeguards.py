"""What the words of a watch touch, beyond the table of queries: places, positions, ways round, and what the lists must be like."""

from __future__ import annotations

import dataclasses
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import callbox.intelligence
from callbox.intelligence import names, safeguards
from callbox.intelligence.bases import MOST_DAYS, Basis, bases
from callbox.intelligence.engine.query import QueryError, parse
from callbox.intelligence.platforms import barred, barred_at
from callbox.intelligence.safeguards import check, refused, topics
from callbox.people import roles


def _codes(query: str, **beside: Any) -> list[str]:
    return [finding.code for finding in check(query, **beside)]


def test_a_finding_says_the_word_and_its_place() -> None:
    query = 'flood OR "Anna Berg" OR protesters'
    found = {finding.code: finding for finding in check(query)}
    assert query[found["watch_person"].at :].startswith("Anna Berg")
    assert query[found["watch_topic"].at :].startswith("protesters")
    assert "Anna Berg" in found["watch_person"].reason.sentence
    assert "Protest and assembly" in found["watch_topic"].reason.sentence


def test_the_name_purpose_and_area_are_read_too() -> None:
    assert _codes("flood river", purpose="See who joins the demonstration.") == ["watch_topic"]
    assert _codes("flood river", title="Strike at the port") == ["watch_topic"]
    assert _codes("blue van", purpose="Find out where Anna Berg goes.") == ["watch_person"]
    assert _codes("blue van", area="The house of Peter Jensen") == ["watch_person"]
    assert _codes("flood river", purpose="Grace period for residents. Will the river rise?") == []


def test_names_of_the_agencys_own_places_pass_but_a_first_name_is_no_place() -> None:
    assert _codes("Emma Lane flood") == ["watch_person"]
    assert _codes("Emma Lane flood", places=("Emma Lane",)) == []
    assert _codes("Emma Lane flood", area="Emma Lane, Riverton") == ["watch_person", "watch_person"]
    assert _codes("Kongsgaard Vest flood") == ["watch_person"]
    assert _codes("Kongsgaard Vest flood", area="Kongsgaard Vest, Riverton") == []
    assert _codes("Anna flood", places=("Anna",)) == ["watch_person"]


@pytest.mark.parametrize("words", ["Church Street", "house party", "lightning strike", "Anna Street", "Union Station"])
def test_a_street_or_another_meaning_passes_only_where_its_words_are_found_in_this_order(words: str) -> None:
    assert check(f'"{words}" flood') == ()
    assert check(f"{words} flood") != ()
    assert check("flood river", purpose=f"Warn people near {words} early.") == ()


def test_german_nouns_are_no_names() -> None:
    assert _codes("Giftköder Hund") == ["watch_person"]
    assert _codes("Giftköder Hund", languages=("de",)) == []
    assert _codes("Jürgen Schmidt", languages=("de",)) == ["watch_person"]


@pytest.mark.parametrize(
    "query", ["flood NOT protest", "flood -protest", "flood NOT (protest OR strike)", 'flood NOT "Anna Berg"']
)
def test_what_is_shut_out_is_not_listened_for(query: str) -> None:
    assert check(query) == ()


@pytest.mark.parametrize(
    "query", ["flood NOT (NOT protest)", "flood OR NOT NOT protest", "flood (river -drill protest)"]
)
def test_what_is_shut_out_twice_is_listened_for(query: str) -> None:
    assert _codes(query) == ["watch_topic"]


@pytest.mark.parametrize(
    "query",
    [
        "PROTEST",
        "Prótest",
        "ｐｒｏｔｅｓｔ",
        "pro\u00adtest",
        "pro\u200btest",
        "#Protest",
        "protest*",
        "prot*",
        '"big protest"',
        "riot's",
        "protest ~3 bridge",
    ],
)
def test_other_ways_of_writing_are_the_same_word(query: str) -> None:
    assert "watch_topic" in _codes(f"flood OR {query}")


def test_a_query_that_cannot_be_read_says_where() -> None:
    with pytest.raises(QueryError) as error:
        check("flood (river")
    assert error.value.at == 6


def test_an_account_behind_not_is_still_somebodys() -> None:
    assert "watch_account" in _codes("flood -@somebody")


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    try:
        found = check(text, title=text, purpose=text, area=text)
    except QueryError:
        return
    for finding in found:
        assert 0 <= finding.at <= len(text)
        assert finding.reason.sentence


@given(
    st.sampled_from(["protest", "mosque", "huelga", "Gewerkschaft", "journaliste", "frp"]),
    st.text("abcdefgh ", max_size=20),
)
def test_harmless_words_around_it_hide_nothing(word: str, around: str) -> None:
    assert {finding.demand for finding in check(f"flood {around} {word}")} >= {"sign"}


def test_a_person_is_refused_whatever_else_is_there() -> None:
    found = check('protest "Anna Berg"')
    assert {finding.demand for finding in found} == {"sign", "refuse"}
    assert [finding.code for finding in refused(found)] == ["watch_person"]


def test_every_topic_has_its_law_and_five_languages() -> None:
    assert {"protest", "faith", "party", "union", "press"} <= set(topics())
    for topic in topics().values():
        assert topic.law
        assert set(topic.terms) == {"en", "es", "fr", "de", "nb"}
        for terms in topic.terms.values():
            assert len(terms) == len(set(terms)), topic.id
            assert all(re.fullmatch(r"[\w*#' ]+", term) for term in terms), topic.id


def test_every_basis_has_an_end() -> None:
    assert all(0 < basis.days <= MOST_DAYS for basis in bases().values())
    life = bases()["life"]
    with pytest.raises(ValueError, match="1 to 90"):
        Basis(**{**dataclasses.asdict(life), "days": 91})


def test_platforms_that_forbid_it_are_known_by_their_hosts() -> None:
    assert {platform.id for platform in barred()} >= {"x", "meta"}
    for host in ("x.com", "api.twitter.com", "www.facebook.com", "graph.instagram.com", "t.me"):
        assert barred_at(host) is not None
    assert barred_at("netflix.com") is None
    assert barred_at("jetstream.example") is None


_ABSENT = ("face", "person_search", "search_person", "risk_score", "followers", "fake_account", "covert", "discreet")


def test_person_search_does_not_exist() -> None:
    """No module, function or action of intelligence searches for people, scores them or hides who asks (T-103, house 6)."""
    said = {module.name for module in pkgutil.walk_packages(callbox.intelligence.__path__)}
    said |= {name for module in (names, safeguards) for name in dir(module)} | {action.value for action in roles.Action}
    assert not [(name, word) for name in said for word in _ABSENT if word in name]
    sources = Path(callbox.intelligence.__file__).parent.rglob("*.py")
    functions = {match for file in sources for match in re.findall(r"def (\w+)", file.read_text("utf-8"))}
    assert not [(name, word) for name in functions for word in _ABSENT if word in name]


@pytest.mark.parametrize(
    "written",
    [
        "pro\u202atest",
        "pro\ufe0ftest",
        "pro\u180etest",
        "pro\u061ctest",
        "pro\u20e3test",
        "pro\U000e0020test",
        "ⓟⓡⓞⓣⓔⓢⓣ",
    ],
)
def test_what_the_engine_reads_as_a_protected_word_is_judged_as_one(written: str) -> None:
    assert parse(written).words == {"protest"}
    assert _codes(f"{written} flood") == ["watch_topic"]
    assert _codes("flood river", purpose=f"See who joins the {written} today.") == ["watch_topic"]


def test_letters_in_circles_and_capitals_without_a_hashtag_hide_no_name() -> None:
    for query in ("ⓐⓝⓝⓐ berg", "flood #Ⓐnna\u2066Ⓑerg", "AnnaBerg flood"):
        assert "watch_person" in _codes(query), query
    assert _codes("＠annaberg flood") == ["watch_account"]
    assert _codes("McDonald fire") == _codes("YouTube fire") == _codes("Anna's fire") == []


def test_the_place_of_a_finding_is_that_in_the_text_as_it_was_typed() -> None:
    query = "fl\u202aood pro\u202atest"
    (found,) = check(query)
    assert query[found.at :] == "pro\u202atest"
