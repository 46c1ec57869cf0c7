"""What comes back: each letter once, in its thread, in its words; what machines write is marked."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP as LINES

import pytest

from callbox.networks.contract import NotSentError, Session, SignInError
from callbox.networks.email import arriving
from callbox.networks.email.network import Email
from callbox.networks.email.reading import html_to_text
from callbox.networks.vocabulary import Seen
from tests.networks.email.harness import SENDER, place, settings
from tests.networks.email.imap import Imap
from tests.networks.email.server import PASSWORD, Server


@pytest.fixture
def inbox() -> Iterator[Imap]:
    with Imap(PASSWORD) as started:
        yield started


def _session(inbox: Imap, password: str = PASSWORD) -> Session:
    return Email().open(settings(2525, inbox.port), {"user": "u", "password": password}, place(inbox.port))


def _letter(text: str = "Is Mill Road open?", **headers: str) -> EmailMessage:
    message = EmailMessage(policy=LINES)
    known = {"From": "Ada Resident <Ada@Resident.example>", "To": SENDER, "Subject": "Re: Traffic",
             "Message-ID": "<q1@resident.example>", "Date": "Fri, 20 Nov 2026 10:00:00 +0100"}  # fmt: skip
    for name, value in {**known, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def _one(inbox: Imap, message: EmailMessage) -> Seen:
    inbox.arrive(message.as_bytes())
    (seen,) = _session(inbox).collect("").seen
    return seen


def test_an_answer_lies_in_the_thread_of_the_first_letter(inbox: Imap) -> None:
    seen = _one(
        inbox, _letter(References="<news1@harbour.example> <a1@harbour.example>", In_Reply_To="<a1@harbour.example>")
    )
    assert (seen.thread, seen.parent) == ("<news1@harbour.example>", "<a1@harbour.example>")
    assert (seen.author, seen.author_name) == ("email:ada@resident.example", "Ada Resident")
    assert (seen.door, seen.own, seen.automatic) == ("message", False, False)
    assert seen.at.isoformat() == "2026-11-20T10:00:00+01:00"


def test_a_letter_of_its_own_begins_a_thread_and_keeps_its_subject(inbox: Imap) -> None:
    seen = _one(inbox, _letter(Subject="Noise at the harbour"))
    assert (seen.remote_id, seen.thread, seen.parent) == ("<q1@resident.example>", "<q1@resident.example>", "")
    assert seen.text == "Noise at the harbour\n\nIs Mill Road open?"


def test_what_is_quoted_stays(inbox: Imap) -> None:
    assert "> The road is closed." in _one(inbox, _letter("And now?\n\n> The road is closed.\n")).text


def test_html_alone_is_read_as_text(inbox: Imap) -> None:
    message = _letter()
    message.set_content(
        "<style>p{}</style><p>Is it&nbsp;<b>open</b>?</p><script>evil()</script><blockquote>Closed.</blockquote>",
        subtype="html",
    )
    assert _one(inbox, message).text == "Is it open?\n> Closed."


def test_html_that_never_ends_does_not_hang() -> None:
    assert html_to_text("<p>" * 50_000 + "x" + "<blockquote" * 1000).startswith("x")


def test_html_that_is_nested_or_broken_beyond_measure_stays_small() -> None:
    assert len(html_to_text("<blockquote>" * 5_000 + "<p>x" * 5_000)) < 100_000
    assert html_to_text("<!--" * 50_000) == ""
    assert html_to_text("<script>steal()</script><p>Is it open?") == "Is it open?"


def test_a_letter_with_bytes_of_no_alphabet_is_read_all_the_same(inbox: Imap) -> None:
    inbox.arrive(b"From: \xff\xfe <<>>,,;\r\nMessage-ID: <\xff@spam.example>\r\nSubject: \xfe\r\n\r\nhello \xff")
    (seen,) = _session(inbox).collect("").seen
    assert seen.remote_id.encode()
    assert seen.thread == seen.remote_id


def test_attachments_are_counted_and_not_kept(inbox: Imap) -> None:
    message = _letter()
    message.add_attachment(b"\xff\xd8 picture", maintype="image", subtype="jpeg", filename="me.jpg")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../etc/passwd")
    seen = _one(inbox, message)
    assert seen.images == 1
    assert seen.text.endswith("[2 attached, not stored]")
    assert "passwd" not in seen.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "Auto-Replied; owner=x"}, {"Precedence": "bulk"},
        {"Return_Path": "<>"}, {"X_Autoreply": "yes"}, {"List_Id": "<other.list.example>"},
        {"From": "MAILER-DAEMON@mail.example"}, {"From": "no-reply@shop.example"}, {"From": "postmaster@mail.example"},
        {"From": "bounces+ada=x@mail.example"}, {"X_Failed_Recipients": "ada@resident.example"},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_machine_wrote_is_marked(inbox: Imap, headers: dict[str, str]) -> None:
    assert _one(inbox, _letter("I am away until Monday.", **headers)).automatic


def test_a_letter_that_came_back_is_marked(inbox: Imap) -> None:
    raw = (
        b"From: Mail <mailer@mail.example>\r\nTo: x@y.example\r\nSubject: Undelivered\r\nMessage-ID: <b1@mail.example>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nNo such box.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Final-Recipient: rfc822; ada@resident.example\r\nAction: failed\r\n\r\n--b--\r\n"
    )
    inbox.arrive(raw)
    (seen,) = _session(inbox).collect("").seen
    assert seen.automatic


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "no"}, {"From": "norepla@resident.example"}])
def test_what_a_person_wrote_is_not(inbox: Imap, headers: dict[str, str]) -> None:
    assert not _one(inbox, _letter(**headers)).automatic


def test_our_own_letter_is_known_as_ours(inbox: Imap) -> None:
    assert _one(inbox, _letter(From=f"Harbour <{SENDER.upper()}>")).own


def test_pages_go_on_where_the_last_ended_and_each_letter_comes_once(
    inbox: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "PAGE", 3)
    for number in range(7):
        inbox.arrive(_letter(f"Question {number}", Message_ID=f"<q{number}@resident.example>").as_bytes())
    cursor, pages, found = "", 0, []
    while True:
        batch = _session(inbox).collect(cursor)
        found += [seen.remote_id for seen in batch.seen]
        cursor, pages = batch.cursor, pages + 1
        if not batch.more:
            break
    assert found == [f"<q{number}@resident.example>" for number in range(7)]
    assert pages == 3
    assert _session(inbox).collect(cursor).seen == ()  # "n:*" names the last letter again


def test_a_server_that_counts_anew_is_read_from_the_beginning(inbox: Imap) -> None:
    inbox.arrive(_letter().as_bytes())
    cursor = _session(inbox).collect("").cursor
    inbox.validity = 8
    again = _session(inbox).collect(cursor)
    assert [seen.remote_id for seen in again.seen] == ["<q1@resident.example>"]
    assert again.cursor == "8:1"


@pytest.mark.parametrize("cursor", ["", "x", "7", "7:", "7:x", "x:9"])
def test_a_cursor_nobody_wrote_begins_at_the_beginning(inbox: Imap, cursor: str) -> None:
    inbox.arrive(_letter().as_bytes())
    assert len(_session(inbox).collect(cursor).seen) == 1


def test_letters_nobody_could_read_are_still_seen(inbox: Imap) -> None:
    inbox.arrive(b"\xff\xfe\x00 no header at all")
    inbox.arrive(
        b"From: \r\nSubject: =?bogus?X?zzz?=\r\nDate: yesterday\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\xff"
    )
    first = _session(inbox).collect("").seen
    assert len(first) == 2
    assert all(seen.remote_id and seen.at.tzinfo for seen in first)
    assert [seen.remote_id for seen in _session(inbox).collect("").seen] == [seen.remote_id for seen in first]


def test_the_wrong_password_asks_for_a_new_sign_in(inbox: Imap) -> None:
    with pytest.raises(SignInError):
        _session(inbox, "guess").collect("")


def test_without_a_server_for_answers_nothing_is_collected() -> None:
    with pytest.raises(NotSentError, match="No server"):
        Email().open(settings(2525), {}, place()).collect("")


HEADS = b"From: Ada <ada@resident.example>\r\nMessage-ID: <d1@resident.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n"
UNREAD = "[Its words could not be read here. It lies whole in the mailbox.]"


def _nested(depth: int) -> bytes:
    parts = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth))
    return HEADS + b"Subject: Noise\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n" + parts + b"deep"


@pytest.mark.parametrize(
    ("letter", "text"),
    [
        (HEADS + b"Subject: =?utf-8?b?a?=\r\n\r\nHelp", "=?utf-8?b?a?=\n\nHelp"),  # letters cut off in the middle of a sign
        (HEADS + b"Subject: =?idna?b?/////w==?=\r\n\r\nHelp", "=?idna?b?/////w==?=\n\nHelp"),
        (HEADS.replace(b"Ada", b"=?utf-8?b?a?=") + b"\r\nHelp", "Help"),
        (HEADS + b"Content-Type: text/plain; charset=undefined\r\n\r\nHelp", UNREAD),
        (HEADS + b"Date: Fri, 99 Nov 99999 99:99:99 +9999\r\n\r\nHelp", "Help"),
        (_nested(5_000), f"Noise\n\n{UNREAD}"),
    ],
    ids=["base64", "idna", "name", "charset", "date", "nested"],
)  # fmt: skip
def test_a_damaged_letter_does_not_silence_those_behind_it(inbox: Imap, letter: bytes, text: str) -> None:
    inbox.arrive(letter)
    inbox.arrive(_letter("The next one.", Message_ID="<q2@resident.example>").as_bytes())
    batch = _session(inbox).collect("")
    damaged, sound = batch.seen
    assert (damaged.text, damaged.author.lower(), damaged.automatic) == (text, "email:ada@resident.example", False)
    assert sound.text == "The next one."
    assert batch.cursor == "7:2"


def test_of_a_large_letter_the_beginning_is_read(inbox: Imap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "LARGEST", 20_000)
    monkeypatch.setattr(arriving, "BEGINNING", 10_000)
    message = _letter("Is this the car?", Subject="A car")
    message.add_attachment(b"\xff\xd8" * 10_000, maintype="image", subtype="jpeg", filename="car.jpg")
    seen = _one(inbox, message)
    assert inbox.fetched == [(1, "head"), (1, "beginning")]
    assert seen.text == (
        "A car\n\nIs this the car?\n\n[1 attached, not stored]"
        "\n\n[A large letter: only its beginning was read. It lies whole in the mailbox.]"
    )
    assert seen.images == 1


def test_a_password_in_any_alphabet_signs_in() -> None:
    with Imap("Paßwört 密") as inbox:
        assert _session(inbox, "Paßwört 密").collect("").seen == ()
        with pytest.raises(SignInError):
            _session(inbox, "Paßwört 蜜").collect("")


def test_connecting_signs_in_where_answers_arrive_too(inbox: Imap) -> None:
    with Server() as smtp:
        for password, refused in ((PASSWORD, False), ("guess", True)):
            ports = place(smtp.port, inbox.port)
            session = Email().open(settings(smtp.port, inbox.port), {"user": "", "password": password}, ports)
            if refused:
                with pytest.raises(SignInError):
                    session.identity()
            else:
                assert session.identity().handle == SENDER
            session.close()
