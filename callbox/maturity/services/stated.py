"""What people of the agency state about its record, put into the ledger before it is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import polars as pl
from django.db.models import Count, F

from callbox.maturity.models import CodingSample
from callbox.maturity.services import comment_policy
from callbox.networks.accounts import services as accounts
from callbox.networks.ledger import Ledger, conform, empty
from callbox.people.models import Agency

#: How many people code one sample.
CODERS: Final = 2
#: So long a sample says how people label.
_LASTS: Final = timedelta(days=365)
_POST: Final = ("account", "post")


def with_stated(ledger: Ledger, agency: Agency) -> Ledger:
    """Return `ledger` with what the agency's people have stated by now: the codes of their double coding, what they say of accounts, and
    how their comment policy reads.
    """
    stated = {
        "codings": _codings(ledger, agency).lazy(),
        "accounts": _accounts(ledger, agency).lazy(),
        "rules": comment_policy.table(agency, day=ledger.as_of.date()).lazy(),
    }
    return replace(ledger, tables={**ledger.tables, **stated})


def _accounts(ledger: Ledger, agency: Agency) -> pl.DataFrame:
    """Return the accounts of the record with today's statements instead of earlier ones."""
    read = conform("accounts", ledger.table("accounts").collect())
    return pl.concat([read.filter(read["source"].ne_missing(accounts.SOURCE)), accounts.table(agency)])


def finished_samples(agency: Agency) -> Iterator[CodingSample]:
    """Yield the samples of which both coders have coded every post, newest first."""
    samples = CodingSample.objects.of(agency).annotate(
        drawn=Count("posts", distinct=True), coded=Count("posts__codes", distinct=True)
    )
    yield from samples.filter(drawn__gt=0, coded=CODERS * F("drawn")).order_by("-at", "-pk")


def _codings(ledger: Ledger, agency: Agency) -> pl.DataFrame:
    """Return the codes of the newest finished sample of the last 12 months that has posts of this record, those posts only.

    The newest alone: coders who agreed too little talk about it and draw another sample.
    """
    held = ledger.table("posts").select(_POST)
    for sample in finished_samples(agency):
        found = _codes(sample).lazy().join(held, on=_POST, how="semi", maintain_order="left").collect()
        if found.height and ledger.as_of - sample.at <= _LASTS:
            return found
    return empty("codings")


def _codes(sample: CodingSample) -> pl.DataFrame:
    names = {"account": "account", "post": "post", "coder": "codes__coder", "kind": "codes__kind",
             "prevention": "codes__prevention", "services": "codes__services"}  # fmt: skip
    rows = sample.posts.order_by("position", "codes__coder").values_list(*names.values())
    codes = pl.DataFrame(list(rows), schema=list(names), orient="row")
    return conform("codings", codes.with_columns(pl.col("coder").cast(pl.String)))
