"""`make pictures`: the demonstration agency as pictures in docs/pictures, at desk and phone width, light and dark."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.site import browser, chromium, demonstration, signed_in

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
#: What is pictured: name -> address.
PAGES = {
    "messages": "/a/riverton/messages/",
    "message-to-approve": "/a/riverton/messages/5/",
    "message-unclear": "/a/riverton/messages/7/",
    "write": "/a/riverton/messages/6/write/",
    "calendar": "/a/riverton/calendar/",
    "profile": "/a/riverton/profile/",
    "practices": "/a/riverton/practices/",
    "practice": "/a/riverton/practices/V5/",
    "evidence": "/a/riverton/evidence/",
    "roadmap": "/a/riverton/roadmap/",
    "compare": "/a/riverton/compare/",
    "report": "/a/riverton/reports/3/chief/",
}
#: A picture is cut here, in pixels of the page: what follows is more of the same.
TALLEST = 3000
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
NAMES = {1280: "desk", 390: "phone"}


def take(found: Browser, address: str) -> int:
    """Take every picture and return how many."""
    count = 0
    for width, scheme in LOOKS:
        context = signed_in(found, address, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        for name, path in PAGES.items():
            answer = page.goto(address + path)
            if answer is None or answer.status != 200:
                raise SystemExit(f"{path} answers {answer.status if answer else 'nothing'}")
            height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
            shot = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
            # 128 colours are plenty for a page and a quarter of the bytes.
            Image.open(io.BytesIO(shot)).convert("RGB").quantize(128).save(
                FOLDER / f"{name}-{NAMES[width]}-{scheme}.png", optimize=True
            )
            count += 1
        context.close()
    return count


def main() -> None:
    """Build the demonstration, take the pictures."""
    if chromium() is None:
        sys.exit("Pictures need Chromium; none was found on this machine.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="callbox-pictures-") as data,
        demonstration(Path(data)) as address,
        browser() as found,
    ):
        print(f"{take(found, address)} pictures in {FOLDER.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
