"""Files on disk, stored so that acknowledged means kept: written aside, hashed on the way, flushed, and only then given their name."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file: its place below the root, SHA-256 and size in bytes."""

    place: str
    sha256: str
    size: int


def keep(root: Path, folder: str, name: str, chunks: Iterable[bytes]) -> Kept:
    """Store `chunks` below `root/folder` and return where; nothing is left behind when that fails.

    The stored name ends like `name` (readers look at endings) but is otherwise ours, so a hostile name is only a label.

    Raises:
        OSError: the disk is full or not writable.
    """
    return put(root, f"{folder}/{uuid.uuid4().hex}-{plain_name(name)}", chunks)


def put(root: Path, place: str, chunks: Iterable[bytes]) -> Kept:
    """Store `chunks` at `place` below the root, in one step in place of what lies there; nothing changes when that fails.

    Raises:
        OSError: the disk is full or not writable.
        ValueError: the place lies outside the root.
    """
    target = locate(root, place)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with aside.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
        _flush_folder(target.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return Kept(place, digest.hexdigest(), size)


def locate(root: Path, place: str) -> Path:
    """Return the file kept at `place`.

    Raises:
        ValueError: the place lies outside the root.
    """
    path = (root / place).resolve()
    if not path.is_relative_to(root.resolve()):
        raise ValueError(f"{place!r} lies outside the store")
    return path


def plain_name(name: str) -> str:
    """Return `name` as letters, digits, dots and dashes, its ending kept, at most 80 characters."""
    flat = unicodedata.normalize("NFKD", Path(name.replace("\\", "/")).name).encode("ascii", "ignore").decode()
    clean = re.sub(r"[^A-Za-z0-9._-]+", "-", flat).strip(".-")
    return clean[-80:].lstrip(".-") or "file"


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
