"""The documentation cannot rot: what exists has its line, and what has a line exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from callbox.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _bare(requirement: str) -> str:
    return re.split(r"[\[<>=;~! ]", requirement)[0].lower()


def test_every_library_has_its_line_with_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {_bare(name) for name in project["dependencies"] + project["optional-dependencies"]["dev"]}
    rows = (ROOT / "docs" / "libraries.md").read_text(encoding="utf-8").splitlines()
    listed = {row.split("|")[1].strip().lower() for row in rows if row.startswith("|")}
    assert wanted - listed == set()


def test_every_command_stands_in_the_operating_manual() -> None:
    manual = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`callbox {name}" not in manual] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage:" in done.output


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_table_of_a_document_is_whole(path: Path) -> None:
    """A row with more or fewer cells than its header is a row nobody can read."""
    header = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        cells = len(re.split(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line))) if line.startswith("|") else 0
        header = cells if cells and not header else header if cells else 0
        assert cells == header, f"{path.name}:{number}: {cells - 2} cells, the header has {header - 2}"
