"""Which words the classifier may know: only those that many posts share, and nobody's name, no place and no handle."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

import polars as pl

from callbox.networks.kind.tokens import Tokens, split

#: A word enters the vocabulary when at least so many posts have it.
POSTS: Final = 5
#: A word that is written with a capital letter, inside a sentence, more often than this share of its times is taken for a name.
_CAPITAL: Final = 0.4
#: What stands in the labelled posts for the handle of a private person; a word like any other where no @ precedes it.
_ANYBODY: Final = "someone"


def vocabulary(texts: pl.Series, *, posts: int = POSTS) -> list[str]:
    """Return the words of `texts` that a model may keep, in the order of the alphabet."""
    tokens = split(texts)
    counts = posts_with(tokens)
    kept = counts.keys() - handles(texts) - _names(tokens)
    return sorted(word for word in kept if counts[word] >= posts and not word.startswith("@"))


def handles(texts: pl.Series) -> frozenset[str]:
    """Return every handle of `texts` in lower case, without its @."""
    found = texts.str.to_lowercase().str.extract_all(r"@\w+").explode().drop_nulls().str.strip_prefix("@")
    return frozenset(found.to_list()) - {_ANYBODY}


def posts_with(tokens: Tokens) -> Counter[str]:
    """Return in how many posts each word occurs."""
    words = tokens.spellings()
    found: Counter[str] = Counter()
    begin = 0
    for count in tokens.counts.tolist():
        found.update(set(words[begin : begin + count]))
        begin += count
    return found


def name_like(texts: pl.Series) -> frozenset[str]:
    """Return the words of `texts` that look like a name: of a person, a place, a handle.

    A word counts as one when it stands with a capital letter inside a sentence, after a word or a comma, more often than 40 % of its
    times, or is never written without capitals (as hashtags and abbreviations are), unless ordinary.txt lists it.
    """
    return _names(split(texts))


def _names(tokens: Tokens) -> frozenset[str]:
    written, words, tagged = tokens.written(), tokens.spellings(), tokens.tagged.tolist()
    first = set((tokens.counts.cumsum() - tokens.counts).tolist())
    title: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for place, (before, here) in enumerate(pairwise(["\n", *written])):
        if tagged[place] or not here[0].isalpha():
            continue
        if here.islower():
            lower[words[place]] += 1
        elif place not in first and (before == "," or before[0].isalpha()) and (len(here) == 1 or not here.isupper()):
            title[words[place]] += 1
    alphabetic = {word for word in words if word[0].isalpha()}
    return frozenset(
        word
        for word in alphabetic - ordinary()
        if (title[word] > _CAPITAL * (title[word] + lower[word]) if title[word] else not lower[word])
    )


@cache
def ordinary() -> frozenset[str]:
    """Return the words of ordinary.txt."""
    lines = files(__package__).joinpath("ordinary.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
