"""A passkey, from its first use to a look-alike page that wants it, with Chromium's virtual authenticator."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, CDPSession, Route
from pytest_django.live_server_helper import LiveServer

from callbox.governance.models import AuditEvent
from callbox.people.roles import Role
from tests.journeys.hands import Window, window
from tests.people import PASSWORD, make_cast, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
#: Asks the browser for a passkey as a page would; the answer is the name of the error, or "given".
ASK = """async rp => { try {
  await navigator.credentials.get({publicKey: {challenge: new Uint8Array(32), rpId: rp, timeout: 3000, userVerification: "required"}});
  return "given"; } catch (error) { return error.name; } }"""


def _authenticator(seen: Window) -> tuple[CDPSession, str]:
    """Give the window's device a finger reader; return the wire to it and its id."""
    wire = seen.page.context.new_cdp_session(seen.page)
    wire.send("WebAuthn.enable")
    made = wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return wire, made["authenticatorId"]


def _give_password(seen: Window, email: str) -> None:
    seen.open("/account/login/")
    seen.page.fill("input[name=login]", email)
    seen.page.fill("input[name=password]", PASSWORD)
    seen.press("Sign in")


def _sign_out(seen: Window) -> None:
    seen.open("/account/logout/")
    seen.page.locator("main").get_by_role("button", name="Sign out").click()
    seen.page.wait_for_url("**/account/login/**")


def _with_passkey(seen: Window, *, alone: bool) -> tuple[str, CDPSession, str]:
    """Sign in a newcomer who sets up a passkey; return their address, the wire to the authenticator and its id."""
    newcomer = person("Grace", make_cast().agency, Role.REVIEWER, second_factor=False)
    wire, device = _authenticator(seen)
    _give_password(seen, newcomer.email)
    seen.follow("Use a passkey")
    seen.look("add-passkey")
    seen.page.fill("input[name=name]", "Work phone")
    if alone:
        seen.page.check("input[name=passwordless]")
    seen.press("Add it")
    seen.page.wait_for_selector(".codes")
    return newcomer.email, wire, device


@pytest.mark.parametrize("width", [1280, 390])
def test_a_passkey_is_the_second_factor_or_both_at_once(machine: Browser, live_server: LiveServer, width: int) -> None:
    with window(machine, live_server, width=width) as seen:
        email, _wire, _device = _with_passkey(seen, alone=True)
        seen.look("codes")
        seen.follow("I have kept them: go to the desk")
        seen.page.wait_for_url("**/a/harbour/**")
        seen.open("/account/factors/webauthn/")
        seen.look("keys")
        assert "Work phone" in seen.text
        _sign_out(seen)
        _give_password(seen, email)
        seen.press("Use a passkey or security key")
        seen.page.wait_for_url("**/a/harbour/**")
        _sign_out(seen)
        seen.press("Use a passkey")
        seen.page.wait_for_url("**/a/harbour/**")
        seen.open("/a/harbour/people/")
        assert "Grace" in seen.text
        added = AuditEvent.objects.filter(action="factor.added").values_list("data", flat=True)
        assert {"kind": "webauthn_added", "address": "127.0.0.1"} in list(added)


def test_a_passkey_that_does_not_answer_is_said_on_the_page(machine: Browser, live_server: LiveServer) -> None:
    with window(machine, live_server) as seen:
        wire, device = _authenticator(seen)
        wire.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        seen.open("/account/login/")
        seen.press("Use a passkey")
        seen.page.wait_for_selector("#passkey-problem:not([hidden])")
        seen.look("no-passkey")
        assert "The passkey did not answer, so nothing was done." in seen.text


def test_a_look_alike_page_gets_no_answer_from_the_passkey(machine: Browser, live_server: LiveServer) -> None:
    with window(machine, live_server) as seen:
        _with_passkey(seen, alone=True)
        assert seen.page.evaluate(ASK, "localhost") == "given", "on its own address it answers"
        port = live_server.url.rpartition(":")[2]
        for other in (f"http://callbox-desk.localhost:{port}/", f"https://localhost.callbox-desk.example:{port}/"):
            seen.page.route(other, _bare)
            seen.page.goto(other)
            assert seen.page.evaluate(ASK, "localhost") == "SecurityError"
            assert seen.page.evaluate(ASK, other.split("/")[2].partition(":")[0]) == "NotAllowedError"


def _bare(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>Callbox</title>")


@pytest.mark.parametrize(
    ("origin", "opens"),
    [(None, True), ("https://callbox-desk.example", False), ("http://localhost.evil.example", False)],
)
def test_an_answer_signed_for_another_address_opens_nothing(
    machine: Browser, live_server: LiveServer, origin: str | None, opens: bool
) -> None:
    with window(machine, live_server) as seen:
        email, wire, device = _with_passkey(seen, alone=False)
        (credential,) = wire.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
        _sign_out(seen)
        _give_password(seen, email)
        options = json.loads(seen.page.locator("#js_data").text_content() or "")["request_options"]["publicKey"]
        answer = _signed(credential, options["challenge"], origin or live_server.url)
        with seen.page.expect_navigation():  # a refusal comes back to the same address
            seen.page.evaluate(
                "text => { const field = document.querySelector('#webauthn_form [name=credential]');"
                " field.value = text; field.form.submit(); }",
                json.dumps(answer),
            )
        seen.page.wait_for_url("**/a/harbour/**" if opens else "**/account/factors/authenticate/")
        seen.open("/a/harbour/people/")
        assert ("Grace" in seen.text) is opens


def _signed(credential: dict[str, Any], challenge: str, origin: str) -> dict[str, Any]:
    """Sign a challenge with a stolen passkey, as a page at `origin` would have it signed by a careless browser."""
    said = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()
    device = hashlib.sha256(b"localhost").digest() + bytes([0b101]) + (1000).to_bytes(4, "big")
    key = serialization.load_der_private_key(base64.b64decode(credential["privateKey"]), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    signature = key.sign(device + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
    name = _url64(base64.b64decode(credential["credentialId"]))
    response = {"clientDataJSON": _url64(said), "authenticatorData": _url64(device), "signature": _url64(signature)}
    return {"type": "public-key", "id": name, "rawId": name, "response": response, "clientExtensionResults": {}}


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
