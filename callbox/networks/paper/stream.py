"""A public stream on paper: a file that grows by a line for each post. It stands for a stream whose server does not exist. Pure.

A line is a JSON object with `text` and, if you like, `author` and `language`. Nothing is asked of anybody; the cursor is the place in
the file up to which lines were heard.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Final

from callbox.networks.gathering import LIFE_SECONDS, MOST
from callbox.networks.storable import storable
from callbox.networks.stream import Heard, PublicPost

#: Seconds between two looks at the file.
STEP: Final = 1.0
#: Bytes of one line.
LONGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class PaperStream:
    """The stream in `file`, which need not be there yet. network: what its posts say they come from."""

    file: Path
    network: str = "paper"

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:
        """Yield what is written from `cursor` on ("": from the beginning)."""
        place = int(cursor) if cursor.isascii() and cursor.isdigit() else 0
        handed = -LIFE_SECONDS
        while not stop.is_set():
            lines = self._lines(place)
            if lines or time.monotonic() - handed >= LIFE_SECONDS:
                found = [self._post(line, place + at) for at, line in lines]
                place += sum(len(line) for _at, line in lines)
                posts = tuple(post for post in found if post is not None)
                yield Heard(posts, str(place), passed=len(found), unreadable=len(found) - len(posts))
                handed = time.monotonic()
            stop.wait(STEP)

    def _lines(self, place: int) -> list[tuple[int, bytes]]:
        """Return the whole lines behind `place`, each with where it begins from there; half a line waits for its end."""
        if not self.file.is_file():
            return []
        found: list[tuple[int, bytes]] = []
        at = 0
        with self.file.open("rb") as file:
            file.seek(place)
            while (
                len(found) < MOST
                and (line := file.readline(LONGEST))
                and (line.endswith(b"\n") or len(line) == LONGEST)
            ):
                found.append((at, line))
                at += len(line)
        return found

    def _post(self, line: bytes, place: int) -> PublicPost | None:
        try:
            told = json.loads(line)
            text, author, language = (str(told.get(name, "")) for name in ("text", "author", "language"))
        except (ValueError, AttributeError, RecursionError):
            return None
        name = f"{self.file.name}:{place}"
        now = datetime.now(UTC)
        return PublicPost(self.network, name, now, storable(text), storable(author), language=storable(language)[:35])
