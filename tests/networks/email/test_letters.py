"""A letter as it arrives: headers nobody can break out of, both parts, the way off the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.networks.contract import NotSentError, Session
from callbox.networks.email.letter import address_of, compose
from callbox.networks.email.network import Email
from callbox.networks.vocabulary import Content, Media, Rendition
from tests.networks.email.harness import SENDER, place, settings
from tests.networks.email.server import Box, Server

KEY = "0123456789abcdef0123456789abcdef"
ACCOUNT = f"email:{SENDER}"


@pytest.fixture
def box() -> Iterator[tuple[Box, Session]]:
    with Server() as server:
        session = Email().open(settings(server.port), {}, place(server.port))
        yield server.box, session
        session.close()


def _none(sha256: str) -> bytes:
    raise AssertionError(sha256)


def _send(session: Session, rendition: Rendition, *, to: str = "ada@resident.example", key: str = KEY) -> str:
    return session.publish(rendition, key=key, media=_none, recipient=to).remote_id


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_the_words_arrive_as_text_and_as_html_in_their_own_script(box: tuple[Box, Session]) -> None:
    text = "الشارع مغلق حتى الظهر.\n\nPrefiera la calle Müller <script>alert(1)</script> https://harbour.example/a?b=1&c=2."
    _send(box[1], Rendition(account=ACCOUNT, text=text, title="إغلاق الطريق", language="ar"))
    (message,) = box[0].messages
    assert message["Subject"] == "إغلاق الطريق"
    assert text.split("\n", maxsplit=1)[0] in _part(message, "plain")
    html = _part(message, "html")
    assert 'lang="ar" dir="rtl"' in html
    assert "&lt;script&gt;" in html
    assert '<a href="https://harbour.example/a?b=1&amp;c=2">' in html
    assert all(byte < 128 for byte in box[0].letters[0])


def test_the_message_id_comes_from_the_key_so_that_a_repeated_letter_can_be_told(box: tuple[Box, Session]) -> None:
    rendition = Rendition(account=ACCOUNT, text="Closed.", title="Road")
    assert _send(box[1], rendition) == _send(box[1], rendition) == f"<{KEY}@harbour.example>"
    assert {message["Message-ID"] for message in box[0].messages} == {f"<{KEY}@harbour.example>"}


def test_a_letter_to_a_list_says_so_and_ends_with_one_click(box: tuple[Box, Session]) -> None:
    _send(box[1], Rendition(account=ACCOUNT, text="Closed.", title="Road", language="fr"))
    (message,) = box[0].messages
    assert message["List-Unsubscribe"] == f"<https://portal.harbour.example/u/{KEY}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert f"Pour ne plus la recevoir : https://portal.harbour.example/u/{KEY}" in _part(message, "plain")


def test_an_answer_to_one_resident_is_a_letter_of_a_person(box: tuple[Box, Session]) -> None:
    answer = Email().render_reply("Mill Road is open.", account=ACCOUNT, to="<q1@resident.example>", language="en")
    _send(box[1], answer.rendition)
    (message,) = box[0].messages
    assert message["In-Reply-To"] == message["References"] == "<q1@resident.example>"
    assert message["Subject"].startswith("Re: ")
    assert not {"Auto-Submitted", "List-Unsubscribe", "List-Id"} & set(message.keys())


def test_one_letter_goes_to_one_recipient_alone(box: tuple[Box, Session]) -> None:
    for name in ("ada", "ben"):
        _send(box[1], Rendition(account=ACCOUNT, text="x", title="t"), to=f"{name}@resident.example", key=name * 8)
    assert box[0].recipients == ["ada@resident.example", "ben@resident.example"]
    assert [message["To"] for message in box[0].messages] == box[0].recipients


@pytest.mark.parametrize(
    "to",
    ["", "nobody", "a@b@c.example", "ada@resident.example\nBcc: all@resident.example", "ada@resident.example, b@c.example",
     "<ada@resident.example>", "ada@", "@resident.example", "ada@nodot", "äda@resident.example"],
)  # fmt: skip
def test_what_is_no_single_address_gets_no_letter(box: tuple[Box, Session], to: str) -> None:
    with pytest.raises(NotSentError):
        _send(box[1], Rendition(account=ACCOUNT, text="x", title="t"), to=to)
    assert box[0].letters == []


HOSTILE = st.lists(
    st.sampled_from([*"ab:<>@. ", "\r", "\n", "\r\n", "\x00", "\u2028", "é", "Bcc: x@y.example"]), max_size=12
).map("".join)


@given(title=HOSTILE, text=HOSTILE, language=HOSTILE, reply=HOSTILE)
def test_no_words_of_anybody_become_a_header(title: str, text: str, language: str, reply: str) -> None:
    rendition = Rendition(account=ACCOUNT, title=title, text=text, language=language, reply_to=reply)
    made = compose(
        rendition, key=KEY, sender=address_of(SENDER), recipient=address_of("ada@resident.example"),
        unsubscribe="https://portal.harbour.example/u/1", media=_none, at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    head = made.split(b"\r\n\r\n")[0].decode()
    names = {line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))}
    assert names <= {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "In-Reply-To", "References", "Auto-Submitted",
        "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
    }  # fmt: skip


def test_pictures_travel_inside_with_their_description(box: tuple[Box, Session]) -> None:
    picture = Media(sha256="ab" * 32, kind="image", type="image/png", size=4, alt='A "closed" bridge')
    rendition = Rendition(account=ACCOUNT, text="Closed.", title="Road", media=(picture,))
    box[1].publish(rendition, key=KEY, media=lambda _digest: b"\x89PNG", recipient="ada@resident.example")
    (message,) = box[0].messages
    assert [part.get_content() for part in message.walk() if part.get_content_type() == "image/png"] == [b"\x89PNG"]
    assert 'alt="A &quot;closed&quot; bridge"' in _part(message, "html")
    assert '[A "closed" bridge]' in _part(message, "plain")


def test_lines_that_begin_with_a_dot_arrive_whole(box: tuple[Box, Session]) -> None:
    _send(box[1], Rendition(account=ACCOUNT, text=".\n..\n.hidden\nend", title="Dots"))
    assert _part(box[0].messages[0], "plain").splitlines()[:4] == [".", "..", ".hidden", "end"]


def test_a_letter_asks_for_a_title_and_takes_no_video() -> None:
    video = Media(sha256="ab" * 32, kind="video", type="video/mp4", size=4, alt="x", captions="cd" * 32)
    found = Email().render(Content(text="Words", media=(video,)), account=ACCOUNT)
    assert {reason.code for reason in found.problems} == {"title_missing", "videos_refused"}
