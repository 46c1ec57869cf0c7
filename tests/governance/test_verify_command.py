"""`callbox verify audit` as an auditor runs it: what was not compared is never told as whole."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection, transaction

from callbox.cli import main
from callbox.governance import audit, chain
from callbox.governance.actions import Audited
from tests.people import Cast, make_cast


def verify(*words: str) -> Result:
    return CliRunner().invoke(main, ["verify", "audit", *words])


@pytest.fixture
def exported(transactional_db: None, tmp_path: Path) -> tuple[Cast, Path]:
    """A sealed trail of four events and its export."""
    cast = make_cast()
    for n in range(4):
        with transaction.atomic():
            audit.record(agency=cast.agency, by=cast.alice, action=Audited.TARGET_SET, target=f"practice:V{n}")
    audit.seal()
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(f"{chain.to_line(link)}\n" for link in audit.links(agency=cast.agency)), encoding="utf-8")
    return cast, file


def test_an_export_whose_end_was_cut_off_is_not_told_as_whole_without_a_word(exported: tuple[Cast, Path]) -> None:
    _cast, file = exported
    point, lines = audit.checkpoint(), file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert point is not None
    file.write_text("".join(lines[:2]), encoding="utf-8")
    assert "Nothing tells whether its end was cut off" in verify("--file", str(file)).output
    witness = file.with_name("points.jsonl")
    chain.write_checkpoint(witness, point)
    told = verify("--file", str(file), "--witness", str(witness))
    assert told.exit_code == 1
    assert "ends before event 3" in told.output


def test_a_witness_that_is_not_there_or_no_witness_is_an_error_and_not_silence(exported: tuple[Cast, Path]) -> None:
    _cast, file = exported
    missing = verify("--file", str(file), "--witness", str(file.with_name("nowhere.jsonl")))
    assert missing.exit_code == 2
    assert "does not exist" in missing.output
    wrong = verify("--witness", str(file))
    assert wrong.exit_code == 1
    assert "The witness cannot be used: line 1 of trail.jsonl is not a checkpoint." in wrong.output


def test_a_database_without_a_trail_is_told_in_a_sentence(exported: tuple[Cast, Path]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE governance_auditevent RENAME TO governance_gone")
    try:
        told = verify()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE governance_gone RENAME TO governance_auditevent")
    assert told.exit_code == 1
    assert "The trail cannot be read" in told.output
