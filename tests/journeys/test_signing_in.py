"""From the invitation to the second factor and back out, as a person would do it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from callbox.governance import members
from callbox.people.models import Agency
from callbox.people.roles import Role
from tests.journeys.hands import Window, code, window
from tests.people import PASSWORD, TOTP_SECRET, make_cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SENTENCE = "an uncommon sentence"
GRACE = "grace@harbour.example"


def _later(minutes: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=True)


def _invited(seen: Window) -> None:
    cast = make_cast()
    _row, secret = members.invite(agency=cast.agency, email=GRACE, name="Grace", role=Role.REVIEWER, by=cast.erin)
    seen.open(f"/welcome/{secret}/")
    seen.look("welcome")
    seen.page.fill("input[name=password]", SENTENCE)
    seen.press("Accept")


def _give_password(seen: Window, email: str = GRACE, password: str = SENTENCE) -> None:
    seen.page.fill("input[name=login]", email)
    seen.page.fill("input[name=password]", password)
    seen.press("Sign in")


def _set_up_app(seen: Window) -> tuple[str, list[str]]:
    """Set up the authenticator app; return its key and the recovery codes."""
    seen.follow("Use an authenticator app")
    seen.look("app")
    secret = seen.page.locator(".secret").inner_text().strip()
    seen.page.fill("input[name=code]", "000000")
    seen.press("Finish")
    seen.look("app-wrong")
    assert "This code does not open the desk" in seen.text
    assert seen.page.locator(".secret").inner_text().strip() == secret, "a wrong code must not make a new key"
    seen.page.fill("input[name=code]", code(secret))
    seen.press("Finish")
    seen.look("recovery")
    return secret, seen.page.locator(".codes li").all_inner_texts()


def _sign_out(seen: Window) -> None:
    seen.open("/account/logout/")
    seen.page.locator("main").get_by_role("button", name="Sign out").click()


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, False)])
def test_an_invited_person_sets_up_a_second_factor_and_signs_in_with_it(
    machine: Browser, live_server: LiveServer, width: int, script: bool
) -> None:
    with window(machine, live_server, width=width, script=script) as seen:
        _invited(seen)
        seen.look("first-sign-in")
        _give_password(seen)
        seen.look("one-more-lock")
        seen.open("/a/harbour/evidence/")
        assert "/account/second-factor/" in seen.page.url, "nothing opens before the second factor"
        secret, _codes = _set_up_app(seen)
        seen.open("/a/harbour/people/")
        assert "Grace" in seen.text
        _sign_out(seen)
        with _later(1):
            _give_password(seen)
            seen.look("second-factor")
            seen.open("/a/harbour/people/")
            assert "/account/factors/authenticate/" in seen.page.url, "the password alone opens nothing"
            shown = code(secret)
            seen.page.fill("input[name=code]", shown)
            seen.press("Sign in")
            seen.open("/a/harbour/people/")
            assert "Grace" in seen.text
            _sign_out(seen)
            _give_password(seen)
            seen.page.fill("input[name=code]", shown)
            seen.press("Sign in")
            assert "This code does not open the desk" in seen.text, "a code that was used is refused"
            seen.look("code-refused")


def test_a_recovery_code_opens_the_desk_once(machine: Browser, live_server: LiveServer) -> None:
    with window(machine, live_server, width=390) as seen:
        _invited(seen)
        _give_password(seen)
        _secret, codes = _set_up_app(seen)
        assert len(codes) == 10
        seen.open("/account/factors/")
        seen.look("factors")
        _sign_out(seen)
        _give_password(seen)
        seen.page.fill("input[name=code]", codes[0])
        seen.press("Sign in")
        seen.open("/account/factors/")
        assert "9 unused codes are left" in seen.text
        _sign_out(seen)
        _give_password(seen)
        seen.page.fill("input[name=code]", codes[0])
        seen.press("Sign in")
        seen.look("recovery-refused")
        assert "/account/factors/authenticate/" in seen.page.url


def test_a_form_sent_into_the_idle_lock_is_kept(machine: Browser, live_server: LiveServer) -> None:
    cast = make_cast()
    with window(machine, live_server) as seen:
        seen.open("/account/login/")
        _give_password(seen, cast.erin.email, PASSWORD)
        seen.page.fill("input[name=code]", code(TOTP_SECRET))
        seen.press("Sign in")
        seen.open("/a/harbour/settings/")
        seen.page.fill("input[name=name]", "Harbour and Hills Police")
        with _later(45):
            seen.page.locator("main form button").first.click()
            assert "/account/confirm/" in seen.page.url
            seen.look("locked")
            assert Agency.objects.get(slug="harbour").name == "Harbour City Police"
            seen.page.fill("input[name=password]", PASSWORD)
            seen.page.locator(".sheet button").first.click()
            seen.look("unlocked")
            assert Agency.objects.get(slug="harbour").name == "Harbour and Hills Police"
            assert "/a/harbour/settings/" in seen.page.url
