"""Zip files as a source of members."""

from __future__ import annotations

import copy
import struct
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, cast

from callbox.networks.archives import limits
from callbox.networks.archives.contract import ArchiveError
from callbox.networks.archives.streams import Bounded, Counted, Meter, bound

_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_END: Final = b"PK\x05\x06"
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
#: Bytes inflated at once: what a damaged stream held before its fault is kept but for the last step.
_STEP: Final = 4096
_MISSING: Final = "a zip file whose table of contents at the end is missing or damaged: the download was probably cut short, fetch it again"


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does."""
    with path.open("rb") as file:
        return file.read(4) in _MAGICS


class ZipSource:
    """The members of a zip. Encrypted members, links and unusual packing are named, not read.

    Raises:
        ArchiveError: the table of contents is missing, damaged or too large.
    """

    def __init__(self, path: Path, meter: Meter) -> None:
        self._file = Counted(path.open("rb"), meter)
        try:
            _check_directory(path)
            self._zip = zipfile.ZipFile(cast(IO[bytes], self._file))
        except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, EOFError, NotImplementedError) as error:
            self._file.close()
            raise ArchiveError(f"{path.name} is {_MISSING}") from error
        except ArchiveError:
            self._file.close()
            raise
        self._infos: dict[str, zipfile.ZipInfo] = {}

    def entries(self) -> Iterator[tuple[str, int, datetime | None, str | None]]:
        """Yield name, size, stated time and the reason a member is not read."""
        for info in self._zip.infolist():
            if info.is_dir():
                continue
            # Not `filename`: it was cut at a zero byte, which is one of the tricks that are to be seen.
            self._infos[info.orig_filename] = info
            yield info.orig_filename, info.file_size, _time(info), _why_not(info)

    def open(self, name: str) -> tuple[Bounded, int | None]:
        """Return a member's stream and its checksum."""
        info = self._infos[name]
        without = copy.copy(info)
        del without.CRC  # checked by `Guarded`: the library would withhold the last bytes of a damaged member
        stream = cast(zipfile.ZipExtFile, self._zip.open(without))
        most = bound(info.compress_size)
        return Bounded(stream, lambda: most, step=_STEP), info.CRC

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()


def _why_not(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "member_encrypted"
    kind = info.external_attr >> 28  # Unix file type, when the packer was a Unix one
    if kind not in (0, 0o10):
        return "member_not_a_file"
    return None if info.compress_type in _METHODS else "member_unusual_packing"


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        moment = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year > 1980 else None  # 1980-01-01 is written by packers that know no time


def _check_directory(path: Path) -> None:
    """Look at the stated size of the table of contents before the library loads it as a whole.

    Raises:
        ArchiveError: it is larger than any export's.
        ValueError: there is none.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 2**16 - 22))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0:
            raise ValueError("no end record")
        count, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
        locator = tail.rfind(b"PK\x06\x07", 0, at)
        if locator >= 0:  # zip64: the real figures stand in a record of their own
            (place,) = struct.unpack("<Q", tail[locator + 8 : locator + 16])
            file.seek(min(place, size))
            record = file.read(56)
            if record[:4] == b"PK\x06\x06":
                count, directory = struct.unpack("<QQ", record[32:48])
    if count > limits.MAX_MEMBERS or directory > limits.MAX_MEMBERS * limits.MAX_DIRECTORY:
        raise ArchiveError(limits.too_many(path.name))
