"""`callbox benchmark`: share, merge and show, without a database; every refusal is one sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callbox.cli import main
from callbox.config.demo import peers
from callbox.core.plain import to_plain
from callbox.core.signing import load_or_create
from callbox.maturity.scoring.evidence import Band
from tests.maturity.test_benchmark import profile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a profile, a key and seven contributions."""
    (tmp_path / "profile.json").write_text(json.dumps(to_plain(profile())))
    load_or_create(tmp_path / "keys")
    for name, content in peers.files(band=Band.FROM_25, now=datetime(2026, 10, 3, tzinfo=UTC)):
        (tmp_path / name).write_bytes(content)
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["benchmark", *map(str, words)])


def share(folder: Path, *more: object) -> Result:
    return run("share", folder / "profile.json", "--country", "no", "--key", folder / "keys" / "signing-key.pem", *more)


def test_what_is_shared_names_nobody_and_is_the_same_each_time(folder: Path) -> None:
    found = share(folder)
    assert found.exit_code == 0, found.output
    assert json.loads(found.output)["country"] == "NO"
    assert "Riverton" not in found.output
    assert share(folder, "--out", folder / "own.json").exit_code == 0
    assert (folder / "own.json").read_text() == found.output


def test_merging_in_any_order_writes_the_same_file(folder: Path) -> None:
    files = sorted(folder.glob("agency-*.json"))
    first, second = folder / "one.json", folder / "two.json"
    assert "7 contributions" in run("merge", *files, "--out", first).output
    run("merge", *reversed(files[:4]), "--out", second)
    run("merge", second, *files[3:], "--out", second)
    assert first.read_bytes() == second.read_bytes()


def test_a_refused_file_is_named_and_the_others_are_merged(folder: Path) -> None:
    (folder / "bad.json").write_text("{}")
    found = run("merge", folder / "bad.json", folder / "agency-1.json", "--out", folder / "pool.json")
    assert found.exit_code == 0
    assert "Not taken in: bad.json. This is no Callbox benchmark file." in found.output


def test_nothing_sound_writes_nothing(folder: Path) -> None:
    (folder / "bad.json").write_text("{}")
    (folder / "pool.json").write_text("kept")
    found = run("merge", folder / "bad.json", "--out", folder / "pool.json")
    assert found.exit_code == 1
    assert (folder / "pool.json").read_text() == "kept"


def test_five_are_shown_with_n_and_month_and_four_are_not(folder: Path) -> None:
    files, pool = sorted(folder.glob("agency-*.json")), folder / "pool.json"
    run("merge", *files[:4], "--out", pool)
    assert "nothing is shown" in run("show", pool, "--band", "25-99").output
    run("merge", *files, "--out", pool)
    assert "(n = 7, newest October 2026)" in run("show", pool, "--band", "25-99").output
    assert "nothing is shown" in run("show", pool, "--band", "500-plus").output
    assert {one["n"] for one in json.loads(run("show", pool, "--band", "25-99", "--json").output)} == {7}


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "not JSON"), ("[" * 100_000, "not JSON"), ("{}", "agency"), ("[]", "the whole"), (None, "cannot be read")],
)
def test_what_is_no_profile_is_refused_in_one_sentence(folder: Path, content: str | None, says: str) -> None:
    path = folder / "profile.json"
    path.unlink() if content is None else path.write_text(content)
    found = share(folder)
    assert found.exit_code == 1
    assert says in found.output
    assert "Traceback" not in found.output


def test_an_unstated_size_is_refused(folder: Path) -> None:
    (folder / "profile.json").write_text(json.dumps(to_plain(profile(stated=False))))
    found = share(folder)
    assert found.exit_code == 1
    assert "State the size of the agency first" in found.output
