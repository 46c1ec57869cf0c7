"""Golden archives are kept unpacked, so that a change shows in a diff; here they are packed as networks pack them and read."""

from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callbox.core.text import Reason
from callbox.networks.archives.contract import Reader, Reading, Reject
from callbox.networks.ledger import SCHEMAS

GOLDEN = Path(__file__).parent / "golden"
#: The time that packed members state.
PACKED = (2026, 3, 10, 12, 0, 0)
EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)
LATEST = datetime(2027, 1, 1, tzinfo=UTC)


def members(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their name."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, PACKED), data, zipfile.ZIP_DEFLATED)
    return path


def tarred(path: Path, files: dict[str, bytes], *, mode: Any = "w:gz") -> Path:
    """Write a tar."""
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), int(datetime(*PACKED, tzinfo=UTC).timestamp())
            archive.addfile(info, io.BytesIO(data))
    return path


@dataclass
class Read:
    """What a reader gave: rows without their empty columns, what was set aside, what was told, how far the progress went."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    consumed: int = 0

    def plain(self) -> dict[str, Any]:
        """Return it as the golden files hold it."""
        rejects = [{"code": r.code, "member": r.member, "record": r.record, "offset": r.offset} for r in self.rejects]
        return {
            "accounts": self.accounts,
            "posts": self.posts,
            "contacts": self.contacts,
            "rejects": rejects,
            "notes": [{"code": note.code, **note.values} for note in self.notes],
        }


def read(reader: Reader, path: Path, *, account: str | None = None) -> Read:
    """Read a file, checking that every batch conforms to the ledger."""
    found = Read()

    def advance(count: int) -> None:
        found.consumed += count

    reading = Reading(
        advance=advance,
        reject=found.rejects.append,
        note=found.notes.append,
        account=account,
        earliest=EARLIEST,
        latest=LATEST,
    )
    for batch in reader.read(path, reading):
        schema = dict(batch.rows.schema)
        schema.pop("text", None)
        assert schema == dict(SCHEMAS[batch.table])
        getattr(found, batch.table).extend(map(_plain, batch.rows.to_dicts()))
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None
    }
