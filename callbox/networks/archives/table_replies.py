"""What a post of a table does, whom it answers, and in which language: judged once for each different value, not for each row."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import polars as pl

from callbox.networks.ledger import SCHEMAS

_POSTS: Final = SCHEMAS["posts"]
_ACTIONS: Final = {
    "reply": "reply", "replied_to": "reply", "comment": "reply",
    "retweet": "repost", "retweeted": "repost", "repost": "repost", "reblog": "repost", "share": "repost", "boost": "repost",
    "quote": "quote", "quoted": "quote",
}  # fmt: skip
#: How programs write "nothing" where a name is expected.
NOTHING: Final = ("", "nan", "none", "null", "na", "n/a", "<na>")
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
_NO_LANGUAGE: Final = ("und", "zxx", "mul", "mis", "nan")


def each(column: pl.Series, judge: Callable[[str], str | None]) -> pl.Series:
    """Return what `judge` says of each cell, asked once for each different text."""
    texts = column.cast(pl.String)
    different = texts.drop_nulls().unique()
    if different.is_empty():
        return texts
    said = pl.Series([judge(text) for text in different], dtype=pl.String)
    if said.equals(different):
        return texts
    return texts.replace_strict(different, said, default=None, return_dtype=pl.String)


def person(text: str) -> str | None:
    """Return an account's name as it is compared: without @ and capitals; None where the cell says nothing."""
    name = text.strip().removeprefix("@").lower()
    return None if name in NOTHING else name


def language(text: str) -> str | None:
    """Return the primary tag of a language, None for what is none."""
    tag = _LANGUAGE.fullmatch(text.strip().lower())
    return tag[1] if tag and tag[1] not in _NO_LANGUAGE else None


def actions(block: pl.DataFrame) -> pl.Series:
    """Return what each row does, as stated, else as its other cells tell."""
    said = pl.repeat("post", block.height, dtype=_POSTS["action"], eager=True)
    if "text" in block.columns:
        # The form in which X hands out a repost.
        _put(said, block["text"].cast(pl.String).str.starts_with("RT @").fill_null(value=False), "repost")
    for name in ("reply_to_post", "reply_to"):
        if name in block.columns:
            _put(said, each(block[name], person).is_not_null(), "reply")
    if "action" in block.columns:
        stated = each(block["action"], lambda text: _ACTIONS.get(text.strip().lower()))
        said = stated.cast(_POSTS["action"]).fill_null(said)
    return said


def addressees(block: pl.DataFrame, said: pl.Series) -> pl.Series:
    """Return whom each reply of a block addresses.

    A reply to the own account is a thread; a bare number where accounts have names is the id of a post, not of a person.
    """
    addressee = pl.repeat(None, block.height, dtype=_POSTS["addressee"], eager=True)
    rows = (said == "reply").arg_true()
    if rows.is_empty():
        return addressee
    if "reply_to" not in block.columns:
        return addressee.scatter(rows, "unknown")
    replies = block.select("reply_to", "account")[rows]
    own, other = each(replies["account"], person), each(replies["reply_to"], person)
    number = other.str.contains(r"^\d+$") & ~own.str.contains(r"^\d+$")
    unknown, own_thread, somebody = (pl.lit(name, _POSTS["addressee"]) for name in ("unknown", "self", "other"))
    told = pl.select(
        pl.when(other.is_null() | number).then(unknown).when(own == other).then(own_thread).otherwise(somebody)
    )
    return addressee.scatter(rows, told.to_series())


def _put(said: pl.Series, where: pl.Series, action: str) -> None:
    rows = where.arg_true()
    if rows.len():
        said.scatter(rows, action)
