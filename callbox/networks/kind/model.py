"""The network that says what a post does, for many posts at once.

For each post: the vectors of its words meet filters over one, two and three neighbouring words; of each filter the largest answer in
the post counts; a linear layer turns those into the shares of the classes, together with what runs of words say (`phrases`). As
filters are linear, their answer to each word of the vocabulary is computed once, when the file is loaded: labelling then only looks
up, adds and compares.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from callbox.networks.kind.language import TELLING
from callbox.networks.kind.phrases import Counts, Phrases, totals
from callbox.networks.kind.tokens import EDGE, SPECIAL, WORD, Ids, Vocabulary, split

type Floats = npt.NDArray[np.float32]

#: The labels, in the order of the last layer.
KINDS: Final = ("inform", "engage", "gather")
#: A filter sees this many neighbouring words.
WIDTHS: Final = (1, 2, 3)
#: Posts of one go: what is in hand then fits into a processor's cache.
_GO: Final = 1024
#: Posts of one table of tokens: of similar length, so that little of it is empty.
_ALIKE: Final = 64
#: The largest whole number of two bytes, less room for rounding.
_LARGEST: Final = 32_000
FILE: Final = "model.npz"


@dataclass(frozen=True, slots=True)
class Weights:
    """What is learnt. vectors: words x vector.  filters: vector x (filters x sum of widths), offset by offset.

    filter_bias: filters x widths.  classes: (filters x widths) x classes.  wide: words x classes, summed over a post and divided by
    the root of its length.  class_bias: classes.
    """

    vectors: Floats
    filters: Floats
    filter_bias: Floats
    classes: Floats
    wide: Floats
    class_bias: Floats


def softmax(logits: Floats) -> Floats:
    """Return shares that add up to one in each row."""
    shares: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in each of some posts.

    shares: posts x `KINDS`.  tokens: how many tokens it has.  telling, known, strange: how many of them are everyday English words, words
    of the vocabulary, and words in lower case that are not in it.
    """

    shares: Floats
    tokens: Counts
    telling: Counts
    known: Counts
    strange: Counts


class Classifier:
    """The network and the phrases with their vocabulary, ready to label."""

    def __init__(self, words: Vocabulary, weights: Weights, phrases: Phrases, card: dict[str, Any]) -> None:
        self.words, self.weights, self.phrases, self.card = words, weights, phrases, card

    @classmethod
    def load(cls, data: bytes) -> Classifier:
        """Read what `dump` wrote."""
        with np.load(BytesIO(data), allow_pickle=False) as saved:
            card = json.loads(saved["card"].tobytes())
            words = Vocabulary(json.loads(saved["words"].tobytes()))
            weights = Weights(**{name: _widened(saved[name]) for name in Weights.__dataclass_fields__})
            phrases = Phrases(**{name: _widened(saved[name]) for name in Phrases.__dataclass_fields__})
            return cls(words, weights, phrases, card)

    def dump(self) -> bytes:
        """Return the file to ship: words, weights at half precision, and the card that says how they were made."""
        out = BytesIO()
        texts = {"words": json.dumps(self.words.words), "card": json.dumps(self.card)}
        arrays: dict[str, Any] = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
        for part in (self.weights, self.phrases):
            arrays |= {name: _narrowed(getattr(part, name)) for name in part.__dataclass_fields__}
        np.savez_compressed(out, **arrays)
        return out.getvalue()

    @cached_property
    def _tables(self) -> tuple[list[npt.NDArray[np.int16]], float]:
        """What every filter answers to every word, and the size of one step of it.

        One table for each offset within a window: the first for the filters of all widths, the next for those of two words and more, the
        last for those of three. Whole numbers of two bytes are quicker to add and compare; the step keeps every sum within them.
        """
        answers = (self.weights.vectors @ self.weights.filters).reshape(len(self.weights.vectors), sum(WIDTHS), -1)
        first = np.cumsum(WIDTHS) - WIDTHS  # the block of each width's first offset
        tables = [
            np.concatenate(
                [answers[:, start + offset] for start, width in zip(first, WIDTHS, strict=True) if width > offset],
                axis=1,
            )
            for offset in range(max(WIDTHS))
        ]
        step = max(sum(float(np.abs(table).max()) for table in tables) / _LARGEST, 1e-9)
        return [np.rint(table / step).astype(np.int16) for table in tables], step

    def read(self, texts: pl.Series) -> Reading:
        """Return what the network makes of each text, and how much of each it understood."""
        n = len(texts)
        shares, lengths, marks = (
            np.empty((n, len(KINDS)), np.float32),
            np.empty(n, np.int64),
            np.empty((n, 3), np.int64),
        )
        for begin in range(0, n, _GO):
            here = slice(begin, begin + _GO)
            tokens = split(texts[here])
            ids = self.words.ids(tokens)
            shares[here], lengths[here] = self._shares(ids, tokens.counts), tokens.counts
            marks[here] = totals(self._marks.take(ids, axis=0), tokens.counts)
        return Reading(shares, lengths, *marks.T)

    @cached_property
    def _marks(self) -> npt.NDArray[np.int32]:
        """For each word 0 or 1: is telling English, is a word of the vocabulary, is unknown and in lower case."""
        marks = [(word in TELLING, word[0].isalpha(), False) for word in self.words.words]
        table = np.array([(False, False, False)] * len(SPECIAL) + marks, np.int32)
        table[WORD, 2] = 1
        return table

    def _shares(self, ids: Ids, counts: npt.NDArray[np.int64]) -> Floats:
        """Return the shares of posts that have `counts` of the tokens `ids`."""
        tables, step = self._tables
        begins = np.cumsum(counts) - counts
        ends = np.append(ids, np.int32(EDGE))
        order = np.argsort(counts, kind="stable")
        best = np.empty((len(counts), len(self.weights.filter_bias)), np.int16)
        for start in range(0, len(order), _ALIKE):
            some = order[start : start + _ALIKE]
            place = np.arange(-1, counts[some[-1]] + max(WIDTHS))
            inside = (place >= 0) & (place < counts[some, None])
            rows = ends[np.where(inside, begins[some, None] + place, len(ids))]
            z = tables[0].take(rows, axis=0)
            for offset, table in enumerate(tables[1:], 1):
                z[:, :-offset, -table.shape[1] :] += table.take(rows[:, offset:], axis=0)
            best[some] = z.max(axis=1)
        wide = (
            totals(self.weights.wide.take(ids, axis=0), counts)
            / np.sqrt(np.maximum(counts, 1, dtype=np.float32))[:, None]
        )
        hidden = np.maximum(best * np.float32(step) + self.weights.filter_bias, 0)
        logits = hidden @ self.weights.classes + wide + self.weights.class_bias
        return softmax(logits + self.phrases.scores(ids, counts))


def _narrowed(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values.astype(np.float16) if values.dtype == np.float32 else values


def _widened(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values.astype(np.float32) if values.dtype == np.float16 else values


@cache
def shipped() -> Classifier:
    """Return the classifier that comes with Callbox."""
    return Classifier.load(files(__package__).joinpath(FILE).read_bytes())
