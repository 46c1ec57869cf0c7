"""A real browser opens the pages of alerts, of the desk and of the portal: axe finds nothing, nothing sticks out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from tests.desk.test_accessibility import LOOKS, _bad, _listen, chromium
from tests.operations.alerts.duty import FORCE, Duty, words
from tests.people import signed_in


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_pages_of_alerts(live_server: LiveServer, duty: Duty, width: int, scheme: str) -> None:
    out, practice = duty.out(accounts=[FORCE]), duty.out(exercise=True)
    faulty = duty.draft(words(headline=""), accounts=[FORCE])
    waiting = duty.draft()
    duty_pages = [reverse("alert", kwargs={"agency": "harbour", "pk": each.pk}) for each in (out, practice, faulty)]
    pages = [
        *duty_pages,
        "/a/harbour/alerts/",
        "/a/harbour/alerts/new/?template=flood&exercise=1",
        reverse("write_alert", kwargs={"agency": "harbour", "pk": waiting.pk}),
        "/p/harbour/",
        "/p/harbour/alerts/",
        f"/p/harbour/alerts/{out.identifier}/",
        f"/ar/p/harbour/alerts/{practice.identifier}/",
    ]
    value = signed_in(duty.kim).cookies["callbox"].value
    found: list[str] = []
    with chromium() as browser:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        context.add_cookies([{"name": "callbox", "value": value, "url": live_server.url}])
        for path in pages:
            page = context.new_page()
            said = _listen(page)
            page.goto(live_server.url + path)
            found += [
                f"{path}: {one['id']} {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]
            ]
            found += [f"{path}: {text}" for text in said if _bad(text)]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{path}: sticks out at {width} px")
            page.close()
        browser.close()
    assert found == []
