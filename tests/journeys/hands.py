"""The hands and eyes of a person: a browser window, a look at each page, a way to sign in."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from callbox.config.schedule import run_forever
from callbox.people.models import User
from tests.people import signed_in

#: Where pictures of every step are put, when somebody wants to look at them.
PICTURES = os.environ.get("JOURNEY_PICTURES")


@dataclass
class Window:
    """One person's browser window. found: everything a look has found wrong so far."""

    page: Page
    address: str
    script: bool
    width: int
    found: list[str] = field(default_factory=list)
    taken: int = 0

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.address + path)

    def look(self, name: str) -> None:
        """Look at the page as it is now: it fits, it says what it is, and axe finds nothing."""
        self.page.wait_for_load_state()
        if PICTURES:
            self.taken += 1
            shot = f"{name}-{self.taken:02}-{self.width}{'' if self.script else '-plain'}.png"
            self.page.screenshot(path=Path(PICTURES) / shot, full_page=True)
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has no single heading"
        if not self.script:
            return
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.found.append(f"{self.path}: sticks out at {self.width} px")
        for one in Axe().run(self.page).response["violations"]:
            self.found.append(f"{self.path}: {one['id']} {one['nodes'][0]['html']}")

    @property
    def path(self) -> str:
        """The address without the machine."""
        return self.page.url.removeprefix(self.address)

    @property
    def text(self) -> str:
        """What stands on the page, in one line."""
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    def press(self, name: str, *, role: Literal["button", "link"] = "button") -> None:
        """Press the button or follow the link with exactly this name."""
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()  # a click returns when the new page begins, not when it stands

    def follow(self, name: str) -> None:
        """Follow the link with exactly this name."""
        self.press(name, role="link")


@contextmanager
def window(
    machine: Browser, server: LiveServer, *, who: User | None = None, width: int = 1280, script: bool = True
) -> Iterator[Window]:
    """Open a window of its own, in which `who` is signed in already; when it closes, nothing may have been found."""
    context = machine.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script, accept_downloads=True
    )
    context.set_default_timeout(15_000)
    if who is not None:
        context.add_cookies([{"name": "callbox", "value": signed_in(who).cookies["callbox"].value, "url": server.url}])
    page = context.new_page()
    opened = Window(page, server.url, script, width)
    page.on("pageerror", lambda error: opened.found.append(f"{page.url}: {error}"))
    page.on("console", lambda message: _heard(opened, message.text) if message.type == "error" else None)
    try:
        yield opened
    finally:
        context.close()
    if opened.found:
        pytest.fail("\n".join(opened.found))


def _heard(opened: Window, text: str) -> None:
    if "Failed to load resource" not in text:  # an answer of 404 or 422 is what some steps are about
        opened.found.append(f"{opened.page.url}: {text}")


@contextmanager
def working() -> Iterator[None]:
    """Let the worker run as it does beside the desk, with its whole schedule."""
    stop = threading.Event()
    worker = threading.Thread(target=run_forever, args=(stop,))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def code(secret: str) -> str:
    """Return what the authenticator app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
