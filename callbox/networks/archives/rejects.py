"""The rejects file: one JSON object a line for every record that was set aside or repaired, written as they come."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import IO, Final

from callbox.core.text import SENTENCES
from callbox.networks.archives.contract import Reject

NAME: Final = "rejects.jsonl"


class Rejects:
    """Writes rejects into a folder and counts them. The file only comes into being with the first one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.first: Reject | None = None
        self._file: IO[str] | None = None
        self._set_aside: Counter[tuple[int, str]] = Counter()
        self._repaired: Counter[tuple[int, str]] = Counter()

    def add(self, reject: Reject, *, file: int) -> None:
        """Write one reject of the file with this number."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8")
            self.first = reject
        (self._repaired if reject.kept else self._set_aside)[file, reject.code] += 1
        line = {
            "file": reject.source,
            "member": reject.member,
            "record": reject.record,
            "offset": reject.offset,
            "reason": reject.code,
            "sentence": SENTENCES[reject.code] % dict(reject.values),
            "kept": reject.kept,
            "excerpt": reject.excerpt[:200],
        }
        self._file.write(json.dumps(line, ensure_ascii=False, default=str).replace("\\ud", "\\\\ud") + "\n")

    def set_aside(self, file: int) -> dict[str, int]:
        """Return how many records of a file were set aside, by reason."""
        return {code: n for (number, code), n in sorted(self._set_aside.items()) if number == file}

    def repaired(self, file: int) -> dict[str, int]:
        """Return how many records of a file were kept after a repair, by reason."""
        return {code: n for (number, code), n in sorted(self._repaired.items()) if number == file}

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
