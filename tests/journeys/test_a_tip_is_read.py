"""A tip from the form to the officer and back: the key is made and used in the officer's own browser, the tipster has no script."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from callbox.people.roles import Role
from callbox.trust.tips.models import Letter, Tip
from tests.journeys.hands import Window, window
from tests.people import make_cast, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TIP = "The stolen bicycles stand behind the old mill."
ANSWER = "Thank you. Since when do they stand there?"
FURTHER = "Since Friday."


def test_a_tip_is_read_answered_and_answered_again(machine: Browser, live_server: LiveServer, tmp_path: Path) -> None:
    cast = make_cast()
    hanna = person("Hanna", cast.agency, Role.ANALYST)
    with ExitStack() as stack:
        officer = stack.enter_context(window(machine, live_server, who=hanna))
        tipster = stack.enter_context(window(machine, live_server, width=390, script=False))
        key = _make_a_key(officer, tmp_path)
        _let_in(stack.enter_context(window(machine, live_server, who=cast.bob)), key)
        words = _send(tipster)
        _read(officer, key)
        _answered(tipster, words)
        _read_on(officer)


def _make_a_key(seen: Window, folder: Path) -> Path:
    seen.open("/a/harbour/tips/")
    seen.look("no-key")
    seen.follow("Make one now")
    with seen.page.expect_download() as download:
        seen.press("Make a key and save its file")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    field = seen.page.locator("input[name=recipient]")
    assert field.input_value().startswith("age1")
    assert field.input_value() in file.read_text()
    seen.look("key")
    seen.press("Add")
    seen.look("key-added")
    return file


def _let_in(second: Window, key: Path) -> None:
    second.open("/a/harbour/tips/keys/")
    recipient = key.read_text().partition("public key: ")[2].split()[0]
    expect(second.page.get_by_text(recipient)).to_be_visible()
    second.look("key-to-allow")
    second.press("It is the same: allow it Hanna")
    second.look("key-allowed")


def _send(seen: Window) -> str:
    seen.open("/p/harbour/tip/")
    seen.look("tip")
    seen.page.get_by_label("What do you know?").fill(TIP)
    seen.page.get_by_label("Where? (if you want to say)").fill("Mill Lane")
    seen.press("Send the tip")
    seen.look("receipt")
    words = seen.page.locator(".words li").all_inner_texts()
    assert len(words) == 9
    return " ".join(words)


def _read(seen: Window, key: Path) -> None:
    tip = Tip.objects.get()
    assert TIP.encode() not in bytes(Letter.objects.get().sealed)
    seen.open(f"/a/harbour/tips/{tip.pk}/")
    seen.look("before-reading")
    seen.press("Read it")
    expect(seen.page.locator(".letter-text")).to_have_text("Sealed")
    wrong = {"name": "other.txt", "mimeType": "text/plain", "buffer": b"no key"}
    seen.page.set_input_files("#key-file", wrong)  # type: ignore[arg-type]
    expect(seen.page.locator("#key-state")).to_contain_text("holds no key")
    seen.page.set_input_files("#key-file", key)
    expect(seen.page.locator(".letter-text")).to_have_text(TIP)
    expect(seen.page.locator(".letter-place dd")).to_have_text("Mill Lane")
    seen.look("letters-open")
    seen.page.get_by_label("Your answer").fill(ANSWER)
    seen.press("Seal and send")
    # the key stays in this window: what was just sealed opens without choosing the file again
    seen.open(f"/a/harbour/tips/{tip.pk}/")
    seen.press("Read it")
    expect(seen.page.locator(".letter-text").last).to_have_text(ANSWER)


def _answered(seen: Window, words: str) -> None:
    seen.open("/p/harbour/tip/again/")
    seen.page.get_by_label("Your nine words").fill(words)
    seen.press("Open")
    seen.look("dialogue")
    assert ANSWER in seen.text
    assert TIP not in seen.text, "what the tipster wrote opens nowhere but with the officer"
    seen.page.get_by_label("Write again").fill(FURTHER)
    seen.press("Send")
    assert "sealed and stored" in seen.text


def _read_on(seen: Window) -> None:
    seen.open(f"/a/harbour/tips/{Tip.objects.get().pk}/")
    seen.press("Read it")
    expect(seen.page.locator(".letter-text").last).to_have_text(FURTHER)
    seen.page.get_by_label("What became of it").select_option("passed")
    seen.press("Settle")
    seen.look("settled")
    tip = Tip.objects.get()
    assert (tip.state, tip.outcome) == ("settled", "passed")
    assert tip.minutes_to_settle is not None, "counted by the officer's own machine"
    seen.press("Read it")
    expect(seen.page.locator(".letter-text").first).to_have_text(TIP)
    seen.press("Forget the key in this window")
    expect(seen.page.locator(".letter-text").first).to_have_text("Sealed")
