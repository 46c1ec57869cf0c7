"""A session against a server that fails in every way: nothing is published twice, and nothing is said that is not known."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from callbox.networks.bluesky import line, rendering, tokens
from callbox.networks.bluesky.network import Bluesky
from callbox.networks.bluesky.session import BlueskySession
from callbox.networks.contract import NotSentError, Place, SignInError, UnclearError
from callbox.networks.vocabulary import Content, Media, Rendition
from tests.core.loopback import Answer, answers_half, hangs_up, resets, says
from tests.networks.bluesky.fake import DID, HANDLE, FakeServer

SIGN_IN = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"
CREATE = "com.atproto.repo.createRecord"
GET = "com.atproto.repo.getRecord"
UPLOAD = "com.atproto.repo.uploadBlob"
DELETE = "com.atproto.repo.deleteRecord"
ACCOUNT = f"bluesky:{HANDLE}"

type Opener = Callable[..., BlueskySession]


def _words(text: str = "Harbour Street is closed until noon.", **more: object) -> Rendition:
    return rendering.render(Content(text=text, **more), account=ACCOUNT).rendition  # type: ignore[arg-type]


def _bytes(sha256: str) -> bytes:
    return b"picture"


def _refuses(status: str, name: str, *headers: str) -> Answer:
    return says(
        status,
        json.dumps({"error": name, "message": f"said {name}"}).encode(),
        "Content-Type: application/json",
        *headers,
    )


def _publish(session: BlueskySession, key: str, rendition: Rendition | None = None) -> str:
    return session.publish(rendition or _words(), key=key, media=_bytes).remote_id


STORED_BUT = {
    "reset": resets,
    "hung up": hangs_up,
    "cut short": answers_half,
    "empty": says("200 OK"),
    "no JSON": says("200 OK", b"<html>", "Content-Type: text/html"),
    "half a JSON": says("200 OK", b'{"uri": "at://', "Content-Type: application/json"),
    "another JSON": says("200 OK", b"[1, 2]", "Content-Type: application/json"),
    "a JSON without what matters": says("200 OK", b"{}", "Content-Type: application/json"),
}


@pytest.mark.parametrize("answer", STORED_BUT.values(), ids=STORED_BUT)
def test_what_was_stored_although_it_failed_is_unclear_then_found_and_never_doubled(
    answer: Answer, server: FakeServer, session: BlueskySession
) -> None:
    """T-23."""
    server.after[CREATE], key, since = answer, uuid.uuid4().hex, datetime.now(UTC)
    with pytest.raises(UnclearError):
        _publish(session, key)
    assert server.asked.count(CREATE) == 1, "a call is never repeated by itself"
    found = session.find(_words(), key=key, since=since)
    assert found is not None
    del server.after[CREATE]
    assert _publish(session, key) == found.remote_id
    assert len(server.posts) == 1


@pytest.mark.parametrize("answer", STORED_BUT.values(), ids=STORED_BUT)
def test_what_was_not_stored_is_unclear_and_looking_shows_that_it_is_not_there(
    answer: Answer, server: FakeServer, session: BlueskySession
) -> None:
    """T-23."""
    server.instead[CREATE], key = answer, uuid.uuid4().hex
    with pytest.raises(UnclearError):
        _publish(session, key)
    assert session.find(_words(), key=key, since=datetime.now(UTC)) is None


def test_an_error_after_storing_is_settled_by_looking_at_once(server: FakeServer, session: BlueskySession) -> None:
    server.after[CREATE] = _refuses("500 Internal Server Error", "InternalServerError")
    assert server.posts == []
    uri = _publish(session, uuid.uuid4().hex)
    assert [uri] == list(server.records)


@pytest.mark.parametrize(
    "status",
    ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "408 Request Timeout"],
)
def test_an_error_of_the_server_without_a_post_stays_unclear(
    status: str, server: FakeServer, session: BlueskySession
) -> None:
    server.instead[CREATE] = _refuses(status, "InternalServerError")
    with pytest.raises(UnclearError, match="said InternalServerError"):
        _publish(session, uuid.uuid4().hex)


def test_an_error_stays_unclear_when_looking_fails_too(server: FakeServer, session: BlueskySession) -> None:
    server.after[CREATE] = server.instead[GET] = _refuses("502 Bad Gateway", "UpstreamFailure")
    with pytest.raises(UnclearError):
        _publish(session, uuid.uuid4().hex)


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "413 Payload Too Large", "302 Found"])
def test_a_refusal_is_final(status: str, server: FakeServer, session: BlueskySession) -> None:
    server.instead[CREATE] = _refuses(status, "InvalidRequest", "Location: http://127.0.0.1:1/")
    with pytest.raises(NotSentError) as error:
        _publish(session, uuid.uuid4().hex)
    assert (error.value.after, error.value.said) == (None, "said InvalidRequest")
    assert not isinstance(error.value, SignInError)


#: Moments are written by name, so that they are taken when the test runs.
LIMITS = {
    "Retry-After: 7": (7, 7),
    "Retry-After: 100000000000": (line.LONGEST, line.LONGEST),
    "Retry-After: -5": (line.LIMITED, line.LIMITED),
    "Retry-After: soon": (line.LIMITED, line.LIMITED),
    "Retry-After: nan": (line.LIMITED, line.LIMITED),
    "Retry-After: {two days ago}": (line.LIMITED, line.LIMITED),
    "Retry-After: {in an hour}": (3300, 3600),
    "ratelimit-reset: {in ten minutes}": (300, 600),
    "ratelimit-reset: 99999999999999999999": (line.LONGEST, line.LONGEST),
    "ratelimit-reset: 5": (line.LIMITED, line.LIMITED),
    "ratelimit-reset: soon": (line.LIMITED, line.LIMITED),
    "x-nothing: 1": (line.LIMITED, line.LIMITED),
}


def _moments(header: str) -> str:
    now = datetime.now(UTC)
    return (
        header.replace("{two days ago}", format_datetime(now - timedelta(days=2)))
        .replace("{in an hour}", format_datetime(now + timedelta(hours=1)))
        .replace("{in ten minutes}", str(int((now + timedelta(minutes=10)).timestamp())))
    )


@pytest.mark.parametrize(("header", "between"), LIMITS.items(), ids=list(LIMITS))
def test_a_limit_is_kept_to_and_nonsense_is_not(
    header: str, between: tuple[float, float], server: FakeServer, session: BlueskySession
) -> None:
    """T-22."""
    server.instead[CREATE] = _refuses("429 Too Many Requests", "RateLimitExceeded", _moments(header))
    with pytest.raises(NotSentError) as error:
        _publish(session, uuid.uuid4().hex)
    assert error.value.after is not None
    assert between[0] <= error.value.after <= between[1]
    assert server.asked[-1] == CREATE, "nothing more was asked of a server that wants to be left alone"
    assert server.asked.count(CREATE) == 1


def test_a_token_that_ran_out_is_renewed_for_a_read(server: FakeServer, session: BlueskySession) -> None:
    """T-26."""
    uri = _publish(session, uuid.uuid4().hex)
    server.good = {each for each in server.good if each.startswith("refresh")}
    assert session.exists(uri)
    assert (server.asked.count(SIGN_IN), server.asked.count(REFRESH)) == (1, 1)


def test_a_post_is_not_repeated_when_the_token_ran_out_but_leaves_the_next_time(
    server: FakeServer, session: BlueskySession
) -> None:
    """T-26."""
    session.identity()
    server.good = {each for each in server.good if each.startswith("refresh")}
    key = uuid.uuid4().hex
    with pytest.raises(NotSentError) as error:
        _publish(session, key)
    assert error.value.after is not None
    assert not isinstance(error.value, SignInError)
    assert (server.posts, server.asked.count(CREATE)) == ([], 1)
    _publish(session, key)
    assert len(server.posts) == 1


def test_an_old_token_is_renewed_before_it_is_used(
    server: FakeServer, session: BlueskySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.identity()
    monkeypatch.setattr(tokens, "RENEW_SECONDS", -1.0)
    _publish(session, uuid.uuid4().hex)
    assert REFRESH in server.asked
    assert server.asked.count(SIGN_IN) == 1


def test_when_renewing_is_refused_the_password_decides(server: FakeServer, session: BlueskySession) -> None:
    uri = _publish(session, uuid.uuid4().hex)
    server.good.clear()
    assert session.exists(uri)
    assert server.asked.count(SIGN_IN) == 2
    server.good.clear()
    server.password = "changed"
    with pytest.raises(SignInError, match="Invalid identifier or password"):
        session.exists(uri)


def test_sessions_of_one_account_sign_in_once(server: FakeServer, connect: Opener) -> None:
    for _ in range(3):
        connect().identity()
    assert server.asked.count(SIGN_IN) == 1


def test_ten_sessions_at_once_renew_once(server: FakeServer, connect: Opener) -> None:
    """T-26."""
    uri = _publish(connect(), uuid.uuid4().hex)
    server.good = {each for each in server.good if each.startswith("refresh")}
    seen: list[bool] = []
    sessions = [connect() for _ in range(10)]
    threads = [threading.Thread(target=lambda one=one: seen.append(one.exists(uri))) for one in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [True] * 10
    assert (server.asked.count(SIGN_IN), server.asked.count(REFRESH)) == (1, 1)


def test_a_wrong_password_is_a_matter_for_a_person(server: FakeServer, connect: Opener) -> None:
    with pytest.raises(SignInError):
        _publish(connect("wrong"), uuid.uuid4().hex)
    assert server.posts == []


def test_the_accounts_own_password_is_told_apart(server: FakeServer, session: BlueskySession) -> None:
    server.instead[SIGN_IN] = _refuses("401 Unauthorized", "AuthFactorTokenRequired")
    with pytest.raises(SignInError, match="app password"):
        session.identity()


@pytest.mark.parametrize("answer", [resets, hangs_up, answers_half, says("502 Bad Gateway"), says("200 OK", b"{")])
def test_signing_in_that_fails_published_nothing(answer: Answer, server: FakeServer, session: BlueskySession) -> None:
    server.instead[SIGN_IN] = answer
    with pytest.raises(NotSentError) as error:
        _publish(session, uuid.uuid4().hex)
    assert not isinstance(error.value, SignInError)
    assert error.value.after is not None


def test_a_password_never_leaves_unencrypted(server: FakeServer) -> None:
    settings = {"server": f"http://{server.place}", "handle": HANDLE}
    session = Bluesky().open(settings, {"password": server.password}, Place(Path()))
    with pytest.raises(NotSentError, match="https://") as error:
        session.identity()
    assert (error.value.after, server.asked) == (None, [])
    session.close()


def test_no_failure_tells_a_secret(server: FakeServer, session: BlueskySession) -> None:
    session.identity()
    for answer in (resets, says("500 Internal Server Error", b"x" * 5000), _refuses("401 Unauthorized", "AuthMissing")):
        server.instead[CREATE] = answer
        with pytest.raises((NotSentError, UnclearError)) as error:
            _publish(session, uuid.uuid4().hex)
        assert len(error.value.said) <= 300
        assert server.password not in error.value.said
        assert not any(token in error.value.said for token in server.good)


def _pictured() -> Rendition:
    image = Media("0" * 64, "image", "image/png", 7, "A closed road", width=40, height=30)
    return _words("Closed.", link="https://riverton.example/1", media=(image, image))


def test_pictures_are_handed_over_with_their_words(server: FakeServer, session: BlueskySession) -> None:
    _publish(session, uuid.uuid4().hex, _pictured())
    (post,) = server.posts
    images = post["embed"]["images"]
    assert [image["alt"] for image in images] == ["A closed road"] * 2
    assert (images[0]["aspectRatio"]["width"], images[0]["aspectRatio"]["height"]) == (40, 30)
    assert images[0]["image"]["size"] == len(b"picture")
    assert post["facets"][0]["features"][0]["uri"] == "https://riverton.example/1"


@pytest.mark.parametrize("answer", [resets, says("502 Bad Gateway"), says("200 OK", b"{}")])
def test_a_picture_that_cannot_be_handed_over_published_nothing(
    answer: Answer, server: FakeServer, session: BlueskySession
) -> None:
    server.instead[UPLOAD] = answer
    with pytest.raises(NotSentError):
        _publish(session, uuid.uuid4().hex, _pictured())
    assert CREATE not in server.asked


def test_an_answer_hangs_below_what_it_answers_and_below_the_first_post(
    server: FakeServer, session: BlueskySession
) -> None:
    first = server.hear("Why is it closed?")
    second = server.hear("Yes, why?", to=first)
    answer = rendering.render_reply("A burst pipe.", account=ACCOUNT, to=second, language="en").rendition
    _publish(session, uuid.uuid4().hex, answer)
    reply = server.posts[0]["reply"]
    assert (reply["parent"]["uri"], reply["root"]["uri"]) == (second, first)
    assert reply["parent"]["cid"].startswith("bafkrei")


def test_an_answer_below_a_strange_record_begins_its_thread_there(server: FakeServer, session: BlueskySession) -> None:
    strange = server.hear("Hello", reply={"root": 7})
    answer = rendering.render_reply("Good day.", account=ACCOUNT, to=strange, language="en").rendition
    _publish(session, uuid.uuid4().hex, answer)
    assert server.posts[0]["reply"]["root"]["uri"] == strange


@pytest.mark.parametrize("to", [f"at://{DID}/app.bsky.feed.post/gone", "77", "https://bsky.app/x"])
def test_an_answer_to_what_is_gone_is_not_sent(to: str, server: FakeServer, session: BlueskySession) -> None:
    answer = rendering.render_reply("Good day.", account=ACCOUNT, to=to, language="en").rendition
    with pytest.raises(NotSentError) as error:
        _publish(session, uuid.uuid4().hex, answer)
    assert error.value.after is None
    assert server.posts == []


def test_a_mention_names_the_account_and_an_unknown_one_stays_text(server: FakeServer, session: BlueskySession) -> None:
    _publish(session, uuid.uuid4().hex, _words("Thanks @resident.test and @nobody.test"))
    (facet,) = server.posts[0]["facets"]
    assert facet["features"][0]["did"] == "did:plc:resident"


def test_a_message_leaves_although_nobody_can_tell_whom_it_mentions(
    server: FakeServer, session: BlueskySession
) -> None:
    server.instead["com.atproto.identity.resolveHandle"] = says("502 Bad Gateway")
    _publish(session, uuid.uuid4().hex, _words("Thanks @resident.test"))
    assert [(post["text"], "facets" in post) for post in server.posts] == [("Thanks @resident.test", False)]


def test_another_accounts_post_is_not_taken_back(server: FakeServer, session: BlueskySession) -> None:
    uri = server.hear("A resident's words")
    with pytest.raises(NotSentError):
        session.withdraw(uri)
    assert uri in server.records


@pytest.mark.parametrize("answer", [resets, hangs_up, says("500 Internal Server Error")])
def test_taking_back_that_breaks_off_is_unclear_and_safe_to_repeat(
    answer: Answer, server: FakeServer, session: BlueskySession
) -> None:
    """T-29."""
    uri = _publish(session, uuid.uuid4().hex)
    server.after[DELETE] = answer
    with pytest.raises(UnclearError):
        session.withdraw(uri)
    del server.after[DELETE]
    session.withdraw(uri)
    assert not session.exists(uri)


def test_looking_that_fails_says_neither_yes_nor_no(server: FakeServer, session: BlueskySession) -> None:
    uri = _publish(session, uuid.uuid4().hex)
    server.instead[GET] = says("502 Bad Gateway")
    with pytest.raises(NotSentError):
        session.exists(uri)


def test_who_we_are_is_known_without_an_appview(server: FakeServer, session: BlueskySession) -> None:
    assert session.identity().followers == 12
    server.appview = False
    identity = session.identity()
    assert (identity.handle, identity.followers) == (HANDLE, None)
