"""A flood of forms is told to wait before it touches anything; what was typed is given back, and nobody is counted."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from pyrage import x25519

from callbox.portal.load import BURST, Bucket, Gate
from callbox.trust.models import Conversation
from callbox.trust.tips.models import Tip
from tests.people import Cast
from tests.trust.tips import keys


class Clock:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_so_many_at_once_and_then_so_many_a_second() -> None:
    clock = Clock()
    bucket = Bucket(2, clock=clock)
    assert [bucket.take() for _ in range(2 * BURST + 1)] == [True] * 2 * BURST + [False]
    clock.now += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    clock.now += 3600  # it never holds more than a burst
    assert [bucket.take() for _ in range(2 * BURST + 1)].count(True) == 2 * BURST


def test_a_gate_lets_so_many_in_at_once_and_gives_the_place_back() -> None:
    gate = Gate(at_once=1, rate=10, clock=Clock())
    with gate.passing("/p/harbour/ask/") as first, gate.passing("/p/harbour/ask/") as second:
        assert (first, second) == (True, False)
    with pytest.raises(ZeroDivisionError), gate.passing("/p/harbour/ask/"):
        raise ZeroDivisionError
    with gate.passing("/p/harbour/ask/") as later:
        assert later


def test_a_flood_writes_one_line_a_minute_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    gate = Gate(at_once=1, rate=1, clock=clock)
    for _ in range(50):
        _passes(gate, "/p/harbour/ask/")
    assert len(caplog.records) == 1
    clock.now += 61
    for _ in range(50):
        _passes(gate, "/p/harbour/ask/")
    assert len(caplog.records) == 2


def test_no_other_form_uses_up_the_measure_of_tips() -> None:
    gate = Gate(at_once=1, rate=1, clock=Clock())
    asked = [_passes(gate, "/es/p/harbour/ask/") for _ in range(BURST + 1)]
    assert asked[-1] is False
    assert _passes(gate, "/es/p/harbour/tip/")
    assert _passes(gate, "/p/harbour/tip/again/")


def _passes(gate: Gate, path: str) -> bool:
    with gate.passing(path) as free:
        return free


@contextmanager
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no form in for a while."""
    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "take", lambda _self: False)
        yield


def sent_again(page: str) -> dict[str, str]:
    """Return what the form of a page would send."""
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    texts = re.findall(r'<textarea name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in hidden + texts}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/ar"])
def test_what_was_typed_stands_on_the_page_and_is_sent_by_a_second_press(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    keys.in_use(cast.agency, x25519.Identity.generate().to_public(), by=cast.bob)
    typed = {"text": '\nThe <blue> van & "more"\nsecond line', "place": "Mill 'Lane'", "about": "theft"}
    client = Client()
    with closed(monkeypatch):
        answer = client.post(f"{language}/p/harbour/tip/", typed)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert not answer.cookies
    assert not Tip.objects.exists()
    page = answer.content.decode()
    assert f'action="{language}/p/harbour/tip/"' in page
    assert sent_again(page) == typed
    assert client.post(f"{language}/p/harbour/tip/", sent_again(page)).status_code == 200
    assert Tip.objects.count() == 1


@pytest.mark.django_db
def test_every_area_that_was_chosen_stands_on_the_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with closed(monkeypatch):
        answer = Client().post("/p/harbour/subscribe/", {"address": "mia@home.example", "beats": ["north", "south"]})
    beats = re.findall(r'name="beats" value="(\w+)"', answer.content.decode())
    assert beats == ["north", "south"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\n\xff"),
        ("application/x-www-form-urlencoded", b"a=1&" * 3000),
    ],
)
def test_what_cannot_be_read_is_told_to_wait_or_refused_and_kept_by_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str, data: bytes
) -> None:
    with closed(monkeypatch):
        answer = Client(raise_request_exception=False).post("/p/harbour/tip/", data, content_type=kind)
    assert answer.status_code in {400, 503}
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.django_db
def test_reading_goes_on_while_no_form_is_taken(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with closed(monkeypatch):
        assert Client().get("/p/harbour/").status_code == 200
        assert Client().post("/p/harbour/ask/", {"text": "When?"}).status_code == 503
        assert Client().post("/p/harbour/ask/", b"\x00" * 10, content_type="text/plain").status_code == 503
    assert not Conversation.objects.exists()
    assert "django.request" not in {record.name for record in caplog.records}
