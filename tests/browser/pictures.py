"""`make pictures`: the demonstration agency as pictures in docs/pictures: a desk by day, a phone at night."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import CHIEF, browser, chromium, demonstration, signed_in

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
NEWS, INSPECTOR, OFFICER, ANALYST, COMMANDER, KEEPER, NOBODY = (
    "news@riverton.example",
    "inspector@riverton.example",
    "officer@riverton.example",
    "analyst@riverton.example",
    "commander@riverton.example",
    "keeper@riverton.example",
    "",
)


class Shot(NamedTuple):
    """One picture: whose window, which address, and which link leads on from there (a selector, the first that fits)."""

    name: str
    who: str
    path: str
    follow: str = ""


SHOTS: Final = (
    Shot("today", CHIEF, "/a/riverton/"),
    Shot("profile", CHIEF, "/a/riverton/profile/"),
    Shot("practices", CHIEF, "/a/riverton/practices/"),
    Shot("practice", CHIEF, "/a/riverton/practices/V5/"),
    Shot("evidence", CHIEF, "/a/riverton/evidence/"),
    Shot("roadmap", CHIEF, "/a/riverton/roadmap/"),
    Shot("compare", CHIEF, "/a/riverton/compare/"),
    Shot("report", CHIEF, "/a/riverton/reports/3/chief/"),
    Shot("goals", CHIEF, "/a/riverton/goals/"),
    Shot("campaign", CHIEF, "/a/riverton/campaigns/", "main a[href*='/campaigns/1/']"),
    Shot("who-approves", CHIEF, "/a/riverton/messages/approvers/"),
    Shot("sent-alone", CHIEF, "/a/riverton/messages/alone/"),
    Shot("trail", CHIEF, "/a/riverton/audit/"),
    Shot("guide", NEWS, "/a/riverton/guide/"),
    Shot("connected", NEWS, "/a/riverton/accounts/connected/"),
    Shot("messages", NEWS, "/a/riverton/messages/"),
    Shot("write", NEWS, "/a/riverton/messages/6/write/"),
    Shot("message-unclear", NEWS, "/a/riverton/messages/7/"),
    Shot("calendar", NEWS, "/a/riverton/calendar/"),
    Shot("accounts", NEWS, "/a/riverton/accounts/"),
    Shot("approve", INSPECTOR, "/a/riverton/messages/5/"),
    Shot("inbox", OFFICER, "/a/riverton/inbox/"),
    Shot("conversation", OFFICER, "/a/riverton/inbox/", "main th a:has-text('bicycle')"),
    Shot("hidden-comments", OFFICER, "/a/riverton/moderation/"),
    Shot("updates", OFFICER, "/a/riverton/updates/"),
    Shot("beats", NEWS, "/a/riverton/beats/"),
    Shot("tips", ANALYST, "/a/riverton/tips/"),
    Shot("events", ANALYST, "/a/riverton/events/"),
    Shot("event", ANALYST, "/a/riverton/events/", "main th a:has-text('Flood on Mill Lane')"),
    Shot("authors", ANALYST, "/a/riverton/events/authors/"),
    Shot("hit-rates", ANALYST, "/a/riverton/events/watches/"),
    Shot("watches", ANALYST, "/a/riverton/watches/"),
    Shot("watch", ANALYST, "/a/riverton/watches/", "main th a"),
    Shot("sources", ANALYST, "/a/riverton/sources/"),
    Shot("incidents", COMMANDER, "/a/riverton/incidents/"),
    Shot("incident", COMMANDER, "/a/riverton/incidents/", "main th a"),
    Shot("alerts", COMMANDER, "/a/riverton/alerts/"),
    Shot("alert", COMMANDER, "/a/riverton/alerts/", "main th a"),
    Shot("drills", COMMANDER, "/a/riverton/drills/"),
    Shot("drill", COMMANDER, "/a/riverton/drills/", "main th a"),
    Shot("roster", COMMANDER, "/a/riverton/roster/"),
    Shot("partners", COMMANDER, "/a/riverton/partners/"),
    Shot("partner", COMMANDER, "/a/riverton/partners/", "main th a"),
    Shot("shared-by-us", COMMANDER, "/a/riverton/shares/"),
    Shot("retention", KEEPER, "/a/riverton/retention/"),
    Shot("tour", NOBODY, "/tour/"),
    Shot("portal", NOBODY, "/p/riverton/"),
    Shot("newsroom", NOBODY, "/p/riverton/news/"),
    Shot("correction", NOBODY, "/p/riverton/news/", "main a:has-text('Bridge Street')"),
    Shot("ask", NOBODY, "/p/riverton/ask/"),
    Shot("subscribe", NOBODY, "/p/riverton/subscribe/"),
    Shot("tip", NOBODY, "/p/riverton/tip/"),
    Shot("portal-beats", NOBODY, "/p/riverton/beats/"),
    Shot("portal-alerts", NOBODY, "/p/riverton/alerts/"),
    Shot("portal-arabic", NOBODY, "/ar/p/riverton/"),
)
#: A picture is cut here, in pixels of the page: what follows is more of the same.
TALLEST = 1700
#: Plenty for a page, and a fifth of the bytes.
COLOURS = 64
LOOKS = ((1280, "light", "desk"), (390, "dark", "phone"))


def take(found: Browser, address: str, data: Path) -> int:
    """Take every picture and return how many. data: the demonstration's folder, in which the analyst's key lies."""
    count = 0
    for width, scheme, place in LOOKS:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        for who in dict.fromkeys(shot.who for shot in SHOTS):
            context = signed_in(found, address, who=who, **options) if who else found.new_context(**options)  # type: ignore[arg-type]
            page = context.new_page()
            for shot in (each for each in SHOTS if each.who == who):
                _open(page, address, shot)
                _keep(page, f"{shot.name}-{place}-{scheme}")
                count += 1
            for name in _acted(page, address, who, data):
                _keep(page, f"{name}-{place}-{scheme}")
                count += 1
            context.close()
    return count


def _open(page: Page, address: str, shot: Shot) -> None:
    answer = page.goto(address + shot.path)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{shot.path} answers {answer.status if answer else 'nothing'}")
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state()


def _acted(page: Page, address: str, who: str, data: Path) -> Iterator[str]:
    """Do what has to be done before these pages can be seen, and yield their names while they stand."""
    if who == ANALYST:
        page.goto(f"{address}/a/riverton/tips/")
        page.locator("main tr:has-text('Opened') th a").first.click()
        page.get_by_role("button", name="Read it").click()
        page.set_input_files("#key-file", data / "demo" / "analyst-key.txt")
        expect(page.locator("#key-state")).to_have_text("Opened")
        yield "tip-letters"
    elif who == NOBODY:
        page.goto(f"{address}/p/riverton/tip/")
        page.get_by_label("What do you know?").fill("The stolen bicycles stand behind the old mill.")
        page.get_by_role("button", name="Send the tip").click()
        expect(page.locator(".words li")).to_have_count(9)
        yield "tip-receipt"
    elif who == INSPECTOR:
        page.goto(f"{address}/a/riverton/calendar/")
        page.locator("details.stop summary").click()
        page.locator("#freeze-why").fill("An officer was hurt; nothing cheerful tonight.")
        page.get_by_role("button", name="Stop everything now").click()
        expect(page.locator(".freeze-bar")).to_be_visible()
        yield "freeze"
        page.get_by_role("button", name="Lift the freeze").first.click()
        expect(page.locator(".freeze-bar")).to_have_count(0)


def _keep(page: Page, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 1280
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(FOLDER / f"{name}.png", optimize=True)


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
        print(f"{take(found, address, Path(data))} pictures in {FOLDER.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
