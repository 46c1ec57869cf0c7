"""A fresh installation for a bench: its own folder, its own keys, its own database, its commands in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Installation:
    """folder: its data.  environment: of its processes."""

    folder: Path
    environment: dict[str, str]

    def call(self, module: str, *words: str) -> Any:
        """Run `python -m module words`; return the last line it prints, read as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words], env=self.environment, cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True
        )  # fmt: skip
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else None


@contextmanager
def installation(database: str, **settings: str) -> Iterator[Installation]:
    """Prepare one and give it; everything is removed afterwards.

    database: empty for SQLite in its folder, else the address of an empty PostgreSQL database.
    """
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
    with tempfile.TemporaryDirectory(prefix="callbox-bench-") as folder:
        own = {"CALLBOX_DATA": folder, "CALLBOX_SECRET_KEY": "only-for-benches-" * 4, "PYTHONPATH": str(_ROOT)}
        own |= {"CALLBOX_DATABASE_URL": database} if database else {}
        yield Installation(Path(folder), {**outside, **own, **settings})


def databases(server: str, names: list[str]) -> dict[str, str]:
    """Make empty databases on a PostgreSQL server; return their addresses by name."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(server, autocommit=True) as found:
        for name in names:
            found.execute(f'CREATE DATABASE "{name}"')
    return {name: urlsplit(server)._replace(path=f"/{name}").geturl() for name in names}
