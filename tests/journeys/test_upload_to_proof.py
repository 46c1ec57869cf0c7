"""From the files of the networks to a signed proof that anyone can check, and the trail it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from callbox.governance import audit
from callbox.governance.models import AuditEvent
from callbox.maturity.models import Assessment, Attestation
from callbox.people.models import User
from callbox.people.roles import Role
from tests.journeys.hands import Window, window, working
from tests.maturity.packed import tampered
from tests.people import Cast, make_cast, person, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HERE = "/a/harbour"


@dataclass(frozen=True)
class Troupe:
    """The people of this journey, each in a window of their own."""

    cast: Cast
    assessor: Window
    reviewer: Window
    chief: Window
    auditor: Window
    stranger: Window


@pytest.fixture(params=[(1280, True), (390, False)], ids=["desk with script", "phone without script"])
def troupe(request: pytest.FixtureRequest, machine: Browser, live_server: LiveServer) -> Iterator[Troupe]:
    width, script = request.param
    cast = make_cast()
    people = (cast.alice, person("Rita", cast.agency, Role.REVIEWER), cast.bob, cast.frank, cast.dan)
    with ExitStack() as stack:
        stack.enter_context(working())

        def enter(user: User) -> Window:
            return stack.enter_context(window(machine, live_server, who=user, width=width, script=script))

        yield Troupe(cast, *(enter(user) for user in people))


def test_a_record_becomes_a_profile_a_proof_and_a_trail(troupe: Troupe, force: list[Path], tmp_path: Path) -> None:
    _upload(troupe.assessor, force)
    _attest(troupe)
    assessment = _review_and_freeze(troupe)
    pack = _take_along(troupe.chief, tmp_path)
    _anyone_checks(pack, assessment, tmp_path)
    _import_elsewhere(troupe.stranger, pack, assessment, tmp_path)
    _nothing_changes_any_more(troupe.cast, assessment)
    _the_trail_tells_it_all(troupe)


def _upload(seen: Window, force: list[Path]) -> None:
    seen.open(f"{HERE}/profile/")
    seen.look("empty")
    seen.follow("Start from your record")
    seen.look("upload")
    seen.page.set_input_files("input[name=archives]", force)
    seen.page.fill("input[name=title]", "Autumn review")
    seen.press("Store and measure")
    seen.look("progress")
    seen.page.get_by_role("heading", name="What was read").wait_for(timeout=90_000)
    seen.look("measured")
    for archive in force:
        assert archive.name in seen.text
    seen.open(f"{HERE}/profile/")
    seen.look("profile")
    for area in ("Voice", "Trust", "Collaboration", "Intelligence", "Operations"):
        assert area in seen.page.locator("main").inner_text()


def _attest(troupe: Troupe) -> None:
    seen, row = troupe.assessor, None
    seen.open(f"{HERE}/practices/")
    seen.look("practices")
    seen.page.locator("main a[href$='/practices/V1/']").first.click()
    seen.look("practice")
    seen.page.get_by_role("link", name="Add evidence").first.click()
    seen.look("attest")
    seen.page.fill("input[name=title]", "Social media policy")
    seen.press("Propose it")
    assert "Add a document or a link, one of the two." in seen.text, "a form without its document comes back"
    seen.look("attest-again")
    assert seen.page.input_value("input[name=title]") == "Social media policy", "what was typed is still there"
    seen.page.set_input_files(
        "input[name=document]", {"name": "policy.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 policy"}
    )
    seen.press("Propose it")
    seen.look("proposed")
    assert "You own or proposed this, so a second person must review it." in seen.text
    assert seen.page.get_by_role("button", name="I looked at it: accept").count() == 0
    row = Attestation.objects.get()
    refused = signed_in(troupe.cast.alice).post(f"{HERE}/evidence/{row.pk}/review/", follow=True)
    assert "Somebody other than the owner must review this." in refused.text
    other = troupe.reviewer
    other.open(f"{HERE}/evidence/")
    other.look("evidence")
    other.follow("Social media policy")
    other.press("I looked at it: accept")
    other.look("accepted")
    assert "The evidence counts from now on" in other.text


def _review_and_freeze(troupe: Troupe) -> Assessment:
    seen = troupe.assessor
    seen.open(f"{HERE}/assessments/")
    seen.look("assessments")
    seen.follow("Autumn review")
    seen.press("Hand to a second person")
    seen.look("submitted")
    seen.follow("Go to the review")
    assert "You submitted this assessment, so somebody else must confirm its levels." in seen.text
    chief = troupe.chief
    chief.open(seen.path)
    assert chief.page.get_by_role("button", name="Freeze and sign").count() == 0, "not before a second person looked"
    other = troupe.reviewer
    other.open(seen.path)
    other.look("review")
    for box in other.page.locator("input[name=confirm]").all():
        box.check()
    other.press("Save what I looked at")
    other.look("reviewed")
    chief.open(seen.path)
    chief.page.check("input[name=sure]")
    chief.look("freeze")
    chief.press("Freeze and sign")
    chief.look("frozen")
    assert "Nothing changes this assessment any more" in chief.text
    assessment = Assessment.objects.get()
    assert assessment.state == "frozen"
    return assessment


def _take_along(seen: Window, folder: Path) -> Path:
    seen.follow("Take it along")
    seen.look("export")
    with seen.page.expect_download() as download:
        seen.follow("Download the proof pack")
    pack = folder / download.value.suggested_filename
    download.value.save_as(pack)
    return pack


def _callbox(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a stranger would: no database, no settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "callbox", *map(str, words)],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def _anyone_checks(pack: Path, assessment: Assessment, folder: Path) -> None:
    told = _callbox("verify", pack, "--key", assessment.fingerprint, "--json")
    verdict = json.loads(told.stdout)
    assert told.returncode == 0
    assert verdict["holds"]
    assert verdict["compared"]
    assert verdict["areas"] == assessment.areas
    touched = tampered(pack, "tables/posts.csv", lambda table: table.replace(b",0,", b",9,", 1), folder / "touched.zip")
    told = _callbox("verify", touched, "--key", assessment.fingerprint)
    assert told.returncode == 1
    assert "Practices that rest on it: " in told.stdout
    assert "V3" in told.stdout
    assert "Traceback" not in told.stderr


def _import_elsewhere(seen: Window, pack: Path, assessment: Assessment, folder: Path) -> None:
    seen.open("/a/valley/assessments/import/")
    seen.page.set_input_files("input[name=pack]", folder / "touched.zip")
    seen.press("Check and import")
    seen.look("import-refused")
    assert "This pack does not hold, so nothing was imported" in seen.text
    seen.page.set_input_files("input[name=pack]", pack)
    seen.page.fill("input[name=title]", "Our neighbours")
    seen.press("Check and import")
    seen.look("imported")
    assert "Every figure was computed anew and agrees with the pack." in seen.text
    assert "Imported proof pack" in seen.text
    assert "Riverton" in seen.text, "the page says whose record it is"
    seen.open("/a/valley/profile/")
    seen.look("imported-profile")
    assert "This profile comes from a proof pack of Riverton Police" in seen.text
    imported = Assessment.objects.get(agency__slug="valley")
    assert imported.areas == assessment.areas
    assert [(one.id, one.shown, one.at_most) for one in imported.profile.practices] == [  # type: ignore[union-attr]
        (one.id, one.shown, one.at_most)
        for one in assessment.profile.practices  # type: ignore[union-attr]
    ]


def _nothing_changes_any_more(cast: Cast, assessment: Assessment) -> None:
    before = Assessment.objects.filter(pk=assessment.pk).values().get()
    for verb in ("withdraw", "again", "choose", "restore", "submit", "send-back", "freeze", "review/levels"):
        for user in (cast.alice, cast.bob):
            sent = {"why": "No.", "confirm": "V3", "note-V3": "No.", "name": "Other"}
            answer = signed_in(user).post(f"{HERE}/assessments/{assessment.pk}/{verb}/", sent, follow=True)
            assert answer.status_code in {200, 403}, verb
            assert "note-success" not in answer.text, verb
    assert Assessment.objects.filter(pk=assessment.pk).values().get() == before


def _the_trail_tells_it_all(troupe: Troupe) -> None:
    audit.seal()
    seen = troupe.auditor
    seen.open(f"{HERE}/audit/")
    seen.look("trail")
    rows = [row.inner_text() for row in seen.page.locator("tbody tr").all()]
    for who, what in (
        ("Alice", "Assessment started"),
        ("system: worker", "Assessment measured"),
        ("Alice", "Attestation added"),
        ("Rita", "Attestation reviewed"),
        ("Alice", "Assessment submitted"),
        ("Rita", "Levels reviewed"),
        ("Bob", "Assessment frozen"),
        ("Bob", "Assessment signed"),
        ("Bob", "Assessment exported"),
    ):
        assert any(who in row and what in row for row in rows), f"{what} by {who}"
    seen.press("Verify now")
    seen.look("trail-whole")
    assert "The audit trail is whole" in seen.text
    touched = AuditEvent.objects.get(action="assessment.frozen")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {AuditEvent._meta.db_table} SET by_name = 'Mallory' WHERE id = %s", [touched.pk])
    seen.open(f"{HERE}/audit/")
    seen.press("Verify now")
    seen.look("trail-touched")
    assert "The audit trail was touched" in seen.text
