"""What the shipped classifier labels, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from callbox.networks import kind
from callbox.networks.kind.model import shipped
from callbox.networks.kind.tokens import SPECIAL, split
from callbox.networks.kind.training.vocabulary import POSTS, handles, name_like, posts_with
from tests.networks.kind.shared import real

CLEAR = {
    "Can you help us find a missing 12-year-old girl? If you have seen her, please call 101.": "gather",
    "We're appealing for witnesses following a serious collision this morning. Do you have dashcam footage?": "gather",
    "A man has been jailed for six years after he admitted a string of burglaries.": "inform",
    "Happy Christmas to all our officers, staff and volunteers working today. Thank you for everything you do!": "engage",
}


def test_clear_posts_get_the_label_a_person_would_give() -> None:
    labels = kind.label(pl.Series(list(CLEAR)))
    assert labels["kind"].to_list() == list(CLEAR.values())
    assert labels["labelled_by"].unique().to_list() == ["machine"]
    assert labels["confidence"].is_between(1 / 3, 1).all()


def test_a_stated_language_decides() -> None:
    texts = pl.Series(["Please call 101 if you have seen this man"] * 6)
    labels = kind.label(texts, pl.Series(["en", "en-GB", "EN_us", "es", "cy", None]))
    assert labels["kind"].is_null().to_list() == [False, False, False, True, True, False]
    assert (
        labels["labelled_by"].is_null().to_list()
        == labels["confidence"].is_null().to_list()
        == labels["kind"].is_null().to_list()
    )


@pytest.mark.parametrize("silent", ["und", "", "qme", "zxx", None])
def test_a_language_nobody_stated_is_identified(silent: str | None) -> None:
    texts = pl.Series(
        ["Please call 101 if you have seen this man", "Politiet er på stedet etter melding om brann i Storgata"]
    )
    assert kind.label(texts, pl.Series([silent] * 2, dtype=pl.String))["kind"].is_null().to_list() == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "Die Polizei sucht Zeugen nach einem Unfall am Bahnhof, bitte melden Sie sich",
        "La police recherche des témoins après un accident survenu hier soir à Lyon",
        "La policía busca testigos de un accidente ocurrido anoche en Madrid",
        "De politie zoekt getuigen van een ongeval dat gisteren plaatsvond in Utrecht",
        "Polisen söker vittnen efter en olycka i Malmö under kvällen",
        "الشرطة تبحث عن شهود بعد حادث مروري",
        "警察は事故の目撃者を探しています",
        "https://example.org/a",
        "",
        "   ",
        None,
    ],
)
def test_another_language_or_nothing_at_all_is_never_guessed(text: str | None) -> None:
    row = kind.label(pl.Series([text], dtype=pl.String)).row(0)
    assert row == (None, None, None)


def test_no_posts_give_no_labels() -> None:
    assert kind.label(pl.Series([], dtype=pl.String)).schema == kind.LABELS
    assert kind.label(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String)).is_empty()


def test_the_record_can_be_read_without_loading_the_classifier() -> None:
    code = (
        "import sys, callbox.maturity.assess; "
        "sys.exit(any(name in sys.modules for name in ('callbox.networks.kind', 'py3langid', 'sklearn', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_labelling_needs_no_development_library() -> None:
    code = (
        "import sys, polars as pl; from callbox.networks import kind; kind.label(pl.Series(['hello there', 'Rolig kveld'])); "
        "sys.exit(any(name in sys.modules for name in ('sklearn', 'scipy', 'django', 'torch')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_norwegian_posts_stay_without_label() -> None:
    texts = pl.read_csv(real("police_posts_norway_2013.csv"), infer_schema=False)["text"]
    assert kind.label(texts)["kind"].null_count() == len(texts)


def test_most_english_posts_are_recognised_without_a_stated_language() -> None:
    texts = pl.read_csv(real("police_posts_uk_labelled.csv"), infer_schema=False)["text"]
    assert kind.label(texts)["kind"].null_count() < 0.04 * len(texts)


def test_the_shipped_vocabulary_holds_no_rare_word_no_name_and_no_handle() -> None:
    texts = pl.read_csv(real("police_posts_uk_labelled.csv"), infer_schema=False)["text"]
    words = set(shipped().words.words)
    counts = posts_with(split(texts))
    assert min(counts[word] for word in words) >= POSTS == 5
    assert not [word for word in words if word.startswith("@")]
    assert not words & name_like(texts)
    assert not words & handles(texts)


def test_every_shipped_phrase_stands_in_five_posts_and_is_made_of_shipped_words() -> None:
    texts = pl.read_csv(real("police_posts_uk_labelled.csv"), infer_schema=False)["text"]
    words, phrases = shipped().words, shipped().phrases
    spelled = [*SPECIAL, *words.words]
    pairs = [(spelled[first], spelled[second]) for first, second in phrases.pairs.tolist()]
    triples = [(*pairs[pair], spelled[last]) for pair, last in phrases.triples.tolist()]
    tokens = split(texts)
    posts = [[spelled[i] for i in ids.tolist()] for ids in np.split(words.ids(tokens), np.cumsum(tokens.counts)[:-1])]
    counts: Counter[tuple[str, ...]] = Counter()
    for post in posts:
        counts.update({*pairwise(post), *zip(post, post[1:], post[2:], strict=False)})
    assert len(pairs) > 1000
    assert min(counts[run] for run in [*pairs, *triples]) >= POSTS


def test_the_shipped_vocabulary_knows_none_of_these_names() -> None:
    names = {
        "james",
        "sarah",
        "mohammed",
        "smith",
        "jones",
        "leeds",
        "london",
        "bradford",
        "bristol",
        "yorkshire",
        "croydon",
    }
    assert not names & set(shipped().words.words)
