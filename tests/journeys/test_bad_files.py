"""Files that are not what they should be: each ends in a plain sentence that says what was kept and what to do."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload
from pytest_django.live_server_helper import LiveServer

from callbox.maturity.models import Assessment, Upload
from callbox.maturity.services import measuring
from tests.desk.assessments.conftest import posts
from tests.journeys.hands import Window, window, working
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
#: What must never be read by somebody who only wanted to see their profile.
INSIDE = ("Traceback", "Exception", "Error:", "None", "callbox.", "polars")


def _give(seen: Window, *files: tuple[str, bytes], **columns: str) -> None:
    seen.open("/a/harbour/assessments/upload/")
    seen.page.set_input_files(
        "input[name=archives]",
        [FilePayload(name=name, mimeType="application/octet-stream", buffer=content) for name, content in files],
    )
    if columns:
        seen.page.get_by_text("My table has unusual column names").click()
        for name, column in columns.items():
            seen.page.fill(f"input[name={name}]", column)
    seen.press("Store and measure")


def _ended(seen: Window, name: str) -> str:
    """Wait until the page is no longer about progress; return what it says."""
    with working():
        seen.page.get_by_role("heading", name="Your record is being measured").wait_for(
            state="detached", timeout=60_000
        )
    seen.look(name)
    for word in INSIDE:
        assert word not in seen.text
    return seen.text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("holiday.png", PICTURE, "holiday.png"),
        ("twitter.zip", b"PK\x03\x04" + b"\x00" * 40, "twitter.zip"),
        ("posts.csv", b"\xff\xfe\x00\x01" * 300, "posts.csv"),
        ("letter.csv", b"Dear colleagues,\nplease find the numbers of last year below.\n", "letter.csv"),
        ("only-names.csv", b"id,time,text\n", "no record found"),
    ],
    ids=["a picture", "a broken zip", "bytes", "a letter", "a table without a row"],
)
def test_what_is_no_record_is_said_in_a_sentence_and_kept(
    machine: Browser, live_server: LiveServer, name: str, content: bytes, says: str
) -> None:
    cast = make_cast()
    with window(machine, live_server, who=cast.alice) as seen:
        _give(seen, (name, content))
        told = _ended(seen, f"bad-{name.partition('.')[0]}")
        assert says in told
        assert "kept" in told
        assert seen.page.get_by_role("button", name="Try again").count() == 1
        assert Upload.objects.get().size == len(content)
        assert Assessment.objects.get().state == "failed"


def test_an_empty_file_comes_back_at_once_and_leaves_nothing(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    with window(machine, live_server, who=cast.alice, width=390) as seen:
        _give(seen, ("tweets.csv", b""))
        seen.look("bad-empty")
        assert "The file tweets.csv is empty. Nothing was saved; download it again from your network." in seen.text
        assert not Upload.objects.exists()


def test_no_file_at_all_is_asked_for(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    with window(machine, live_server, who=cast.alice, script=False) as seen:
        seen.open("/a/harbour/assessments/upload/")
        seen.page.eval_on_selector("input[name=archives]", "field => field.required = false")
        seen.press("Store and measure")
        assert "Choose at least one file." in seen.text


def test_a_field_as_large_as_a_book_does_not_stop_the_rest(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    book = posts().decode().replace("Day 7: lock your bicycle", "x" * 3_000_000, 1).encode()
    with window(machine, live_server, who=cast.alice) as seen:
        _give(seen, ("posts.csv", book))
        told = _ended(seen, "huge-field")
        assert "What was read" in told
        assert Assessment.objects.get().state == "measured"


def test_a_few_bad_rows_are_set_aside_and_handed_out(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    table = posts() + b'\nbad-1,yesterday,"no time",,harbour\nbad-2,2199-01-01T00:00:00Z,from the future,,harbour\n'
    with window(machine, live_server, who=cast.alice) as seen:
        _give(seen, ("posts.csv", table))
        _ended(seen, "set-aside")
        assert Assessment.objects.get().state == "measured"
        with seen.page.expect_download() as download:
            seen.follow("Download the records that were set aside, each with its place and reason")
        lines = download.value.path().read_text().splitlines()
        assert len(lines) == 2


def test_several_agencies_in_one_table_are_chosen_from(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    rows = posts().decode().splitlines()
    lines = [rows[0] + ",agency"]
    lines += [f"{agency[0]}{row},{agency}" for agency in ("Northern Police", "Southern Police") for row in rows[1:]]
    with window(machine, live_server, who=cast.alice, width=390) as seen:
        _give(seen, ("both.csv", "\n".join(lines).encode()))
        told = _ended(seen, "two-agencies")
        assert "Choose which one this assessment is about." in told
        seen.page.get_by_label("Southern Police").check()
        seen.press("Assess this one")
        told = _ended(seen, "chosen")
        assert "Southern Police" in told
        found = Assessment.objects.get()
        assert found.state == "measured"
        assert found.profile is not None
        assert found.profile.agency == "Southern Police"


def test_unusual_column_names_are_named_by_hand(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    table = posts().replace(b"id,time,text,reply_to_user,account", b"nummer,naar,innhold,svar,hvem", 1)
    with window(machine, live_server, who=cast.alice) as seen:
        _give(seen, ("innlegg.csv", table))
        told = _ended(seen, "unknown-columns")
        assert "innlegg.csv" in told
        assert "columns found: nummer, naar, innhold, svar, hvem" in told
        for name, column in {"time": "naar", "text": "innhold", "account": "hvem"}.items():
            seen.page.fill(f"input[name={name}]", column)
        seen.press("Read it again with these")
        told = _ended(seen, "named-columns")
        assert "What was read" in told
        assert Assessment.objects.get().state == "measured"
        _give(seen, ("innlegg.csv", table), time="naar", text="innhold", account="hvem")
        assert "What was read" in _ended(seen, "named-at-once")


def test_a_worker_killed_in_the_middle_is_followed_by_another(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    with window(machine, live_server, who=cast.alice) as seen:
        _give(seen, ("posts.csv", posts()))
        claimed = measuring.claim()  # and then the power went
        assert claimed is not None
        seen.page.reload()
        seen.look("half-way")
        assert "Your record is being measured" in seen.text
        silent = timezone.now() - measuring.DEAD_AFTER - timedelta(seconds=1)
        Assessment.objects.filter(pk=claimed.pk).update(worked_at=silent)
        assert "What was read" in _ended(seen, "second-worker")
