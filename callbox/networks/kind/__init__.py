"""What a post does: it informs, engages, or gathers information.

The classifier reads English posts only; a post in another language, or in one that nobody can tell, gets no label. How it was made, on
what, and how far it can be trusted stands in docs/post-kind.md.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from callbox.networks.kind import language, model
from callbox.networks.ledger import SCHEMAS

#: Columns of `label`: `kind` and `labelled_by` as in the ledger, and the share the network gives to the kind, from 1/3 to 1.
LABELS = pl.Schema(
    {
        "kind": SCHEMAS["posts"]["kind"],
        "labelled_by": SCHEMAS["posts"]["labelled_by"],
        "confidence": pl.Float32(),
    }
)


def label(texts: pl.Series, languages: pl.Series | None = None) -> pl.DataFrame:
    """Return one row of `LABELS` for each text, in order; all null where the text is empty or not in English.

    languages: what the record states for each text, BCP 47 tags; null, "und" and the like leave it to be identified.
    """
    texts = texts.cast(pl.String)
    english = language.stated(languages, len(texts))
    read = np.flatnonzero(english.fill_null(value=True).to_numpy())
    some = texts.gather(read)
    found = model.shipped().read(some)
    shown = found.tokens > 0
    unsaid = np.flatnonzero(english.gather(read).is_null().to_numpy())
    shown[unsaid] &= language.identify(
        some.gather(unsaid), telling=found.telling[unsaid], known=found.known[unsaid], strange=found.strange[unsaid]
    )
    kind = np.full(len(texts), -1, np.int64)
    kind[read[shown]] = found.shares[shown].argmax(axis=1)
    confidence = np.zeros(len(texts), np.float32)
    confidence[read[shown]] = found.shares[shown].max(axis=1)
    names = pl.Series(model.KINDS, dtype=LABELS["kind"])
    columns = {
        "kind": names.gather(pl.Series(kind).replace(-1, None)),
        "labelled_by": pl.select(
            pl.when(pl.Series(kind) >= 0).then(pl.lit("machine", dtype=LABELS["labelled_by"]))
        ).to_series(),
        "confidence": pl.select(pl.when(pl.Series(kind) >= 0).then(pl.Series(confidence))).to_series(),
    }
    return pl.DataFrame(columns, schema=LABELS)
