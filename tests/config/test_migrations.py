"""The tables that an empty database gets at once are those that all migrations lead to."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

AT_ONCE = "from callbox.cli.django import migrate, start; start(); migrate()"
#: As Django does it by itself.
STEP_BY_STEP = """
from callbox.cli.django import start
start()
from django.core.management import call_command
from django.db import connections
for database in connections:
    call_command("migrate", database=database, interactive=False, verbosity=0)
call_command("createcachetable", verbosity=0)
"""


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
def test_both_ways_lead_to_the_same_tables(tmp_path: Path) -> None:
    at_once, step_by_step = _made(tmp_path / "one", AT_ONCE), _made(tmp_path / "two", STEP_BY_STEP)
    assert at_once.keys() == step_by_step.keys()
    assert {name for name in at_once if at_once[name] != step_by_step[name]} == set()


def _made(folder: Path, code: str) -> dict[str, object]:
    folder.mkdir()
    env = {
        **os.environ,
        "CALLBOX_DATA": str(folder),
        "CALLBOX_SECRET_KEY": "t" * 60,
        "CALLBOX_HOSTS": "localhost",
        "DJANGO_SETTINGS_MODULE": "callbox.config.settings",
    }
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    return {f"{file.stem}.{name}": shape for file in folder.glob("*.sqlite3") for name, shape in _shapes(file).items()}


def _shapes(file: Path) -> dict[str, object]:
    """Return tables with their columns and constraints in no order, indexes as written, and which migrations are noted."""
    connection = sqlite3.connect(file)
    found: dict[str, object] = {}
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    for kind, name, sql in rows:
        inner = sql.partition("(")[2].rpartition(")")[0] if kind == "table" else sql
        found[f"{kind} {name}"] = sorted(re.split(r",\s*(?=[\"C])", inner)) if kind == "table" else inner
    found["migrations"] = sorted(connection.execute("SELECT app, name FROM django_migrations"))
    connection.close()
    return found
