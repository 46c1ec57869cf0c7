"""Where every point happens: a folder copied from a template, and on PostgreSQL a database copied with it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from callbox.cli.django import migrate as make_tables

#: Seconds in which the server must have noticed that a worker was killed.
_NOTICED = 20.0


def _on_postgres() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


def enter(folder: Path) -> None:
    """Work in the installation of one point from now on."""
    connections.close_all()
    if _on_postgres():
        connections.settings["default"]["NAME"] = _database(folder)
    else:
        connections.settings["default"]["NAME"] = folder / "callbox.sqlite3"
        connections.settings["tips"]["NAME"] = folder / "tips.sqlite3"
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "uploads"


def migrate(folder: Path) -> None:
    """Make an installation with its tables in `folder`, and work in it."""
    folder.mkdir(parents=True)
    if _on_postgres():
        _tell(f'CREATE DATABASE "{_database(folder)}"')
    enter(folder)
    make_tables()  # as `callbox migrate` does: at once, not through every version before
    connections.close_all()


def copy(template: Path, folder: Path) -> None:
    """Copy an installation that nobody is in."""
    shutil.copytree(template, folder)
    if _on_postgres():
        _tell(f'CREATE DATABASE "{_database(folder)}" TEMPLATE "{_database(template)}"')


def remove(folder: Path) -> None:
    """Remove it."""
    shutil.rmtree(folder, ignore_errors=True)
    if _on_postgres():
        _tell(f'DROP DATABASE "{_database(folder)}" WITH (FORCE)')


def left(folder: Path) -> None:
    """Wait until the server has ended what a killed worker began there: its transaction is undone, or was whole.

    Raises:
        RuntimeError: somebody still works there.
    """
    if not _on_postgres():
        return
    end = time.monotonic() + _NOTICED
    while _tell(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{_database(folder)}'"):
        if time.monotonic() > end:
            raise RuntimeError("the server has not noticed that the worker is dead")
        time.sleep(0.005)


def _database(folder: Path) -> str:
    return f"{folder.parent.name}-{folder.name}"


def _tell(statement: str) -> bool:
    """Say something to the server, outside every installation; return whether it answered with rows."""
    import psycopg  # noqa: PLC0415

    known = settings.DATABASES["default"]
    place: dict[str, Any] = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "dbname": "postgres"}
    with psycopg.connect(**place, autocommit=True) as server:
        answered = server.execute(statement)
        return answered.description is not None and answered.fetchone() is not None
