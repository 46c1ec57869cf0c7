"""What an installation lacks is said with what to do, and what is there is not complained about."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.checks import Warning as CheckWarning
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from callbox.cli import main
from callbox.config import backup, lacking, schedule
from callbox.governance.models import AuditEvent
from callbox.portal import grants
from tests.people import Cast


def ids(found: object) -> list[str]:
    assert isinstance(found, list)
    return [str(one.id) for one in found]


@pytest.fixture
def installed(settings: Settings, tmp_path: Path) -> Settings:
    """Return the settings of an installation that lacks nothing these checks look for."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    settings.HTTPS, settings.PROXIES, settings.DEMO, settings.PLANE = True, 1, False, "desk"
    settings.PORTAL_URL, settings.DEFAULT_FROM_EMAIL = "https://portal.example", "desk@police.example"
    settings.SECRET_KEY, settings.TOKEN_KEYS, settings.RECEIPT_KEY = "a" * 60, ["b" * 60], "c" * 60
    settings.DATA, settings.AUDIT_WITNESS = data, tmp_path / "elsewhere" / "points.jsonl"
    settings.COPY = tmp_path / "copy"
    (settings.COPY / "current").mkdir(parents=True)
    backup.marker().touch()
    return settings


def test_a_whole_installation_lacks_nothing(installed: Settings) -> None:
    assert _said() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PROXIES", 0, "callbox.W005"),
        ("PORTAL_URL", "http://portal.example", "callbox.W006"),
        ("DEFAULT_FROM_EMAIL", "callbox@localhost", "callbox.W007"),
        ("RECEIPT_KEY", "a" * 60, "callbox.W008"),
        ("TOKEN_KEYS", ["b" * 60, "a" * 60], "callbox.W008"),
        ("COPY", None, "callbox.W012"),
    ],
)
def test_a_setting_that_is_missing_is_named(installed: Settings, name: str, value: object, said: str) -> None:
    setattr(installed, name, value)
    assert _said() == [said]


def test_secrets_that_others_can_read_are_named_with_the_command(
    installed: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text("x")
    file.chmod(0o640)
    monkeypatch.setenv("CALLBOX_SECRET_KEY_FILE", str(file))
    installed.DATA.chmod(0o755)
    found = lacking.keys_are_apart_and_private()
    assert [one.hint for one in found] == [f"chmod 700 {installed.DATA}", f"chmod 600 {file}"]
    file.chmod(0o600)
    installed.DATA.chmod(0o700)
    assert lacking.keys_are_apart_and_private() == []


def test_old_backups_old_copies_and_a_witness_beside_the_database_are_named(installed: Settings) -> None:
    for place in (backup.marker(), installed.COPY / "current"):
        os.utime(place, (0, 0))
    installed.AUDIT_WITNESS = installed.DATA / "points.jsonl"
    assert _said() == ["callbox.W010", "callbox.W011", "callbox.W012"]
    installed.DEMO = True
    assert _said() == []


@pytest.mark.django_db
def test_a_trail_that_nobody_seals_means_that_no_worker_runs(cast: Cast, installed: Settings) -> None:
    event = AuditEvent.objects.create(
        nonce="1", at=timezone.now(), by_name="x", action="x", target="x", event_digest="x", transaction=1
    )
    assert lacking.somebody_seals_the_trail(databases=["default"]) == []
    AuditEvent.objects.filter(pk=event.pk).update(at=timezone.now() - timedelta(hours=1))
    assert ids(lacking.somebody_seals_the_trail(databases=["default"])) == ["callbox.W013"]
    assert lacking.somebody_seals_the_trail(databases=None) == []


def test_what_the_role_may_is_judged() -> None:
    both = grants.Difference(missing=("people_beat",), beyond=("a", "b", "c", "d"))
    found = list(lacking._judged("portal", both))
    assert ids(found) == ["callbox.W016", "callbox.E017"]
    assert "4 tables (a, b, c, …)" in str(found[0].msg)
    assert "people_beat" in str(found[1].msg)
    assert list(lacking._judged("portal", grants.Difference((), ()))) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="roles of a database server")
def test_a_portal_that_works_as_the_desk_is_noticed_from_both_sides(installed: Settings) -> None:
    installed.PORTAL_ROLE = ""
    assert ids(lacking.the_portal_is_apart(databases=["default"])) == ["callbox.W014"]
    installed.PLANE = "portal"  # and here it may do everything
    assert ids(lacking.the_portal_is_apart(databases=["default"])) == ["callbox.W016"]
    assert lacking.the_portal_is_apart(databases=None) == []


def test_the_command_prints_what_and_what_to_do_and_fails_on_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core import checks  # noqa: PLC0415 - beside what it replaces

    found: list[checks.CheckMessage] = [CheckWarning("Too dark.", hint="Open the shutters.", id="callbox.W999")]
    monkeypatch.setattr(checks, "run_checks", lambda **_given: found)
    done = CliRunner().invoke(main, ["check"])
    assert (done.exit_code, done.output) == (
        0,
        "Lacking callbox.W999: Too dark.\n    Open the shutters.\n1 lacking, none of which stops Callbox.\n",
    )
    found.append(checks.Error("No roof.", id="callbox.E999"))
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 1
    assert done.output.startswith("ERROR callbox.E999: No roof.\nLacking callbox.W999")
    found.clear()
    assert "Nothing is lacking" in CliRunner().invoke(main, ["check"]).output


@pytest.mark.django_db
def test_the_worker_writes_the_copy_where_a_folder_is_named(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    settings.COPY = None
    schedule.write_copy()
    settings.COPY = tmp_path / "copy"
    schedule.write_copy()
    assert (tmp_path / "copy" / "current" / "p" / "harbour" / "index.html").exists()


def _said() -> list[str]:
    return [
        *ids(lacking.https_is_told()),
        *ids(lacking.letters_have_a_sender()),
        *ids(lacking.keys_are_apart_and_private()),
        *ids(lacking.the_witness_is_elsewhere()),
        *ids(lacking.something_is_kept_for_bad_days()),
    ]
