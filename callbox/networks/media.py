"""Images and videos as they are sent: one file for each SHA-256 and agency, below the folder of uploads."""

from __future__ import annotations

import hashlib
from pathlib import Path

from callbox.core import store
from callbox.networks.contract import Reader


class MediaChangedError(Exception):
    """A file is missing, or its bytes are not those that were approved."""


def place_of(agency: int, sha256: str) -> str:
    """Return where the file with this digest lies, below the folder of uploads."""
    return f"media/{agency}/{sha256[:2]}/{sha256}"


def keep(folder: Path, agency: int, data: bytes) -> store.Kept:
    """Keep the bytes durably and return where, with their SHA-256. The same bytes again are the same file.

    Raises:
        OSError: the disk is full or not writable.
    """
    return store.put(folder, place_of(agency, hashlib.sha256(data).hexdigest()), [data])


def reader(folder: Path, agency: int) -> Reader:
    """Return what reads the files of one agency by their digest and refuses bytes that are not what the digest says."""

    def read(sha256: str) -> bytes:
        try:
            data = store.locate(folder, place_of(agency, sha256)).read_bytes()
        except OSError:
            raise MediaChangedError(f"the file {sha256[:12]} is missing") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise MediaChangedError(f"the bytes of the file {sha256[:12]} are not those that were approved")
        return data

    return read
