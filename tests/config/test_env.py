"""Settings refuse nonsense with plain sentences; each case starts a fresh process, as the real start does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from callbox.config.env import Environment

KEY = "k" * 60


def problems_of(**variables: str) -> str:
    env = Environment(variables)
    env.flag("CALLBOX_DEMO")
    env.number("CALLBOX_PROXIES", 0, least=0, most=5)
    env.url("CALLBOX_MAIL_URL", ("smtp", "smtps"))
    env.secret("CALLBOX_SECRET_KEY")
    try:
        env.refuse()
    except ImproperlyConfigured as error:
        return str(error)
    return ""


def test_right_values_are_taken() -> None:
    assert (
        problems_of(
            CALLBOX_DEMO="yes", CALLBOX_PROXIES="2", CALLBOX_MAIL_URL="smtps://u:p@mail.example", CALLBOX_SECRET_KEY=KEY
        )
        == ""
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CALLBOX_DEMO", "perhaps", "CALLBOX_DEMO must be 1 or 0, not 'perhaps'."),
        ("CALLBOX_PROXIES", "-1", "CALLBOX_PROXIES must be a whole number from 0 to 5, not '-1'."),
        ("CALLBOX_PROXIES", "²", "CALLBOX_PROXIES must be a whole number"),
        ("CALLBOX_MAIL_URL", "mail.example", "CALLBOX_MAIL_URL must look like smtp://"),
        ("CALLBOX_MAIL_URL", "smtp://h:99999999", "CALLBOX_MAIL_URL must look like smtp://"),
        ("CALLBOX_DEMOO", "1", "CALLBOX_DEMOO is not a setting of Callbox. Did you mean CALLBOX_DEMO?"),
        ("CALLBOX_SECRET_KEY_FILE", "/does/not/exist", "which cannot be read: FileNotFoundError"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(name: str, value: str, words: str) -> None:
    assert words in problems_of(**{name: value})


@pytest.mark.parametrize(("receipts", "starts"), [("", False), (KEY, True)])
def test_a_renewed_secret_key_does_not_silently_lose_receipts(tmp_path: Path, receipts: str, starts: bool) -> None:
    given = {"CALLBOX_DATA": str(tmp_path), "CALLBOX_SECRET_KEY": "n" * 60, "CALLBOX_OLD_SECRET_KEYS": KEY}
    done = start(**given, **({"CALLBOX_RECEIPT_KEY": receipts} if receipts else {}))
    assert (done.returncode == 0) is starts, done.stderr
    assert starts or "give CALLBOX_RECEIPT_KEY the oldest secret key" in done.stderr


def test_all_mistakes_are_told_at_once() -> None:
    text = problems_of(CALLBOX_DEMO="x", CALLBOX_PROXIES="y")
    assert "CALLBOX_DEMO" in text
    assert "CALLBOX_PROXIES" in text


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    assert "hunter2" not in problems_of(CALLBOX_MAIL_URL="mailto:hunter2")
    file = tmp_path / "key"
    file.write_text(KEY + "\n")
    assert Environment({"CALLBOX_SECRET_KEY_FILE": str(file)}).secret("CALLBOX_SECRET_KEY") == KEY
    assert "not both" in problems_of(CALLBOX_SECRET_KEY=KEY, CALLBOX_SECRET_KEY_FILE=str(file))


def start(code: str = "import callbox.config.settings", **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CALLBOX_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=clean | variables, capture_output=True, text=True, check=False
    )


def test_it_does_not_start_without_a_secret_key(tmp_path: Path) -> None:
    done = start(CALLBOX_DATA=str(tmp_path))
    assert done.returncode != 0
    assert "CALLBOX_SECRET_KEY (or CALLBOX_SECRET_KEY_FILE" in done.stderr


def test_the_demo_makes_its_own_key_once_and_keeps_it_private(tmp_path: Path) -> None:
    show = "import callbox.config.settings as s; print(s.SECRET_KEY, s.SESSION_COOKIE_SECURE, s.SECOND_FACTOR_REQUIRED)"
    first, second = (start(show, CALLBOX_DATA=str(tmp_path), CALLBOX_DEMO="1") for _ in range(2))
    assert first.stdout == second.stdout
    assert first.stdout.split()[1:] == ["False", "False"]
    assert (tmp_path / "demo-secret-key").stat().st_mode & 0o077 == 0


def test_the_demo_serves_only_this_machine(tmp_path: Path) -> None:
    done = start(CALLBOX_DATA=str(tmp_path), CALLBOX_DEMO="1", CALLBOX_HOSTS="desk.example")
    assert "it only serves this machine" in done.stderr


def test_a_real_installation_is_strict(tmp_path: Path) -> None:
    show = (
        "import callbox.config.settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, "
        "s.SECOND_FACTOR_REQUIRED, s.SESSION_COOKIE_NAME, s.DEBUG)"
    )
    done = start(show, CALLBOX_DATA=str(tmp_path), CALLBOX_SECRET_KEY=KEY, CALLBOX_HOSTS="desk.example")
    assert done.stdout.split() == ["True"] * 5 + ["__Host-callbox", "False"]


def test_a_database_address_is_understood(tmp_path: Path) -> None:
    show = (
        "import callbox.config.settings as s; d = s.DATABASES['default']; "
        "print(d['HOST'], d['PORT'], d['NAME'], d['USER'], d['PASSWORD'])"
    )
    given = {"CALLBOX_DATA": str(tmp_path), "CALLBOX_SECRET_KEY": KEY}
    done = start(show, **given, CALLBOX_DATABASE_URL="postgresql://ann:p%40ss@db.example:5433/desk")
    assert done.stdout.split() == ["db.example", "5433", "desk", "ann", "p@ss"]
    done = start(show, **given, CALLBOX_DATABASE_URL="postgresql://ann@/desk?host=/run/postgresql")
    assert done.stdout.split()[0] == "/run/postgresql"
