"""What counts as what among posts. The words are defined in docs/concepts.md."""

from __future__ import annotations

from typing import Final

import polars as pl

#: The tables that every measure over posts reads.
TABLES: Final = ("posts",)

#: A reply to somebody else: the only thing that makes a channel two-way.
IS_ANSWER: Final = (pl.col("action") == "reply") & (pl.col("addressee") == "other").fill_null(value=False)

#: The next part of the agency's own thread.
IS_CONTINUATION: Final = (pl.col("action") == "reply") & (pl.col("addressee") == "self").fill_null(value=False)

#: What the agency itself said to everybody: posts, quotes and the parts of its threads. Neither reposts nor replies to others,
#: nor replies of which the record does not say whom they address.
IS_OWN: Final = pl.col("action").is_in(["post", "quote"]) | IS_CONTINUATION
