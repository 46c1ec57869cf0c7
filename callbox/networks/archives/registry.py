"""Every format that Callbox reads, written out in the order in which a file is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from callbox.networks.archives import bluesky, csv_table, feeds, jsonl_table, mastodon, meta, parquet_table, x
from callbox.networks.archives.contract import ArchiveError, Reader

#: Archives of networks: given together they are one agency's.
ARCHIVES: Final[tuple[Reader, ...]] = (x, meta, bluesky, feeds, mastodon)
#: Plain tables may hold several agencies; tried last, since a table may be called anything.
TABLES: Final[tuple[Reader, ...]] = (parquet_table, jsonl_table, csv_table)


def reader_of(path: Path) -> Reader:
    """Return the reader that understands a file.

    Raises:
        ArchiveError: there is no such file, or no reader understands it.
    """
    if path.is_dir():
        raise ArchiveError(f"{path.name}: this is a folder; give the archive file as it was downloaded.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
        found = None if empty else next((reader for reader in (*ARCHIVES, *TABLES) if reader.recognises(path)), None)
    except OSError as error:
        raise ArchiveError(f"{path.name}: cannot be read: {(error.strerror or 'input error').lower()}.") from None
    if found is None:
        what = "the file is empty" if empty else "this is no archive or table that Callbox reads"
        raise ArchiveError(f"{path.name}: {what}.")
    return found
