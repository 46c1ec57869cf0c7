"""Train the network of `callbox.networks.kind.model` in numpy: same layers, with their gradients written out.

Layers: word vectors (`vectors`), filters over one, two and three neighbouring words whose largest answer in the post is kept
(Collobert et al. 2011; Kim 2014), and a linear layer to the classes. Trained by Adam (Kingma and Ba 2015) with dropout of words, of
vector entries and of filters, smoothed labels and a rate that rises and falls once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from callbox.networks.kind.model import WIDTHS, Weights, softmax
from callbox.networks.kind.tokens import EDGE, WORD, Ids

type Floats = npt.NDArray[np.float32]

_BETA: Final = (0.9, 0.999)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of a training, with its default. Rates of dropout are shares from 0 to 1."""

    nets: int = 3
    vector: int = 128
    filters: int = 16
    rounds: int = 12
    batch: int = 64
    rate: float = 3e-3
    spread: float = 0.3  # of a word's vector at the start
    scale: float = 0.5  # of the other weights at the start
    drop_words: float = 0.1
    drop_vectors: float = 0.2
    drop_filters: float = 0.5
    smoothing: float = 0.05
    balance: float = 0.5  # a class weighs its rarity to this power


def start(words: int, classes: int, recipe: Recipe, chance: np.random.Generator) -> Weights:
    """Return random weights for a vocabulary of `words` ids, stand-ins included."""

    def normal(*shape: int, spread: float) -> Floats:
        return (chance.standard_normal(shape) * spread).astype(np.float32)

    vectors = normal(words, recipe.vector, spread=recipe.spread)
    vectors[EDGE] = 0
    hidden = recipe.filters * len(WIDTHS)
    return Weights(
        vectors=vectors,
        filters=normal(recipe.vector, recipe.filters * sum(WIDTHS), spread=recipe.scale * recipe.vector**-0.5),
        filter_bias=np.zeros(hidden, np.float32),
        classes=normal(hidden, classes, spread=recipe.scale * hidden**-0.5),
        wide=np.zeros((words, classes), np.float32),
        class_bias=np.zeros(classes, np.float32),
    )


def gradients(
    weights: Weights, ids: Ids, wanted: Floats, importance: Floats, *, recipe: Recipe, chance: np.random.Generator
) -> tuple[float, Weights]:
    """Return the loss of one batch and its gradient.

    ids: posts x tokens, with an edge before, and at least one pure window of edges after, each post.  wanted: posts x classes, shares.
    importance: weight of each post.
    """
    ids = np.where((chance.random(ids.shape) < recipe.drop_words) & (ids != EDGE), WORD, ids)
    keep_vectors = _keep(chance, (*ids.shape, weights.vectors.shape[1]), recipe.drop_vectors)
    vectors: Floats = weights.vectors[ids] * keep_vectors
    z: Floats = vectors @ weights.filters
    best, places = _answers(z, weights.filters.shape[1] // sum(WIDTHS))
    best = best + weights.filter_bias
    keep_filters = _keep(chance, best.shape, recipe.drop_filters)
    hidden = np.maximum(best, 0) * keep_filters
    size = np.sqrt((ids != EDGE).sum(axis=1, keepdims=True)).astype(np.float32)
    wide = weights.wide[ids].sum(axis=1) / size
    shares = softmax(hidden @ weights.classes + wide + weights.class_bias)
    total = importance.sum()
    loss = -float((importance[:, None] * wanted * np.log(shares + 1e-9)).sum() / total)

    d_logits = ((shares - wanted) * importance[:, None] / total).astype(np.float32)
    d_best = (d_logits @ weights.classes.T) * keep_filters * (best > 0)
    d_z = np.zeros_like(z)
    count = weights.filters.shape[1] // sum(WIDTHS)
    block = 0
    for number, width in enumerate(WIDTHS):
        part = slice(number * count, (number + 1) * count)
        for offset in range(width):
            spot = d_z[:, :, block * count : (block + 1) * count]
            np.put_along_axis(spot, (places[:, part] + offset)[:, None, :], d_best[:, None, part], axis=1)
            block += 1
    flat = vectors.reshape(-1, vectors.shape[2])
    d_flat = d_z.reshape(-1, d_z.shape[2])
    d_vectors = (d_flat @ weights.filters.T) * keep_vectors.reshape(flat.shape)
    rows = csr_matrix(
        (np.ones(ids.size, np.float32), (ids.ravel(), np.arange(ids.size))), shape=(len(weights.vectors), ids.size)
    )
    d_words = rows @ d_vectors
    d_wide = rows @ np.repeat(d_logits / size, ids.shape[1], axis=0)
    d_words[EDGE] = d_wide[EDGE] = 0
    return loss, Weights(
        vectors=d_words,
        filters=flat.T @ d_flat,
        filter_bias=d_best.sum(axis=0),
        classes=hidden.T @ d_logits,
        wide=d_wide,
        class_bias=d_logits.sum(axis=0),
    )


def _windows(z: Floats, count: int) -> list[Floats]:
    """Return, for each width, the answers of `count` filters at each place. z: posts x tokens x (count x sum of widths)."""
    found = []
    block = 0
    places = z.shape[1] - max(WIDTHS) + 1
    for width in WIDTHS:
        total = z[:, :places, block * count : (block + 1) * count]
        for offset in range(1, width):
            block += 1
            total = total + z[:, offset : offset + places, block * count : (block + 1) * count]
        block += 1
        found.append(total)
    return found


def _answers(z: Floats, count: int) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return the largest answer of every filter in each post, and the token where it begins."""
    found = _windows(z, count)
    places = [each.argmax(axis=1) for each in found]
    best = [
        np.take_along_axis(each, place[:, None, :], axis=1)[:, 0] for each, place in zip(found, places, strict=True)
    ]
    return np.concatenate(best, axis=1), np.concatenate(places, axis=1)


def _keep(chance: np.random.Generator, shape: tuple[int, ...], drop: float) -> Floats:
    if not drop:
        return np.ones(shape, np.float32)
    return (chance.random(shape, np.float32) >= drop).astype(np.float32) / np.float32(1 - drop)


def train(posts: Sequence[Ids], wanted: Floats, words: int, *, recipe: Recipe, seed: int) -> Weights:
    """Return the weights learnt from `posts` (ids of their tokens) and the shares `wanted` of each class (posts x classes)."""
    chance = np.random.default_rng(seed)
    weights = start(words, wanted.shape[1], recipe, chance)
    frequency = wanted.mean(axis=0)
    importance = (wanted @ (1 / (frequency * wanted.shape[1])) ** recipe.balance).astype(np.float32)
    target = (wanted * (1 - recipe.smoothing) + recipe.smoothing / wanted.shape[1]).astype(np.float32)
    names = Weights.__dataclass_fields__
    first = {name: np.zeros_like(getattr(weights, name)) for name in names}
    second = {name: np.zeros_like(getattr(weights, name)) for name in names}
    lengths = np.array([len(post) for post in posts])
    steps = recipe.rounds * len(_batches(lengths, recipe.batch, np.random.default_rng(0)))
    step = 0
    for _ in range(recipe.rounds):
        for batch in _batches(lengths, recipe.batch, chance):
            step += 1
            rate = recipe.rate * _course(step / steps)
            _, slope = gradients(
                weights, pad([posts[i] for i in batch]), target[batch], importance[batch], recipe=recipe, chance=chance
            )
            for name in names:
                value, change = getattr(weights, name), getattr(slope, name)
                first[name] += (1 - _BETA[0]) * (change - first[name])
                second[name] += (1 - _BETA[1]) * (change * change - second[name])
                mean = first[name] / (1 - _BETA[0] ** step)
                value -= rate * mean / (np.sqrt(second[name] / (1 - _BETA[1] ** step)) + 1e-8)
    return weights


def _course(share: float) -> float:
    """Return the rate, as a share of its top, when `share` of the training is done: up for 15 %, then down along a cosine."""
    rise = 0.15
    if share < rise:
        return 0.04 + 0.96 * share / rise
    return float(0.5 * (1 + np.cos(np.pi * (share - rise) / (1 - rise))))


def _batches(lengths: npt.NDArray[np.int64], size: int, chance: np.random.Generator) -> list[npt.NDArray[np.int64]]:
    """Return the numbers of the posts, shuffled, in batches of similar length."""
    parts = np.array_split(chance.permutation(len(lengths)), 8)
    found = []
    for part in parts:
        ordered = part[np.argsort(lengths[part], kind="stable")]
        found += [ordered[i : i + size] for i in range(0, len(ordered), size)]
    return [found[i] for i in chance.permutation(len(found))]


def pad(posts: Sequence[Ids]) -> Ids:
    """Return posts x tokens with an edge before each post and a whole window of edges after the longest."""
    longest = max(len(post) for post in posts)
    ids = np.full((len(posts), longest + 1 + max(WIDTHS)), EDGE, np.int32)
    for row, post in zip(ids, posts, strict=True):
        row[1 : 1 + len(post)] = post
    return ids


def merge(nets: Sequence[Weights]) -> Weights:
    """Return one network that gives the mean of what `nets` give, before it becomes shares."""
    each = nets[0].filters.shape[1] // sum(WIDTHS)
    depth = nets[0].vectors.shape[1]
    n = len(nets)
    filters = np.zeros((n * depth, sum(WIDTHS), n * each), np.float32)
    for number, net in enumerate(nets):
        own, depths = slice(number * each, (number + 1) * each), slice(number * depth, (number + 1) * depth)
        filters[depths, :, own] = net.filters.reshape(depth, sum(WIDTHS), each)

    def side_by_side(name: str, share: float) -> Floats:
        # filters x widths: those of one width of all nets stand together
        parts = [getattr(net, name).reshape(len(WIDTHS), each, -1) for net in nets]
        joined: Floats = np.concatenate(parts, axis=1) * np.float32(share)
        return joined.reshape(len(WIDTHS) * n * each, -1)

    return Weights(
        vectors=np.concatenate([net.vectors for net in nets], axis=1),
        filters=filters.reshape(n * depth, -1),
        filter_bias=side_by_side("filter_bias", 1).ravel(),
        classes=side_by_side("classes", 1 / n),
        wide=np.mean([net.wide for net in nets], axis=0),
        class_bias=np.mean([net.class_bias for net in nets], axis=0),
    )
