"""Verification of a proof pack: is it what was signed, by whom, and do its scores follow from its record? No database, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Final

from callbox.core import merkle
from callbox.core.text import Reason
from callbox.maturity.model import loader
from callbox.maturity.model.practices import Model
from callbox.maturity.proof import pack
from callbox.maturity.proof.container import harmless
from callbox.maturity.proof.pack import Pack, PackError
from callbox.maturity.scoring import probes
from callbox.maturity.scoring.profile import Profile

#: So many altered rows are named one by one.
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a pack. table, rows: what was altered, rows counted from 1.  practices: all whose result it touches."""

    reason: Reason
    table: str | None = None
    rows: tuple[int, ...] = ()
    practices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found. A pack holds when there are no findings.

    fingerprint: of the key that signed, empty when the file is no pack.  compared: whether it was held against a key from elsewhere.
    notes: what the reader must know of a pack that holds.  profile: as computed anew, None where that was not possible.
    rows: how many each table holds as signed.
    """

    findings: tuple[Finding, ...]
    notes: tuple[Reason, ...] = ()
    fingerprint: str = ""
    compared: bool = False
    agency: str = ""
    profile: Profile | None = None
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether everything was found as it was signed and every score follows from the record."""
        return not self.findings


def verify(path: Path, *, public_key: str | None = None) -> Verdict:
    """Judge a proof pack; whatever is wrong with the file is a finding.

    public_key: the key or the fingerprint that the agency has published; without it the verdict says whose key it is not sure of.

    Raises:
        SigningError: `public_key` is neither a key nor a fingerprint.
    """
    try:
        found = pack.read(path)
    except PackError as error:
        return Verdict((Finding(error.reason),))
    everything = _practices(_model(found))
    findings = [*_signature(found, public_key, everything), *_files(found)]
    profile, scores = _scores(found, everything)
    return Verdict(
        findings=(*findings, *scores),
        notes=tuple(_notes(found, public_key)),
        fingerprint=found.key.fingerprint,
        compared=public_key is not None,
        agency=harmless(found.manifest.agency),
        profile=profile,
        rows=found.rows,
    )


def readers(model: Model, table: str) -> tuple[str, ...]:
    """Return the ids of all practices of which at least one condition reads `table`, in the order of the model."""
    return tuple(
        practice.id
        for practice in model.practices
        if any(table in probes.tables().get(condition.key or "", ()) for condition in practice.conditions)
    )


def _signature(found: Pack, stated: str | None, everything: tuple[str, ...]) -> Iterator[Finding]:
    if not found.is_signed:
        yield Finding(Reason("manifest_changed"), practices=everything)
    if stated is not None and not found.key.is_stated(stated):
        yield Finding(Reason("other_key", {"fingerprint": found.key.fingerprint}), practices=everything)


def _files(found: Pack) -> Iterator[Finding]:
    """Hold every file against the manifest; of an altered table name the rows and every practice that reads it."""
    model = _model(found)
    for name, entry in found.manifest.files.items():
        content = found.files[name]
        folder, _, rest = name.partition("/")
        stem = rest.partition(".")[0]
        touched = readers(model, stem) if folder in ("tables", "rows") else _practices(model)
        if folder == "tables" and not _is_table_intact(found, name):
            yield _altered(found, stem, touched)
        elif hashlib.sha256(content).hexdigest() != entry.sha256:
            yield Finding(Reason("file_altered", {"file": name}), practices=() if name == "README.txt" else touched)


def _is_table_intact(found: Pack, name: str) -> bool:
    entry, content = found.manifest.files[name], found.files[name]
    leaves = pack.row_hashes(content)
    same = hashlib.sha256(content).hexdigest() == entry.sha256
    return same and len(leaves) == entry.rows and merkle.root(leaves).hex() == entry.root


def _altered(found: Pack, table: str, practices: tuple[str, ...]) -> Finding:
    content, kept = found.files[f"tables/{table}.csv"], found.files.get(f"rows/{table}.txt", b"")
    entry = found.manifest.files.get(f"rows/{table}.txt")
    if entry is None or hashlib.sha256(kept).hexdigest() != entry.sha256:
        # What would name the rows is itself not what was signed.
        return Finding(Reason("file_altered", {"file": f"tables/{table}.csv"}), table, (), practices)
    signed = kept.decode("ascii", "replace").split()
    here = [leaf.hex()[: pack.ROW_DIGITS] for leaf in pack.row_hashes(content)]
    rows = tuple(row for row, (now, then) in enumerate(zip_longest(here, signed), 1) if now != then)
    if len(here) != len(signed) and rows:
        values = {"table": table, "found": len(here), "signed": len(signed), "row": rows[0]}
        return Finding(Reason("rows_counted", values), table, rows[:1], practices)
    if not rows:
        return Finding(Reason("heading_altered", {"table": table}), table, (), practices)
    named = ", ".join(map(str, rows[:_NAMED])) + (" and more" if len(rows) > _NAMED else "")
    code = "row_altered" if len(rows) == 1 else "rows_altered"
    return Finding(Reason(code, {"rows": named, "table": table}), table, rows, practices)


def _scores(found: Pack, everything: tuple[str, ...]) -> tuple[Profile | None, list[Finding]]:
    try:
        profile = found.recompute()
        differing = pack.differences(found.profile, profile)
    except PackError as error:
        return None, [Finding(error.reason, practices=everything)]
    except Exception as error:  # a stranger's values may break anything; the verdict is the same: they prove nothing
        return None, [Finding(Reason("not_recomputed", {"why": type(error).__name__}), practices=everything)]
    return profile, [
        Finding(Reason("score_differs", {"what": harmless(what)}), practices=_resting_on(found.model, what))
        for what in differing
    ]


def _resting_on(model: Model, what: str) -> tuple[str, ...]:
    """Return the practices a differing figure, practice or area concerns."""
    return tuple(
        practice.id
        for practice in model.practices
        if what in (practice.id, practice.area) or any(condition.key == what for condition in practice.conditions)
    )


def _notes(found: Pack, stated: str | None) -> Iterator[Reason]:
    if stated is None:
        yield Reason("key_not_compared", {"fingerprint": found.key.fingerprint})
    made, here = found.manifest.made_by.get("callbox", "?"), version("callbox")
    if made != here:
        yield Reason("other_version", {"made": harmless(made), "here": here})
    if found.shipped_model is None:
        yield Reason("other_model")


def _model(found: Pack) -> Model:
    """Return the pack's own model, or the one of this version where that cannot be read: somebody must be named."""
    try:
        return found.model
    except PackError:
        return loader.load()


def _practices(model: Model) -> tuple[str, ...]:
    return tuple(practice.id for practice in model.practices)
