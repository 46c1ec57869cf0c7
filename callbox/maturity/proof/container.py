"""Reading a zip file that a stranger may have made: nothing is unpacked to disk, and no more is read than a proof pack may hold."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from callbox.core.text import Reason

#: The names a pack may hold.
_NAMES: Final = re.compile(
    r"README\.txt|(manifest|signature|profile|standing)\.json|model/[a-z_]{1,40}\.yaml|tables/[a-z_]{1,40}\.csv|rows/[a-z_]{1,40}\.txt"
)
_FOLDERS: Final = ("model/", "tables/", "rows/")
#: Bytes of one member by the folder it stands in, and of them all.
_LARGEST: Final = {"tables": 2 << 30, "rows": 1 << 30}
_SMALL: Final = 16 << 20
_ALL: Final = 4 << 30
_MEMBERS: Final = 100
_CHUNK: Final = 1 << 20


def harmless(text: str) -> str:
    """Return a stranger's words as they may be printed: no sign that moves a cursor, at most 120 characters."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:120])


class PackError(Exception):
    """A proof pack cannot be written or read. `reason` is one sentence for the person, without a stack trace."""

    def __init__(self, code: str, values: Mapping[str, Any] | None = None) -> None:
        self.reason = Reason(code, {key: harmless(str(value)) for key, value in (values or {}).items()})
        super().__init__(self.reason.sentence)


def read(path: Path) -> dict[str, bytes]:
    """Return the content of every member of a zip file by name.

    Raises:
        PackError: it is no zip file, damaged, too large, or holds a name no proof pack has.
    """
    if not path.is_file():
        raise PackError("pack_unreadable", {"why": "there is no such file"})
    try:
        with zipfile.ZipFile(path) as archive:
            return _members(archive)
    except OSError as error:
        raise PackError("pack_unreadable", {"why": error.strerror or "it cannot be opened"}) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise PackError("pack_no_zip") from error


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = archive.infolist()
    if len(members) > _MEMBERS:
        raise PackError("pack_too_large")
    files: dict[str, bytes] = {}
    room = _ALL
    for member in members:
        if member.filename in _FOLDERS and member.file_size == 0:  # other zip tools write the folders down too
            continue
        if not _NAMES.fullmatch(member.filename) or member.filename in files:
            raise PackError("pack_strange", {"file": ascii(member.filename[:80])})
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PackError("pack_no_zip")
        content = _content(archive, member, min(room, _LARGEST.get(member.filename.partition("/")[0], _SMALL)))
        room -= len(content)
        files[member.filename] = content
    return files


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """Read one member; its own word on how large it is is only believed when it is too large."""
    if member.file_size > room:
        raise PackError("pack_too_large")
    parts: list[bytes] = []
    with archive.open(member) as file:
        while part := file.read(_CHUNK):
            room -= len(part)
            if room < 0:
                raise PackError("pack_too_large")
            parts.append(part)
    return b"".join(parts)
