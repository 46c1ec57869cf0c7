"""Names of accounts become pseudonyms: the same for the same account of one agency, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.intelligence.pseudonyms import Pseudonyms, nameless

ONE = Pseudonyms(["a long random key"], agency=1)


def test_a_pseudonym_is_the_same_for_the_same_account_and_key_and_agency_alone() -> None:
    rosa = ONE.of("bluesky", "did:plc:rosa")
    assert (
        rosa
        == ONE.of("bluesky", "did:plc:rosa")
        == Pseudonyms(["a long random key", "an older one"], agency=1).of("bluesky", "did:plc:rosa")
    )
    others = {
        ONE.of("mastodon", "did:plc:rosa"),
        ONE.of("bluesky", "did:plc:tom"),
        Pseudonyms(["a long random key"], agency=2).of("bluesky", "did:plc:rosa"),
        Pseudonyms(["another key"], agency=1).of("bluesky", "did:plc:rosa"),
    }
    assert len(others) == 4
    assert rosa not in others
    assert (len(rosa), rosa[0], rosa.isalnum()) == (17, "p", True)


def test_nobody_has_no_pseudonym_and_without_a_key_there_is_none() -> None:
    assert ONE.of("feed", "") == ""
    with pytest.raises(ValueError):
        Pseudonyms([], agency=1)


@pytest.mark.parametrize(
    "name",
    [
        "@rosa", "@rosa@social.example", "@rosa.bsky.social", "rosa.bsky.social", "＠rosa", "@ro.sa_1", "@róża", "rosa@mail.example",
        "rosa.quill+harbour@mail.example.org", "did:plc:abcd1234", "did:web:rosa.example", "bsky.app/profile/rosa.example", "x.com/rosa",
        "twitter.com/rosa", "instagram.com/rosa", "facebook.com/rosa.quill", "tiktok.com/@rosa", "t.me/rosa", "X.com/Rosa",
    ],
)  # fmt: skip
def test_a_name_of_an_account_is_replaced_wherever_it_stands(name: str) -> None:
    for before, after in ((" ", " "), ("(", ")"), ("https://" if "/" in name else "", "."), ("", ""), ("via:", ",")):
        text = (
            f"fire{' ' if not before else ''}{before}{name}{after} at the harbour"
            if before != " "
            else f"fire {name} at the harbour"
        )
        veiled, without = ONE.veiled(text, network="bluesky"), nameless(text)
        for each in (veiled, without):
            assert "rosa" not in each.lower()
            assert "róża" not in each
            assert "abcd1234" not in each
            assert each.startswith("fire")
            assert each.endswith("at the harbour")


@pytest.mark.parametrize(
    "text",
    [
        "Fire at 5 @ the harbour",
        "a/b testing",
        "see https://www.example.org/news/2026",
        "#fire 50 % @",
        "did: it",
        "co@st",
    ],
)
def test_what_names_no_account_stays(text: str) -> None:
    assert ONE.veiled(text, network="bluesky") == nameless(text) == text


def test_the_same_account_named_twice_is_one_person_in_the_text() -> None:
    first, second, other = ONE.veiled("@rosa @Rosa @tom", network="mastodon").split()
    assert first == second != other


def test_the_name_an_author_signs_with_goes_too_where_it_is_no_common_word() -> None:
    told = ONE.veiled(
        "Fire! Rosa Quill, harbour watch. Rosa Quillon agrees", network="bluesky", author_name="Rosa Quill"
    )
    assert "Rosa Quill," not in told
    assert "Rosa Quillon agrees" in told
    assert ONE.veiled("Weather: storm", network="bluesky", author_name="Weather") == "Weather: storm"


@given(st.text(alphabet="@＠a.b-_:/ \n", max_size=300))
def test_any_text_is_read_to_its_end(text: str) -> None:
    assert ONE.veiled(text, network="x") is not None
    assert len(nameless(text)) <= len(text)


@pytest.mark.parametrize("piece", ["a", "a.", "@a.", "a-", "did:a", "@", "x.com/", "a+", "a@b."])
def test_a_long_run_of_anything_is_read_in_one_go(piece: str) -> None:
    """A pattern that began anew at every sign would need minutes for this."""
    assert nameless(piece * (200_000 // len(piece)) + "@") is not None
