"""The folder an assessment leaves behind: reports, tables, the proof pack, and the records set aside."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from callbox.core.plain import to_plain
from callbox.core.signing import SigningKey
from callbox.maturity.activity import activity
from callbox.maturity.assess import Assessed
from callbox.maturity.model import loader
from callbox.maturity.model.wording import words_of
from callbox.maturity.proof import pack
from callbox.maturity.report import pdf
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.tables import tables
from callbox.maturity.scoring.evidence import Standing
from callbox.networks.archives.record import Record


def write(
    out: Path,
    record: Record,
    assessed: Sequence[Assessed],
    *,
    standing: Standing,
    key: SigningKey,
    begun: Callable[[str], None] = lambda _what: None,
) -> list[Path]:
    """Write what was found, one folder an agency where there are several, and return the paths written.

    begun: called with what is being written, for whoever waits.

    Raises:
        OSError: something cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    if record.rejects is not None:
        written.append(Path(shutil.copyfile(record.rejects, out / "set-aside.jsonl")))
    for one in assessed:
        place = out / slug(one.ledger.agency) if len(assessed) > 1 else out
        written += _agency(place, one, standing, key, begun)
    return written


def _agency(
    place: Path, one: Assessed, standing: Standing, key: SigningKey, begun: Callable[[str], None]
) -> list[Path]:
    place.mkdir(parents=True, exist_ok=True)
    report = ReportInput(
        one.profile,
        words_of(loader.load(one.profile.model)),
        attestations=standing.attestations,
        exemptions=standing.exemptions,
        activity=activity(one.ledger),
    )
    begun(f"{one.ledger.agency}: reports")
    contents = {
        "one-page.pdf": pdf.one_page(report),
        "report.pdf": pdf.full(report),
        "profile.json": json.dumps(to_plain(one.profile), ensure_ascii=False, indent=2).encode() + b"\n",
        **{f"tables/{name}.csv": table.csv() for name, table in tables(report).items()},
    }
    (place / "tables").mkdir(exist_ok=True)
    for name, content in contents.items():
        (place / name).write_bytes(content)
    begun(f"{one.ledger.agency}: proof pack")
    pack.write(place / "proof-pack.zip", ledger=one.ledger, profile=one.profile, standing=standing, key=key)
    return [place / name for name in (*contents, "proof-pack.zip") if "/" not in name] + [place / "tables"]


def slug(name: str) -> str:
    """Return a name as the name of a folder: letters, digits and dashes."""
    return re.sub(r"[^\w]+", "-", name.casefold()).strip("-") or "agency"
