"""From files to profiles, in one step and without a database: archive -> ledger -> measures -> scoring -> profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from callbox.maturity.model import loader
from callbox.maturity.model.practices import Model
from callbox.maturity.scoring import probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Profile
from callbox.networks.archives import record as records
from callbox.networks.archives.record import Record
from callbox.networks.ledger import Ledger, conform


@dataclass(frozen=True)
class Assessed:
    """One agency's ledger and the profile computed from it."""

    ledger: Ledger
    profile: Profile


def assess(
    files: Sequence[Path],
    *,
    now: datetime,
    workdir: Path,
    agency: str | None = None,
    standing: Standing | None = None,
    columns: Mapping[str, str] | None = None,
    labels: bool = True,
    advance: Callable[[int], None] = lambda _count: None,
    model: Model | None = None,
    stated: Callable[[Ledger], Ledger] = lambda ledger: ledger,
) -> tuple[Record, list[Assessed]]:
    """Read `files` and return the record with one assessed profile per agency, in order of name.

    workdir: an existing folder for what does not fit in memory and for the rejects.  advance: called with bytes read.
    stated: puts what people state about the record into its ledger; adopted languages come from the standing.

    Raises:
        ArchiveError: a file is no archive that Callbox reads.
    """
    record = records.build(
        files,
        agency=agency,
        now=now,
        columns=columns or {},
        advance=advance,
        workdir=workdir,
        label=_label if labels else None,
    )
    pinned, standing = model or loader.load(), standing or Standing()
    found = [stated(adopted(ledger, standing)) for ledger in record.ledgers]
    return record, [
        Assessed(ledger, profile_of(ledger, model=pinned, standing=standing, record=record)) for ledger in found
    ]


def adopted(ledger: Ledger, standing: Standing) -> Ledger:
    """Return `ledger` with the languages that the agency has adopted, by their primary tags."""
    tags = sorted({tag.casefold().replace("_", "-").partition("-")[0] for tag in standing.languages})
    languages = conform("languages", pl.DataFrame({"language": pl.Series(tags, dtype=pl.String)}))
    return replace(ledger, tables={**ledger.tables, "languages": languages.lazy()})


def profile_of(ledger: Ledger, *, model: Model, standing: Standing, record: Record | None = None) -> Profile:
    """Measure one agency's ledger and score it."""
    measures = probes.measure_all(ledger)
    return scoring.score(
        model,
        measures,
        standing,
        agency=ledger.agency,
        as_of=ledger.as_of,
        record=record.summary(ledger.agency) if record else {},
    )


def _label(texts: pl.Series, languages: pl.Series | None) -> pl.DataFrame:
    # The classifier loads a model file; who switches labels off does not wait for it.
    from callbox.networks import kind  # noqa: PLC0415

    labelled: pl.DataFrame = kind.label(texts, languages)
    return labelled
