"""What is known after a letter did not go smoothly: surely not sent, or nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from callbox.networks.contract import NotSentError, Session, SignInError, UnclearError
from callbox.networks.email.network import Email
from callbox.networks.vocabulary import Rendition
from tests.networks.email.harness import SECRETS, SENDER, closed_port, place, settings
from tests.networks.email.server import Server

RENDITION = Rendition(account=f"email:{SENDER}", text="Closed.", title="Road")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


def _session(smtp: int, **changes: str) -> Session:
    return Email().open({**settings(smtp), **changes}, {}, place(smtp))


def _send(session: Session) -> None:
    try:
        session.publish(RENDITION, key="a" * 32, media=lambda _digest: b"", recipient="ada@resident.example")
    finally:
        session.close()


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "END"])
@pytest.mark.parametrize(("answer", "later"), [("451 4.7.1 Greylisted", True), ("550 5.1.1 No such box", False)])
def test_a_clear_no_is_surely_not_sent(server: Server, stage: str, answer: str, later: bool) -> None:
    server.box.fault[stage] = answer
    with pytest.raises(NotSentError) as caught:
        _send(_session(server.port))
    assert (caught.value.after is not None) == later
    assert answer[:3] in caught.value.said
    assert server.box.letters == []


def test_a_line_that_breaks_after_the_letter_leaves_it_unclear(server: Server) -> None:
    server.box.fault["BREAK"] = "yes"
    with pytest.raises(UnclearError):
        _send(_session(server.port))
    assert len(server.box.letters) == 1  # it had arrived, and nobody could know


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(NotSentError) as caught:
        _send(_session(closed_port()))
    assert caught.value.after


def test_a_server_with_a_private_address_is_not_spoken_to_unless_named(server: Server) -> None:
    session = Email().open(settings(server.port), {}, place())
    with pytest.raises(NotSentError, match="private") as caught:
        _send(session)
    assert caught.value.after is None


def test_a_server_that_offers_no_encryption_gets_no_letter(server: Server) -> None:
    with pytest.raises(NotSentError):
        _send(_session(server.port, security="starttls"))
    assert server.box.letters == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_wrong_password_asks_for_a_new_sign_in_and_the_right_one_sends() -> None:
    with Server(sign_in=True) as server:
        wrong = Email().open(settings(server.port), {**SECRETS, "password": "guess"}, place(server.port))
        with pytest.raises(SignInError) as caught:
            wrong.identity()
        assert "guess" not in caught.value.said
        with pytest.raises(SignInError):
            _send(_session(server.port))  # not signed in at all
        _send(Email().open(settings(server.port), SECRETS, place(server.port)))
        assert len(server.box.letters) == 1


def test_one_line_carries_many_letters_and_is_opened_anew_when_it_was_cut(server: Server) -> None:
    session = _session(server.port)
    for _letter in range(3):
        session.publish(RENDITION, key="b" * 32, media=lambda _digest: b"", recipient="ada@resident.example")
    server.box.fault["BREAK"] = "yes"
    with pytest.raises(UnclearError):
        session.publish(RENDITION, key="c" * 32, media=lambda _digest: b"", recipient="ada@resident.example")
    server.box.fault.clear()
    session.publish(RENDITION, key="d" * 32, media=lambda _digest: b"", recipient="ada@resident.example")
    session.close()
    assert len(server.box.letters) == 5


@pytest.mark.parametrize(
    ("name", "value"), [("port", "0"), ("port", "25x"), ("security", "maybe"), ("sender", "nobody"), ("server", "")]
)
def test_settings_that_make_no_sense_are_named(name: str, value: str) -> None:
    with pytest.raises(NotSentError):
        _session(2525, **{name: value})


@pytest.mark.parametrize("ask", ["find", "edit", "withdraw", "exists"])
def test_what_a_letter_cannot_do_is_refused(server: Server, ask: str) -> None:
    session = _session(server.port)
    calls: dict[str, Callable[[], object]] = {
        "find": lambda: session.find(RENDITION, key="a" * 32, since=datetime.now(UTC)),
        "edit": lambda: session.edit("<1>", RENDITION, key="a" * 32, media=lambda _digest: b""),
        "withdraw": lambda: session.withdraw("<1>"),
        "exists": lambda: session.exists("<1>"),
    }
    with pytest.raises(NotSentError) as caught:
        calls[ask]()
    assert caught.value.after is None


@pytest.mark.parametrize("answer", ["354 Go on", "199 What", "600 No", "yes of course"])
def test_an_answer_after_the_letter_that_is_neither_yes_nor_no_leaves_it_unclear(server: Server, answer: str) -> None:
    server.box.fault["END"] = answer
    with pytest.raises(UnclearError):
        _send(_session(server.port))


def test_any_yes_after_the_letter_is_a_yes(server: Server) -> None:
    server.box.fault["END"] = "251 Will forward"
    _send(_session(server.port))


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_in_any_alphabet_signs_in() -> None:
    with Server(sign_in=True, password="Paßwört 密") as server:
        for password, knows in (("Paßwört 密", True), ("Paßwört 蜜", False)):
            session = Email().open(settings(server.port), {**SECRETS, "password": password}, place(server.port))
            if knows:
                _send(session)
            else:
                with pytest.raises(SignInError):
                    _send(session)
        assert len(server.box.letters) == 1


def test_a_sender_in_another_alphabet_greets_with_the_name_servers_know(server: Server) -> None:
    _send(_session(server.port, sender="news@polizei-köln.example", name="Polizei\r\nBcc: x@y.example"))
    (letter,) = server.box.messages
    assert "xn--polizei-kln-zfb.example" in server.box.greeted[0]
    assert letter["From"] == '"Polizei Bcc: x@y.example" <news@xn--polizei-kln-zfb.example>'
    assert letter["Bcc"] is None


@pytest.mark.parametrize(
    "sender", ["Police <news@harbour.example>", "a@b@harbour.example", "news@", "@harbour.example"]
)
def test_a_sender_that_is_no_address_is_refused_before_anything_is_sent(sender: str) -> None:
    with pytest.raises(NotSentError, match="sender's address"):
        _session(2525, sender=sender)
