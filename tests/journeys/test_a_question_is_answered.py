"""A resident asks on the public page without account or script (T-16); an officer answers from the inbox; the resident asks again."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from callbox.people.roles import Role
from callbox.trust.models import Conversation
from tests.journeys.hands import Window, window
from tests.people import make_cast, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
QUESTION = "How long does a lost passport stay at the front desk?"
ANSWER = "Three months, then it goes to the town hall."


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_question_is_claimed_answered_and_asked_again(
    machine: Browser, live_server: LiveServer, *, script: bool
) -> None:
    cast = make_cast()
    luis = person("Luis", cast.agency, Role.OFFICER)
    with ExitStack() as stack:
        officer = stack.enter_context(window(machine, live_server, who=luis, script=script))
        resident = stack.enter_context(window(machine, live_server, width=390, script=script))
        page = _ask(resident)
        _answer(officer)
        resident.open(page)
        resident.look("answered")
        assert ANSWER in resident.text
        _ask_again(resident)
        officer.open("/a/harbour/inbox/")
        assert Conversation.objects.get().state in {"new", "claimed"}
        officer.page.locator("main th a").first.click()
        officer.look("asked-again")
        assert "And after that?" in officer.text
        assert resident.page.context.cookies(live_server.url) == [], "a resident carries nothing away"


def _ask(seen: Window) -> str:
    seen.open("/p/harbour/")
    seen.look("front")
    seen.open("/p/harbour/ask/")
    seen.look("ask")
    seen.page.locator("textarea[name=text]").fill(QUESTION)
    seen.page.locator("main form .btn-primary").click()
    seen.look("asked")
    assert QUESTION in seen.text
    return seen.path


def _answer(seen: Window) -> None:
    seen.open("/a/harbour/inbox/")
    seen.look("inbox")
    seen.page.locator("main th a").first.click()
    seen.look("conversation")
    seen.press("Claim it")
    seen.look("claimed")
    seen.page.locator("textarea[name=text]").first.fill(ANSWER)
    seen.page.locator("form[action$='/answer/'] .btn-primary").click()
    seen.look("sent")
    assert ANSWER in seen.text


def _ask_again(seen: Window) -> None:
    seen.page.locator("textarea[name=text]").fill("And after that?")
    seen.page.locator("main form .btn-primary").last.click()
    seen.look("asked-again")
    assert "And after that?" in seen.text
