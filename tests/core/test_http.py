"""The only way out: to public addresses, within a time and a size, and clear about what may have happened."""

from __future__ import annotations

import gzip
import ipaddress
import socket
from typing import Any

import httpx
import pytest
import requests

from callbox.core import address, http
from callbox.core.address import AddressRefusedError, address_of, is_public
from callbox.core.http import BrokenOffError, NotReachedError, TooMuchError, never_reached
from callbox.core.http_requests import GuardedSession
from tests.core.loopback import (
    Answer,
    answers_endlessly,
    answers_half,
    drips,
    hangs_up,
    loopback,
    resets,
    says,
)

pytestmark = pytest.mark.filterwarnings("error")

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
]  # fmt: skip
#: The same machine, written in ways that people and resolvers understand.
DISGUISED = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.1.", "0"]


@pytest.mark.parametrize("text", PRIVATE)
def test_a_private_address_is_not_public(text: str) -> None:
    """T-38."""
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_a_public_address_is(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("host", [*PRIVATE, *DISGUISED])
def test_no_connection_to_a_private_address_is_made(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-38: nothing is even tried."""
    tried: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *given: tried.append(given))
    url = f"http://[{host}]:80/" if ":" in host and "[" not in host else f"http://{host}:80/"
    with http.client() as client, pytest.raises((NotReachedError, httpx.InvalidURL)) as error:
        client.get(url)
    assert tried == []
    assert never_reached(error.value)


def test_a_named_private_host_may_be_spoken_to_on_its_own_port_alone() -> None:
    with loopback(says("200 OK", b"hello")) as server, http.client(private=[server.name]) as client:
        assert client.get(server.url).text == "hello"
        with pytest.raises(NotReachedError):
            client.get(f"http://127.0.0.1:{server.port + 1}/")
        with pytest.raises(NotReachedError):
            client.get(f"http://localhost:{server.port}/")


def _answers(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """Let names resolve to these addresses, one list a question; return the names asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        found = rounds[min(len(asked), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_asked_for_once_and_the_address_judged_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T-39: a name that turns private after it was judged gains nothing."""
    asked = _answers(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    went: list[object] = []

    def create_connection(place: tuple[str, int], *_: object, **__: object) -> socket.socket:
        went.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with http.client() as client, pytest.raises(NotReachedError):
        client.get("http://rebinding.example/")
    assert asked == ["rebinding.example"]
    assert went == [("93.184.216.34", 80)]


def test_among_mixed_addresses_the_public_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-39."""
    _answers(monkeypatch, ["10.0.0.1", "93.184.216.34"])
    assert address_of("mixed.example", 443) == "93.184.216.34"
    _answers(monkeypatch, ["10.0.0.1", "127.0.0.1"])
    with pytest.raises(AddressRefusedError):
        address_of("private.example", 443)


def test_the_name_stays_in_the_host_header(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(says("200 OK", b"hello")) as server:
        _answers(monkeypatch, ["127.0.0.1"])
        name = f"social.example:{server.port}"
        with http.client(private=[name]) as client:
            assert client.get(f"http://{name}/").text == "hello"
    assert f"Host: {name}".encode() in server.heard[0]


def test_a_redirect_is_shown_and_not_followed() -> None:
    """T-39: into the house least of all."""
    with loopback(says("200 OK", b"secret")) as inner:
        with loopback(says("302 Found", b"", f"Location: {inner.url}")) as server:
            with http.client(private=[server.name, inner.name]) as client:
                assert client.get(server.url).status_code == 302
            with GuardedSession(private=[server.name, inner.name]) as session:
                assert session.get(server.url).status_code == 302
        assert inner.heard == []


def test_nothing_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(says("200 OK", b"proxy")) as proxy, loopback(says("200 OK", b"server")) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("all_proxy", proxy.url)
        with http.client(private=[server.name]) as client, GuardedSession(private=[server.name]) as session:
            assert client.get(server.url).text == session.get(server.url).text == "server"
    assert proxy.heard == []


@pytest.mark.parametrize("answer", [hangs_up, resets, answers_half, answers_endlessly, drips])
def test_what_breaks_after_the_request_began_is_unclear(answer: Answer) -> None:
    """T-23, T-40: reset, hung up, half an answer, an endless one, one byte at a time."""
    with loopback(answer) as server:
        limits = {"limit": 1_000_000, "total": 1.0}
        with (
            http.client(private=[server.name], **limits) as client,  # type: ignore[arg-type]
            pytest.raises(BrokenOffError) as broken,
        ):
            client.post(server.url, json={"status": "hello"})
        assert not never_reached(broken.value)
        with (
            GuardedSession(private=[server.name], **limits) as session,  # type: ignore[arg-type]
            pytest.raises(requests.ConnectionError) as wrapped,
        ):
            session.post(server.url, data={"status": "hello"})
        assert not never_reached(wrapped.value)
    assert len(server.heard) == 2  # nothing was repeated


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def test_what_was_never_reached_is_surely_not_sent_whatever_a_library_wraps_around_it() -> None:
    port = _closed_port()
    with GuardedSession(private=[f"127.0.0.1:{port}"]) as session, pytest.raises(requests.ConnectionError) as error:
        session.post(f"http://127.0.0.1:{port}/", data={"status": "hello"})
    assert never_reached(error.value)
    wrapped = RuntimeError("could not complete the request")
    wrapped.__context__ = error.value  # as a library leaves it that raises its own error while it handles this one
    assert never_reached(wrapped)
    assert not never_reached(RuntimeError("who knows"))


def test_a_packed_answer_is_not_unpacked() -> None:
    """T-40: a small answer that becomes a large one."""
    bomb = gzip.compress(b"0" * 10_000_000)
    with (
        loopback(says("200 OK", bomb, "Content-Encoding: gzip")) as server,
        http.client(private=[server.name]) as client,
        pytest.raises(TooMuchError),
    ):
        client.get(server.url)
    assert b"accept-encoding: identity" in server.heard[0].lower()


def test_requests_sends_forms_files_and_tokens_through_the_guard() -> None:
    json = says("200 OK", b'{"id": "7"}', "Content-Type: application/json")
    with loopback(json) as server, GuardedSession(private=[server.name]) as session:
        answer = session.post(
            server.url,
            data={"status": "hällo"},
            files={"file": ("a.png", b"\x89PNG", "image/png")},
            headers={"Authorization": "Bearer x", "Idempotency-Key": "k"},
        )
    assert answer.json() == {"id": "7"}
    assert (answer.status_code, answer.ok, answer.url) == (200, True, server.url)
    heard = server.heard[0]
    for part in ("hällo".encode(), b"\x89PNG", b"Idempotency-Key: k", b"Authorization: Bearer x"):
        assert part in heard


def test_a_socket_of_another_protocol_keeps_the_same_rule() -> None:
    with loopback(hangs_up) as server:
        with pytest.raises(AddressRefusedError):
            address.connect(server.host, server.port, seconds=1)
        with address.connect(server.host, server.port, private=[server.name], seconds=1) as line:
            assert line.getpeername()[1] == server.port


def test_a_client_does_not_speak_other_protocols() -> None:
    with http.client() as client:
        for url in ("ftp://example.org/", "file:///etc/passwd", "gopher://example.org/"):
            with pytest.raises(httpx.TransportError) as error:
                client.get(url)
            assert never_reached(error.value)
