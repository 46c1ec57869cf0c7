"""The house keeps its plan: who may import whom, how long a file may be, what pure code may know."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for top in ("callbox", "tests", "benchmarks")
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)

#: Modules that decide from values. They never see a database, so they never import Django.
PURE = (
    "core/text.py",
    "core/measure.py",
    "core/plain.py",
    "core/agreement.py",
    "networks",
    "trust/tables.py",
    "trust/measures.py",
    "governance/moderation",
    "governance/urgent.py",
    "governance/alone.py",
    "governance/policy.py",
    "intelligence/board.py",
    "intelligence/checklist.py",
    "intelligence/hit_rate.py",
    "intelligence/memory.py",
    "intelligence/naming.py",
    "intelligence/product_tables.py",
    "intelligence/product_measures.py",
    "operations/kinds.py",
    "operations/words.py",
    "operations/cap",
    "operations/alert_tables.py",
    "operations/alert_measures.py",
    "trust/tips/envelope.py",
    "trust/tips/receipts.py",
    "operations/tables.py",
    "operations/measures.py",
    "intelligence/engine",
    "flows/review/ranking.py",
    "maturity/tables.py",
    "maturity/origin.py",
    "maturity/assess.py",
    "maturity/activity.py",
    "maturity/folder.py",
    "maturity/model",
    "maturity/scoring",
    "maturity/proof",
    "maturity/roadmap",
    "maturity/benchmark",
    "maturity/report",
)

#: The parts of pure rooms that hold rows.
ROWS = (
    "networks/accounts",
    "networks/connections",
    "networks/deliveries",
    "networks/items",
    "networks/newsroom",
    "networks/apps.py",
    "networks/models.py",
    "networks/migrations",
)


def test_arrows_only_point_down() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_stays_under_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def _pure_files() -> list[Path]:
    found: list[Path] = []
    for name in PURE:
        place = ROOT / "callbox" / name
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place] if place.exists() else []
    kept = [ROOT / "callbox" / name for name in ROWS]
    return [path for path in found if not any(path == place or place in path.parents for place in kept)]


@pytest.mark.parametrize("path", _pure_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_pure_code_never_imports_django(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        assert not [name for name in names if name.split(".")[0] == "django"]


def test_the_command_line_starts_without_django_or_a_database() -> None:
    code = "import sys, callbox.cli, callbox.maturity.assess; sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
