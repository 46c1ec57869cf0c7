"""A backup of everything an installation holds, in one file, and the way back.

On SQLite each database is copied by its own online backup while people work; on PostgreSQL `pg_dump` writes what one moment saw. The
files of the data folder follow, so that a file whose row is in the copy is there unless it was purged in between. Not in it: what
stands in the environment (keys that seal tokens and receipts), which has to be kept elsewhere. Tips are as sealed as in the database.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.db import connections
from django.utils import timezone

import callbox

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_DATABASES: Final = "databases"
_FILES: Final = "files"
#: Of the data folder: what is on its way or can be made again, and databases, which are copied by their own means.
_PASSING: Final = ("listening.sqlite3", "uploads/work", "last-backup")

type Told = Callable[[str], object]


def _quiet(_name: str) -> None:
    """Tell nobody."""


class BackupError(Exception):
    """It could not be made or brought back; one sentence that says what was kept and what to do."""


def write(to: Path, *, told: Told = _quiet) -> dict[str, Any]:
    """Write everything into the file `to`, which only its owner may read; return the manifest. told: called with each name.

    Raises:
        BackupError: the file is there already, lies among what is saved, or something could not be read. Nothing half-made is left.
    """
    if to.exists():
        raise BackupError(f"{to} is there already. Nothing was changed; name another file.")
    if to.resolve().is_relative_to(Path(settings.DATA).resolve()):  # tomorrow's would hold today's
        raise BackupError(f"{to} lies in the data folder, which is what is saved. Name a file on another disk.")
    partial = to.with_name(f"{to.name}.partial")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="callbox-backup-", dir=to.parent) as scratch,
            os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out,
        ):
            manifest = _fill(out, Path(scratch), told)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(to)
        marker().touch()
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise BackupError(f"The backup could not be written: {error}. Nothing of it was kept.") from error
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def marker() -> Path:
    """Return the file whose time says when the last backup was made here."""
    place: Path = settings.DATA / "last-backup"
    return place


def _fill(out: IO[bytes], scratch: Path, told: Told) -> dict[str, Any]:
    members: list[dict[str, Any]] = []
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
        for name, path in _contents(scratch):
            told(name)
            with suppress(FileNotFoundError):  # purged since the folder was listed
                members.append(_add(archive, name, path))
        manifest = {
            "format": FORMAT,
            "callbox": callbox.__version__,
            "engine": connections["default"].vendor,
            "at": timezone.now().isoformat(),
            "members": members,
        }
        note = scratch / MANIFEST
        note.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        archive.add(note, arcname=MANIFEST)
    return manifest


class _Hashed(io.RawIOBase):
    """A file, and the digest of what was read from it: it may grow meanwhile."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        found = self._file.read(size)
        self.digest.update(found)
        return found


def _add(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        member, hashed = archive.gettarinfo(arcname=name, fileobj=file), _Hashed(file)
        archive.addfile(member, hashed)
    return {"name": name, "size": member.size, "sha256": hashed.digest.hexdigest()}


def _contents(scratch: Path) -> Iterator[tuple[str, Path]]:
    """Yield every member: first the databases, each at one moment, then the files that their rows name."""
    for alias in connections:
        copy = _copied(alias, scratch)
        yield f"{_DATABASES}/{copy.name}", copy
        copy.unlink()
    root = Path(settings.DATA)
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink() and not _passing(place):
            yield f"{_FILES}/{place}", path


def _passing(place: str) -> bool:
    return ".sqlite3" in place.rpartition("/")[2] or any(
        place == each or place.startswith(f"{each}/") for each in _PASSING
    )


def _copied(alias: str, scratch: Path) -> Path:
    """Return one database as a file of its own."""
    given = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        copy = scratch / f"{alias}.sqlite3"
        with closing(sqlite3.connect(given["NAME"])) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        return copy
    copy = scratch / f"{alias}.dump"
    _run("pg_dump", given, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    return copy


def _run(program: str, given: dict[str, Any], *options: str) -> None:
    """Run one of PostgreSQL's own programs against the database.

    Raises:
        BackupError: it is not installed, or says no.
    """
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"{program} is not on the path. Install PostgreSQL's client programs of the server's version."
        )
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
    env = {**os.environ, **{names[name]: str(given[name]) for name in names if given[name]}}
    done = subprocess.run([found, *options], env=env, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed program
    if done.returncode:
        raise BackupError(f"{program} says: {done.stderr.strip()[-300:]}")


def check(file: Path) -> dict[str, Any]:
    """Read a backup whole and hold every byte against its manifest; return the manifest.

    Raises:
        BackupError: it is no backup, or damaged; the sentence names the first member that differs.
    """
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            found = {member.name: _read(archive, member) for member in archive if member.isfile()}
            held = archive.extractfile(MANIFEST)
            manifest: dict[str, Any] = json.loads(held.read()) if held else {}
    except (OSError, EOFError, KeyError, ValueError, tarfile.TarError) as error:
        raise BackupError(f"{file} is no whole backup of Callbox: {error}.") from error
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{file} is a backup of another kind; this version reads format {FORMAT}.")
    stated = {each["name"]: each["sha256"] for each in manifest["members"]}
    found.pop(MANIFEST, None)
    for name in sorted(stated.keys() | found.keys()):
        if stated.get(name) != found.get(name):
            raise BackupError(f"{file} is damaged: {name} is missing, strange or changed. Take an older one.")
    return manifest


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    held = archive.extractfile(member)
    assert held is not None  # only files are asked for  # noqa: S101
    return hashlib.file_digest(held, "sha256").hexdigest()  # type: ignore[arg-type]  # a reader of bytes


def restore(file: Path, *, told: Told = _quiet) -> dict[str, Any]:
    """Bring a backup back into an empty installation; return its manifest.

    Raises:
        BackupError: it is damaged, made on another engine, or something is there already. Nothing was overwritten.
    """
    manifest, root = check(file), Path(settings.DATA)
    vendor = connections["default"].vendor
    if manifest["engine"] != vendor:
        raise BackupError(f"This backup was made on {manifest['engine']}, and this installation runs on {vendor}.")
    if root.is_dir() and any(root.iterdir()):
        raise BackupError(f"{root} is not empty. Nothing was changed; set CALLBOX_DATA to a new folder.")
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="callbox-restore-", dir=root.parent) as scratch:
        with tarfile.open(file, mode="r:gz") as archive:
            archive.extractall(scratch, filter="data")
        for copy in sorted(Path(scratch, _DATABASES).iterdir()):  # first what may fail: the folder is still empty then
            told(copy.name)
            _bring_back(copy)
        if (files := Path(scratch, _FILES)).is_dir():
            shutil.copytree(files, root, dirs_exist_ok=True)
    return manifest


def _bring_back(copy: Path) -> None:
    given = connections[copy.stem].settings_dict
    if copy.suffix == ".sqlite3":
        shutil.copyfile(copy, given["NAME"])
        Path(given["NAME"]).chmod(0o600)
        return
    _run(
        "pg_restore",
        given,
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        f"--dbname={given['NAME']}",
        str(copy),
    )
