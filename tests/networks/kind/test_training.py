"""How the classifier is made: its gradients, its vocabulary, its merged networks."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from callbox.networks.kind.model import KINDS, Classifier, Weights
from callbox.networks.kind.phrases import Phrases
from callbox.networks.kind.tokens import EDGE, SPECIAL, Ids, Vocabulary, split
from callbox.networks.kind.training.__main__ import judge, make
from callbox.networks.kind.training.groups import near_duplicates
from callbox.networks.kind.training.network import Recipe, gradients, merge, pad, start
from callbox.networks.kind.training.phrases import learn
from callbox.networks.kind.training.vocabulary import name_like, vocabulary

STILL = Recipe(vector=6, filters=4, drop_words=0, drop_vectors=0, drop_filters=0)
NOTHING = Phrases(
    np.zeros((20, 3), np.float32),
    np.zeros((0, 2), np.int32),
    np.zeros((0, 3), np.float32),
    np.zeros((0, 2), np.int32),
    np.zeros((0, 3), np.float32),
)
NAMES = [field.name for field in dataclasses.fields(Weights)]


def _weights(seed: int, words: int = 20) -> Weights:
    chance = np.random.default_rng(seed)
    made = start(words, len(KINDS), STILL, chance)
    # Away from zero everywhere, so that no filter sits on the bend of its rectifier.
    moved = Weights(**{name: getattr(made, name) + chance.normal(0, 0.1, getattr(made, name).shape) for name in NAMES})
    moved.vectors[EDGE] = moved.wide[EDGE] = 0  # nothing stands between two posts
    return moved


@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_is_what_small_steps_show(name: str) -> None:
    weights, chance = _weights(3), np.random.default_rng(0)
    ids = pad([np.array(post, np.int32) for post in ([7, 8, 9, 10], [11, 12], [13, 7, 7])])
    wanted, importance = np.eye(3, dtype=np.float32), np.array([1, 2, 0.5], np.float32)

    def loss() -> float:
        return gradients(weights, ids, wanted, importance, recipe=STILL, chance=chance)[0]

    slope = getattr(gradients(weights, ids, wanted, importance, recipe=STILL, chance=chance)[1], name)
    value = getattr(weights, name)
    for place in list(np.ndindex(value.shape)):
        if name in {"vectors", "wide"} and place[0] == EDGE:
            continue
        kept = value[place]
        value[place] = kept + 1e-5
        above = loss()
        value[place] = kept - 1e-5
        below = loss()
        value[place] = kept
        assert (above - below) / 2e-5 == pytest.approx(slope[place], abs=2e-5)


def test_a_merged_network_gives_the_mean_of_its_parts() -> None:
    words = Vocabulary(["a", "b", "c", "d", "e"])
    nets = [_weights(seed, len(words.words) + len(SPECIAL)) for seed in (1, 2, 3)]
    texts = pl.Series(["a b c", "d", "e e a zzz Leeds 4", ""])
    logits = [np.log(Classifier(words, net, NOTHING, {}).read(texts).shares) for net in nets]
    mean = np.exp(np.mean(logits, axis=0))
    assert Classifier(words, merge(nets), NOTHING, {}).read(texts).shares == pytest.approx(
        mean / mean.sum(axis=1, keepdims=True), abs=1e-5
    )


def test_a_post_is_judged_the_same_alone_and_among_others() -> None:
    words = Vocabulary(["a", "b", "c"])
    classifier = Classifier(words, _weights(5, 10), NOTHING, {})
    texts = pl.Series(["a b c " * n for n in range(40)] + ["c b a"])
    together = classifier.read(texts).shares
    assert together == pytest.approx(
        np.concatenate([classifier.read(texts[i : i + 1]).shares for i in range(len(texts))]), abs=1e-6
    )


@pytest.mark.slow
def test_a_network_learns_what_words_and_their_order_say() -> None:
    chance = np.random.default_rng(1)
    filler = ["road", "street", "team", "night", "car", "dog", "river", "north"]
    signs = ["do you know", "you do know", "know you do"]
    labels = chance.integers(0, 3, 600)
    texts = pl.Series(
        [" ".join([*chance.choice(filler, 4), signs[label], *chance.choice(filler, 3)]) for label in labels.tolist()]
    )
    recipe = Recipe(nets=1, vector=16, filters=8, rounds=12, batch=32, rate=6e-3)
    found = judge(texts, labels, recipe=recipe, seed=1, grouped=False)
    assert found["macro_f1"] > 0.95
    again = [make(texts, labels, recipe=recipe, seed=1).dump() for _ in range(2)]
    assert again[0] == again[1]


def test_a_vocabulary_holds_shared_words_only_and_nobody_s_name() -> None:
    texts = pl.Series(
        ["we spoke to Jordan about the van near Ashby with @pc_helper today"] * 5
        + ["the jordan almond van", "a rare word: zyzzyva"]
        + ["today the van was found by officers"] * 4
    )
    words = vocabulary(texts)
    assert {"we", "spoke", "the", "van", "today"} <= set(words)
    assert not {"jordan", "ashby", "zyzzyva", "found", "officers", "@pc_helper"} & set(words)
    assert {"jordan", "ashby"} <= name_like(texts)


def test_near_duplicates_share_a_group() -> None:
    groups = near_duplicates(
        [
            "@someone Hi Steve, thanks for your message, please report it on our website",
            "@someone Hi Mark, thanks for your message, please report it on our website 2",
            "A man has been jailed for ten years at the crown court",
            "",
            "",
        ]
    )
    assert groups[0] == groups[1] != groups[2]
    assert groups[3] == groups[4] != groups[2]


def test_the_file_gives_back_what_was_written() -> None:
    words = Vocabulary(["a", "b"])
    written = Classifier(words, merge([_weights(1, 9)]), NOTHING, {"seed": 1})
    back = Classifier.load(written.dump())
    assert back.words.words == words.words
    assert back.card == {"seed": 1}
    texts = pl.Series(["a b a", "b"])
    assert back.read(texts).shares == pytest.approx(written.read(texts).shares, abs=2e-3)
    assert split(texts).counts.tolist() == [3, 1]


def _posts(words: Vocabulary, texts: list[str]) -> list[Ids]:
    tokens = split(pl.Series(texts))
    return np.split(words.ids(tokens), np.cumsum(tokens.counts)[:-1])


def test_phrases_are_counted_by_posts_and_end_with_their_post() -> None:
    words = Vocabulary(["call", "us", "now", "please", "never"])
    texts = (
        ["please call us now"] * 4
        + ["call us", "call us now now"]
        + ["never call us now never call us now"] * 2
        + ["us", "now never"] * 9
    )
    labels = np.array([0, 0, 0, 0, 1, 1, 2, 2, *[0, 1] * 9])
    phrases = learn(_posts(words, texts), labels, words=len(words.words) + len(SPECIAL), classes=3, seed=1)
    spelled = [[words.words[i - len(SPECIAL)] for i in pair] for pair in phrases.pairs.tolist()]
    # "please call" stands in 4 posts, "never call" in 2; "us" and the next post's "now" are no pair of one post.
    assert sorted(spelled) == [["call", "us"], ["now", "never"], ["us", "now"]]
    assert [[*spelled[pair], words.words[last - len(SPECIAL)]] for pair, last in phrases.triples.tolist()] == [
        ["call", "us", "now"]
    ]


def test_what_phrases_say_is_the_sum_over_the_runs_of_a_post() -> None:
    words = Vocabulary(["a", "b", "c"])
    first = len(SPECIAL)
    singles = np.zeros((first + 3, 3), np.float32)
    singles[first] = [1, 0, 0]
    phrases = Phrases(
        singles,
        np.array([[first, first + 1]], np.int32),
        np.array([[0, 10, 0]], np.float32),
        np.array([[0, first + 2]], np.int32),
        np.array([[0, 0, 100]], np.float32),
    )
    tokens = split(pl.Series(["a b c a b", "", "b c", "c", "a", "b c a b c"]))
    said = phrases.scores(words.ids(tokens), tokens.counts)
    assert said.tolist() == [[2, 20, 100], [0, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0, 0], [1, 10, 100]]
