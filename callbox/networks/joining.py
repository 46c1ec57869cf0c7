"""Two records of one agency made one: a post that stands in both counts once, however each of them names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from callbox.networks.ledger import Ledger, conform

#: What a person or the classifier said of a post; it is taken from one record whole, the first one's if it says anything.
_LABELS: Final = ("kind", "prevention", "services", "labelled_by")
_KEY: Final = ("account", "post")
#: Archives of Mastodon name a post by its address, a connection by the number at its end.
_STATUS: Final = r"/statuses/(\d+)(?:/activity)?$"


def joined(archive: Ledger, live: Ledger) -> Ledger:
    """Return the record of both, at the moment of `live`. A post of both is one: what `live` says first, its labels by `archive` first.

    Accounts are one where their names differ by case or a leading @ alone, or where they share a post.
    """
    own = live.table("posts").collect().with_columns(_name("post"))
    names = _same_accounts(archive, live, own)
    old = {name: _renamed(rows, names) for name, rows in archive.tables.items()}
    tables: dict[str, pl.LazyFrame] = {**live.tables, **old}
    for name in ("accounts", "contacts", "releases"):
        both = [each[name] for each in (old, live.tables) if name in each]
        if both:
            tables[name] = pl.concat([conform(name, rows.collect()) for rows in both]).lazy()
    if "posts" in old:
        tables["posts"] = _posts(old["posts"].with_columns(_name("post")), own)
    return replace(live, agency=archive.agency, tables=tables)


def _posts(archive: pl.LazyFrame, own: pl.DataFrame) -> pl.LazyFrame:
    held = own.lazy().select(_KEY)
    both = archive.join(held, on=_KEY, how="semi").collect().unique(_KEY, keep="first", maintain_order=True)
    if both.is_empty():
        return pl.concat([archive, own.lazy()])
    beside = own.join(both, on=_KEY, how="left", suffix="_old", maintain_order="left")
    labelled = pl.col("labelled_by_old").is_not_null()
    columns = [
        pl.when(labelled).then(pl.col(f"{name}_old")).otherwise(pl.col(name)).alias(name)
        if name in _LABELS
        else pl.coalesce(name, f"{name}_old").alias(name)
        for name in own.columns
        if name not in _KEY
    ]
    one = beside.with_columns(columns).select(own.columns)
    return pl.concat([archive.join(held, on=_KEY, how="anti").select(own.columns), one.lazy()])


def _same_accounts(archive: Ledger, live: Ledger, own: pl.DataFrame) -> dict[str, str]:
    """Return the live name of each account that the archive names otherwise. A DID and a handle are known by a post of both."""
    known = {_plain(account): account for account in live.table("accounts").select("account").collect()["account"]}
    there = archive.table("accounts").select("account").collect()["account"].drop_nulls().unique()
    names = {account: known[_plain(account)] for account in there if _plain(account) in known}
    posts = archive.table("posts").select("account", _name("post"))
    mine = own.lazy().select(pl.col("account").alias("_live"), "post")
    # A number of one server may be a number of another: only the ids of Bluesky are unique in the world.
    shared = posts.filter(pl.col("post").str.starts_with("at://")).join(mine, on="post").unique(["account"])
    names |= dict(shared.select("account", "_live").collect().iter_rows())
    return {account: name for account, name in names.items() if account != name}


def _renamed(rows: pl.LazyFrame, names: Mapping[str, str]) -> pl.LazyFrame:
    if not names or "account" not in rows.collect_schema():
        return rows
    return rows.with_columns(pl.col("account").replace(names))


def _name(column: str) -> pl.Expr:
    return pl.coalesce(pl.col(column).str.extract(_STATUS, 1), pl.col(column)).alias(column)


def _plain(account: str) -> str:
    return re.sub(r":@", ":", account.casefold(), count=1)
