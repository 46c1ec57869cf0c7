"""The demonstration agency, built and served by the same command a newcomer types, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

#: Chromium looks for the world outside unless told not to.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip
CHIEF = "chief@riverton.example"
PASSWORD = "callbox-demo"


def chromium() -> str | None:
    """Return the path of the system's Chromium, None when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def demonstration(data: Path) -> Iterator[str]:
    """Build and serve the demonstration agency on a free port; yield its address; end it by its pid."""
    # Nothing of the suite's own settings: this is the product as a newcomer starts it.
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
    log = data / "server.log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-m", "callbox", "demo", "--port", "0"],
            env={**outside, "CALLBOX_DATA": str(data), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    try:
        assert server.stdout is not None
        address = ""
        for line in server.stdout:
            if line.startswith("Callbox is at "):
                address = line.removeprefix("Callbox is at ").strip().rstrip("/")
            if line.startswith("Interrupt"):
                break
        if not address:
            raise RuntimeError(f"the demonstration did not start:\n{(data / 'server.log').read_text()}")
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if server.stdout:
            server.stdout.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a headless Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield found
        finally:
            found.close()


def signed_in(found: Browser, address: str, *, who: str = CHIEF, **options: object) -> BrowserContext:
    """Return a context in which `who` is signed in, by the form a person would use."""
    context = found.new_context(**options)  # type: ignore[arg-type]  # Playwright spells its forty options out
    page = context.new_page()
    page.goto(f"{address}/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/a/**")
    page.close()
    return context
