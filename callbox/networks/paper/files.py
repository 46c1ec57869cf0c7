"""The posts of one paper account: one JSON file a post, numbered in the order in which they were written or changed."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from callbox.core import store


@dataclass(frozen=True, slots=True)
class Post:
    """One file. id: its name.  number: grows with every writing on this account.  author: handle of whoever wrote it.

    at: when it was published, ISO 8601.  shown: what was published, a rendition as JSON values, or the words of a reply.
    """

    id: str
    number: int
    author: str
    at: str
    shown: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    recipient: str = ""
    edits: int = 0
    withdrawn: bool = False
    hidden: bool = False


class Files:
    """The folder of one account. Writers take turns; a reader sees every post whole, as it was before or after a change."""

    def __init__(self, folder: Path, handle: str) -> None:
        self.folder = folder / quote(handle, safe="").replace(".", "%2E")
        self.folder.mkdir(parents=True, exist_ok=True)

    def read(self, name: str) -> Post | None:
        """Return one post, None when there is none of that name."""
        if not re.fullmatch(r"[0-9A-Za-z-]{1,100}", name):
            return None
        try:
            return Post(**json.loads((self.folder / f"{name}.json").read_bytes()))
        except FileNotFoundError:
            return None

    def all(self) -> list[Post]:
        """Return every post in the order of their numbers."""
        found = (self.read(path.stem) for path in self.folder.glob("*.json"))
        return sorted((post for post in found if post is not None), key=lambda post: post.number)

    def write(self, post: Post) -> Post:
        """Keep a post durably under the next number; inside `turn`."""
        numbered = replace(post, number=self._next())
        data = json.dumps(asdict(numbered), indent=1, ensure_ascii=False).encode()
        store.put(self.folder, f"{post.id}.json", [data])
        return numbered

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one writer in at a time, whatever the process."""
        with (self.folder / ".turn").open("a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _next(self) -> int:
        """Return a number larger than any given before, also after a crash between here and the post."""
        file = self.folder / ".number"
        last = int(file.read_text()) if file.exists() else 0
        store.put(self.folder, file.name, [str(last + 1).encode()])
        return last + 1
