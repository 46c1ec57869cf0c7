"""A message goes out: written by one, approved by another on a phone, sent, corrected, frozen; in a real browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from callbox.flows import publication
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import sending
from callbox.networks.paper.files import Files
from callbox.people.models import Agency
from callbox.people.roles import Role
from callbox.voice.models import Message
from tests.journeys.hands import Window, window
from tests.people import make_cast, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _read(account: str) -> list[str]:
    """What residents read on a paper account."""
    files = Files(Path(configured.DATA) / "paper", account)
    return [str(post.shown["text"]) for post in files.all() if not post.withdrawn]


def _send() -> None:
    sending.send_waiting()
    publication.settle_messages()


def _picture() -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(file, "PNG")
    return {"name": "pier.png", "mimeType": "image/png", "buffer": file.getvalue()}


def _connect(author: Window) -> None:
    author.open("/a/harbour/messages/")
    author.look("empty")
    author.page.locator("main").get_by_role("link", name="Connect an account").click()
    author.look("networks")
    author.follow("Paper")
    author.page.get_by_label("Name", exact=True).fill("harbour")
    author.look("connect")
    author.press("Connect")
    assert "harbour is connected." in author.text


def _write(author: Window) -> None:
    author.open("/a/harbour/messages/")
    author.page.locator("main").get_by_role("link", name="Write a message").first.click()
    author.page.get_by_label("Words", exact=True).fill("The east pier is closed until six.")
    author.page.get_by_label("harbour").first.check()
    if author.script:
        author.page.locator("#preview").get_by_text("34 of 500 characters").wait_for()
    else:
        author.press("Show preview")
        assert "34 of 500 characters" in author.text
    author.page.get_by_label("Add images").set_input_files(_picture())  # type: ignore[arg-type]
    author.look("write")
    author.press("Save and ask for approval")
    assert "saved but not submitted" in author.text  # the image is not described yet
    author.page.get_by_label("What does it show?").fill("The east pier with a barrier across it.")
    author.press("Save and ask for approval")
    assert "waiting for a second person" in author.text
    author.look("submitted")


def _approve(approver: Window) -> None:
    approver.open("/a/harbour/messages/")
    approver.look("to-approve")
    approver.page.locator(".card-link a").first.click()
    approver.look("approve")
    approver.press("Approve")
    assert "exactly as you saw it" in approver.text


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_message_goes_out_and_is_corrected(machine: Browser, live_server: LiveServer, *, script: bool) -> None:
    cast = make_cast()
    wendy = person("Wendy", cast.agency, Role.PRESS_OFFICER)
    abe = person("Abe", cast.agency, Role.APPROVER)
    with (
        window(machine, live_server, who=wendy, script=script) as author,
        window(machine, live_server, who=abe, script=script, width=390) as approver,
    ):
        _connect(author)
        _write(author)
        _approve(approver)
        assert _read("harbour") == []
        _send()
        assert _read("harbour") == ["The east pier is closed until six."]

        author.open(f"/a/harbour/messages/{Message.objects.get().pk}/")
        author.look("out")
        author.follow("Correct it")
        author.page.get_by_label("Words", exact=True).fill("The east pier is closed until eight.")
        author.look("correct")
        author.press("Save and ask for approval")
        _approve(approver)
        _send()
        (now,) = _read("harbour")
        assert "until eight" in now
        for page in ("calendar/", "calendar/?view=week", "accounts/connected/"):
            author.open(f"/a/harbour/{page}")
            author.look("calendar")


def test_one_freeze_stops_everything_from_any_page(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    olu = person("Olu", cast.agency, Role.OFFICER)
    abe = person("Abe", cast.agency, Role.APPROVER)
    _paper(cast.agency)
    with (
        window(machine, live_server, who=olu, script=False, width=390) as officer,
        window(machine, live_server, who=abe) as approver,
    ):
        officer.open("/a/harbour/people/")
        officer.page.locator(".stop summary").click()
        officer.page.get_by_label("Why does everything stop?").fill("A colleague was killed this morning")
        officer.look("freeze-open")
        officer.press("Stop everything now")
        officer.look("frozen")

        officer.open("/a/harbour/messages/new/")
        officer.page.get_by_label("Words", exact=True).fill("Come to the summer fair!")
        officer.page.get_by_label("harbour").first.check()
        officer.press("Save and ask for approval")
        approver.open("/a/harbour/messages/")
        assert "A colleague was killed this morning" in approver.text
        _approve(approver)
        _send()
        assert _read("harbour") == []

        approver.press("Lift the freeze")
        approver.look("lifted")
        _send()
        assert _read("harbour") == []
        approver.press("Drop it")
        approver.look("dropped")
        _send()
        assert _read("harbour") == []


def _paper(agency: Agency) -> None:
    keeper = person("Keeper", agency, Role.PRESS_OFFICER)
    Connection.objects.create(
        agency=agency, account="paper:harbour", details={"handle": "harbour"}, by=keeper, at=timezone.now()
    )
