"""What each answer of a server means: not sent, unclear, signed out, or later. Nothing is ever asked a second time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from callbox.networks.contract import NetworkError, NotSentError, Place, SignInError, UnclearError
from callbox.networks.mastodon import session as sessions
from callbox.networks.mastodon.client import LATER, LONGEST, base, wait
from callbox.networks.mastodon.network import Mastodon
from callbox.networks.mastodon.session import MastodonSession, _names
from callbox.networks.vocabulary import Media, Rendition
from tests.core.loopback import Answer, Loopback, answers_half, hangs_up, loopback, resets, says

RENDITION = Rendition("mastodon:harbour@social.example", "Harbour Street is closed.")
DATA = b"picture"
PICTURE = Media(hashlib.sha256(DATA).hexdigest(), "image", "image/png", len(DATA), "A closed road")
STATUS = {
    "id": "7",
    "url": "https://social.example/@harbour/7",
    "created_at": "2026-03-01T12:00:00.000Z",
    "content": "<p>Harbour Street is closed.</p>",
}
KEY = "a" * 32

type Opened = Callable[[Answer], tuple[MastodonSession, Loopback]]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """A session of a server that answers as told."""
    with ExitStack() as stack:

        def of(answer: Answer) -> tuple[MastodonSession, Loopback]:
            server = stack.enter_context(loopback(answer))
            place = Place(Path(), frozenset({server.name}))
            session = Mastodon().open({"server": f"http://{server.name}"}, {"token": "secret-token"}, place)
            stack.callback(session.close)
            return session, server

        yield of


def _publish(session: MastodonSession, rendition: Rendition = RENDITION) -> None:
    session.publish(rendition, key=KEY, media=lambda _: DATA)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "answer",
    [
        hangs_up, resets, answers_half, says("500 Error"), says("502 Bad Gateway", b"<html>"), says("503 Busy", _json({"error": "busy"})),
        says("504 Late"), says("200 OK"), says("200 OK", b"{}"), says("200 OK", b"<html>"), says("200 OK", b"[]"), says("200 OK", b"null"),
        says("200 OK", b'{"id": "7'), says("200 OK", b'"7"'), says("408 Slow"), says("200 OK", _json({"id": None})),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_sure_leaves_it_unclear(opened: Opened, answer: Answer) -> None:
    """T-23."""
    session, server = opened(answer)
    with pytest.raises(UnclearError):
        _publish(session)
    assert len(server.heard) == 1, "a call is never repeated"


@pytest.mark.parametrize(
    "status", ["400 Bad", "404 None", "410 Gone", "413 Large", "422 Invalid", "301 Moved", "302 Found"]
)
def test_what_the_server_refuses_is_refused(opened: Opened, status: str) -> None:
    session, server = opened(says(status, _json({"error": "Validation failed"}), "Location: http://127.0.0.1:1/"))
    with pytest.raises(NotSentError) as error:
        _publish(session)
    assert error.value.after is None
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_token_that_is_refused_is_a_matter_of_signing_in(opened: Opened, status: str) -> None:
    session, _ = opened(says(status, _json({"error": "The access token is invalid"})))
    with pytest.raises(SignInError) as error:
        _publish(session)
    assert "The access token is invalid" in error.value.said
    assert "secret-token" not in error.value.said


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Retry-After: 30"], 30),
        (["X-RateLimit-Reset: soon"], LATER),
        (["Retry-After: -5"], LATER),
        (["Retry-After: 1000000000"], LONGEST),
        (["Retry-After: nan"], LATER),
        ([], LATER),
    ],
)
def test_too_many_calls_wait_as_long_as_the_server_asks_and_nonsense_is_survived(
    opened: Opened, headers: list[str], seconds: float
) -> None:
    """T-22."""
    session, server = opened(says("429 Too Many", b"{}", *headers))
    with pytest.raises(NotSentError) as error:
        _publish(session)
    assert error.value.after == seconds
    assert len(server.heard) == 1


def test_the_hour_of_a_limit_is_read_by_the_servers_own_clock() -> None:
    now = datetime.now(UTC)
    reset = {"X-RateLimit-Reset": (now + timedelta(seconds=400)).isoformat()}
    assert 398 < wait(reset) <= 400
    assert 98 < wait(reset, skew=300) <= 100
    assert 398 < wait({"Retry-After": format_datetime(now + timedelta(seconds=400))}) <= 401
    assert wait({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}) == LATER
    assert wait({"X-RateLimit-Reset": str(now.timestamp() + 50)}) == pytest.approx(50, abs=2)


def test_nonsense_about_limits_in_a_good_answer_changes_nothing(opened: Opened) -> None:
    session, _ = opened(says("200 OK", _json(STATUS), "X-RateLimit-Reset: soon", "Deprecation: true"))
    receipt = session.publish(RENDITION, key=KEY, media=lambda _: DATA)
    assert (receipt.remote_id, receipt.url) == ("7", "https://social.example/@harbour/7")
    assert receipt.at == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_sent_carries_the_key_and_the_language_and_no_mark_of_sensitivity(opened: Opened) -> None:
    session, server = opened(says("200 OK", _json(STATUS)))
    _publish(session)
    request = server.heard[0].decode()
    assert f"idempotency-key: {KEY}" in request.lower()
    assert "Authorization: Bearer secret-token" in request
    assert "language=en" in request
    assert "visibility=public" in request
    assert "sensitive" not in request


def test_a_picture_that_fails_leaves_nothing_behind(opened: Opened) -> None:
    """The upload comes before the call that publishes, so even a line that breaks then is no doubt."""
    for answer in (hangs_up, says("500 Error"), says("200 OK", b"<html>")):
        session, server = opened(answer)
        with pytest.raises(NotSentError) as error:
            _publish(session, Rendition(RENDITION.account, RENDITION.text, media=(PICTURE,)))
        assert error.value.after == LATER
        assert [b"/media" in request.split(b"\r\n")[0] for request in server.heard] == [True]
    session, _ = opened(says("422 Invalid", _json({"error": "File type not allowed"})))
    with pytest.raises(NotSentError, match="File type not allowed") as refused:
        _publish(session, Rendition(RENDITION.account, RENDITION.text, media=(PICTURE,)))
    assert refused.value.after is None


def test_reading_never_claims_that_nothing_was_sent(opened: Opened) -> None:
    for answer in (hangs_up, says("500 Error"), says("200 OK", b"[1, 2]"), says("200 OK", b"<html>")):
        session, _ = opened(answer)
        for ask in (session.identity, lambda s=session: s.collect(""), lambda s=session: s.exists("7")):
            with pytest.raises(NetworkError) as error:
                ask()
            assert not isinstance(error.value, NotSentError)


def test_a_server_without_delete_is_not_believed_when_it_still_shows_the_post(opened: Opened) -> None:
    """T-29: no claim of "deleted" that is false."""

    def knows_no_delete(line: object, request: bytes) -> None:
        answer = (
            says("404 Not Found", b"<h1>404</h1>") if request.startswith(b"DELETE") else says("200 OK", _json(STATUS))
        )
        answer(line, request)  # type: ignore[arg-type]

    session, _ = opened(knows_no_delete)
    with pytest.raises(NotSentError, match="does not let posts be taken back"):
        session.withdraw("7")
    session, _ = opened(says("404 Not Found", b"{}"))
    session.withdraw("7")
    assert not session.exists("7")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("social.example", "https://social.example"),
        (" https://social.example/@harbour ", "https://social.example"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
    ],
)
def test_a_server_is_understood_as_people_type_it(typed: str, address: str) -> None:
    assert base(typed) == address


def test_a_token_is_never_taken_for_the_name_of_a_file(opened: Opened, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("content of the file")
    with loopback(says("200 OK", _json(STATUS))) as server:
        place = Place(tmp_path, frozenset({server.name}))
        session = Mastodon().open({"server": f"http://{server.name}"}, {"token": str(file)}, place)
        _publish(session)
        assert b"content of the file" not in server.heard[0]
        session.close()


def test_a_lost_post_is_found_behind_pages_shorter_than_asked_for(opened: Opened) -> None:
    """Servers have bounds of their own for a page, and leave out what was deleted."""
    account = {"id": "1", "username": "harbour", "acct": "harbour"}
    rows: list[dict[str, Any]] = [{**STATUS, "id": str(number), "account": account, "reblog": None, "in_reply_to_id": None, "mentions": [],
             "media_attachments": [], "content": f"<p>Post {number}</p>"} for number in range(50, 0, -1)]  # fmt: skip

    def pages(line: object, request: bytes) -> None:
        first = request.split(b"\r\n")[0].decode()
        before = int((re.findall(r"max_id=(\d+)", first) or ["99"])[0])
        page = [row for row in rows if int(row["id"]) < before][:10]
        says("200 OK", _json(page if "/statuses" in first else account))(line, request)  # type: ignore[arg-type]

    session, _ = opened(pages)
    since = datetime(2026, 3, 1, tzinfo=UTC)
    for number in (50, 25, 11):
        found = session.find(Rendition(RENDITION.account, f"Post {number}"), key=KEY, since=since)
        assert found is not None
        assert found.remote_id == str(number)
    assert session.find(Rendition(RENDITION.account, "Post 0"), key=KEY, since=since) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@anna it is open", True), ("See, @Anna.", True), ("(@anna)", True), ("@anna-", True),
        ("@annabel it is open", False), ("@anna@elsewhere.example", False), ("@anna.b hello", False), ("x@anna", False), ("anna", False),
    ],
)  # fmt: skip
def test_a_name_counts_as_said_only_when_it_is_the_whole_name(text: str, *, named: bool) -> None:
    assert _names(text, "anna") is named


def test_all_files_of_a_message_share_one_span_of_time(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "PREPARE_SECONDS", 0.0)
    session, server = opened(says("200 OK", _json({"id": "3", "url": "https://social.example/3"})))
    with pytest.raises(NotSentError, match="too long") as late:
        _publish(session, Rendition(RENDITION.account, RENDITION.text, media=(PICTURE,)))
    assert late.value.after == LATER
    assert server.heard == []
