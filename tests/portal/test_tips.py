"""A tip from the public page: sealed, acknowledged with nine words, answered; nothing about its sender is kept anywhere."""

from __future__ import annotations

import logging
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from pyrage import x25519

from callbox.governance.models import AuditEvent
from callbox.portal.numbers import written
from callbox.trust.tips import desk, envelope, intake, receipts
from callbox.trust.tips.models import Letter, Tip
from tests.people.cast import Cast
from tests.trust.tips import keys

pytestmark = pytest.mark.django_db

TIP = "/p/harbour/tip/"
AGAIN = "/p/harbour/tip/again/"


@pytest.fixture
def identity(cast: Cast) -> str:
    made = x25519.Identity.generate()
    keys.in_use(cast.agency, made.to_public(), by=cast.bob)
    return str(made)


def words(page: str) -> str:
    found = re.search(r'<ol class="words".*?</ol>', page, re.DOTALL)
    assert found
    return " ".join(re.findall(r"<li>([a-z]+)</li>", found[0]))


def test_a_tip_is_sent_and_answered_without_account_or_script(cast: Cast, identity: str) -> None:
    page = Client().post(TIP, {"text": "The blue van", "place": "Mill Lane", "about": "theft"}).content.decode()
    receipt = words(page)
    assert len(receipt.split()) == 9
    inside = envelope.unseal(bytes(Letter.objects.get().sealed), identity=identity)
    assert (inside.text, inside.place, inside.about, inside.language) == ("The blue van", "Mill Lane", "theft", "en")

    desk.answer(agency=cast.agency, tip=Tip.objects.get(), text="Which day?", by=cast.alice)
    page = Client().post(AGAIN, {"receipt": receipt.upper()}).content.decode()
    assert "Which day?" in page
    page = Client().post(AGAIN, {"receipt": receipt, "text": "Monday"}).content.decode()
    assert "sealed and stored" in page
    assert envelope.unseal(bytes(Letter.objects.last().sealed), identity=identity).text == "Monday"  # type: ignore[union-attr]


def test_words_of_danger_show_the_number_first_and_stop_nothing(cast: Cast, identity: str) -> None:
    page = Client().post(TIP, {"text": "He has a GUN and is in danger"}).content.decode()
    assert "Nothing has been sent yet" in page
    assert written(settings.EMERGENCY_NUMBER) in page
    assert "He has a GUN" in page
    assert not Tip.objects.exists()
    page = Client().post(TIP, {"text": "He has a GUN and is in danger", "anyway": "1"}).content.decode()
    assert len(words(page).split()) == 9


def test_no_page_of_a_tip_is_kept_by_anyone(cast: Cast, identity: str) -> None:
    receipt = intake.receive(agency=cast.agency, text="x")
    for answer in (
        Client().get(TIP),
        Client().post(TIP, {"text": "y"}),
        Client().get(AGAIN),
        Client().post(AGAIN, {"receipt": receipt}),
    ):
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_receipts_that_open_nothing_look_alike(cast: Cast, identity: str) -> None:
    """T-11, what can be seen of it: status, headers and body are the same for a wrong, a foreign and a purged receipt."""
    purged = intake.receive(agency=cast.agency, text="x")
    Tip.objects.all().delete()
    keys.in_use(cast.other, x25519.Identity.generate().to_public(), by=cast.dan)
    foreign = intake.receive(agency=cast.other, text="x")
    seen = set()
    for receipt in (receipts.new(), purged, foreign, receipts.new()):
        answer = Client().post(AGAIN, {"receipt": receipt})
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        page = answer.content.decode()
        assert page.count(receipt) == 1  # one wrong letter does not ask for nine words anew
        seen.add((answer.status_code, page.replace(receipt, ""), str(sorted(headers.items()))))
    assert len(seen) == 1
    assert "open nothing" in page


def test_a_slip_of_the_finger_is_told_from_the_list_of_words_alone(
    cast: Cast, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is looked up for what no receipt can be, so the answer says nothing of any."""
    looked: list[str] = []
    monkeypatch.setattr(intake, "open_dialogue", lambda **asked: looked.append(asked["receipt"]))
    eight = "abdomen abide ability abridge absence absorb abstain abyss"
    page = Client().post(AGAIN, {"receipt": eight}).content.decode()
    assert "Words you typed: 8." in page
    assert "field-error" in page
    page = Client().post(AGAIN, {"receipt": f"{eight} abdomne"}).content.decode()
    assert "No receipt holds the word “abdomne”. Perhaps it is: abdomen." in page
    assert eight in page  # nothing has to be typed again
    page = Client().post(f"/ar{AGAIN}", {"receipt": f"{eight} {'x' * 300}"}).content.decode()
    assert "لا يوجد إيصال" in page
    assert looked == []
    Client().post(AGAIN, {"receipt": receipts.new()})
    assert len(looked) == 1


def test_no_browser_cuts_off_the_end_of_a_long_letter(cast: Cast, identity: str) -> None:
    """A browser drops what is pasted beyond `maxlength` and says nothing; here it stays in the form, with a sentence."""
    receipt = intake.receive(agency=cast.agency, text="x")
    for page in (Client().get(TIP), Client().post(AGAIN, {"receipt": receipt})):
        (area,) = re.findall(r"<textarea[^>]*>", page.content.decode())
        assert "maxlength" not in area
    long = f"{'x' * envelope.LONGEST}the end"
    assert "the end</textarea>" in Client().post(TIP, {"text": long}).content.decode()
    lines = "\r\n".join("x" for _ in range(envelope.LONGEST // 2))
    assert (
        "nine words" in Client().post(TIP, {"text": lines}).content.decode()
    )  # a new line is one sign, as its writer counts
    inside = envelope.unseal(bytes(Letter.objects.get(tip__letters__number=1, tip__in=Tip.objects.exclude(
        lookup=receipts.lookup(receipt, pepper=settings.RECEIPT_KEY))).sealed), identity=identity)  # fmt: skip
    assert inside.text == lines.replace("\r\n", "\n")


def test_a_damaged_letter_keeps_nobody_from_the_others(cast: Cast, identity: str) -> None:
    receipt = intake.receive(agency=cast.agency, text="x")
    for text in ("First answer", "Second answer"):
        desk.answer(agency=cast.agency, tip=Tip.objects.get(), text=text, by=cast.alice)
    damaged = Letter.objects.get(number=2)
    Letter.objects.filter(pk=damaged.pk).update(sealed=bytes(damaged.sealed)[:-9] + b"damaged!!")
    page = Client().post(AGAIN, {"receipt": receipt}).content.decode()
    assert "Second answer" in page
    assert "This letter was damaged" in page


def test_without_a_key_the_page_says_so_and_takes_nothing(cast: Cast) -> None:
    page = Client().get(TIP).content.decode()
    assert "cannot be taken here" in page
    assert "<form" not in page
    Client().post(TIP, {"text": "x"})
    assert not Tip.objects.exists()


def test_an_empty_and_an_endless_tip_are_refused_with_a_sentence(cast: Cast, identity: str) -> None:
    for text in ("", " \n ", "x" * 20_001):
        answer = Client().post(TIP, {"text": text})
        assert answer.status_code == 200
        assert "field-error" in answer.content.decode()
    receipt = intake.receive(agency=cast.agency, text="x")
    assert "field-error" in Client().post(AGAIN, {"receipt": receipt, "text": ""}).content.decode()
    assert Letter.objects.count() == 1


CANARIES = {
    "REMOTE_ADDR": "127.77.66.55",
    "HTTP_X_FORWARDED_FOR": "198.51.100.77",
    "HTTP_USER_AGENT": "canary-agent",
    "HTTP_COOKIE": "callbox=canary-cookie",
    "HTTP_REFERER": "http://canary-referrer.example/",
    "HTTP_ACCEPT_LANGUAGE": "canary-language",
}


def test_nothing_about_the_sender_is_kept_anywhere(cast: Cast, identity: str) -> None:
    """T-01: canaries in every header, through every kind of answer; none in any table, log or file."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        client = Client(raise_request_exception=False, **CANARIES)  # type: ignore[arg-type]
        receipt = words(client.post(TIP, {"text": "canary-body"}).content.decode())
        for path, data in (
            (AGAIN, {"receipt": receipt}),
            (AGAIN, {"receipt": receipt, "text": "canary-again"}),
            (AGAIN, {"receipt": "canary-wrong"}),
            (TIP, {"text": ""}),
            ("/p/nowhere/tip/", {"text": "canary-404"}),
        ):
            client.post(path, data)
        client.post(TIP, b"canary-large" * 300_000, content_type="text/plain")
        client.post(TIP, b"\xff\xfe canary-broken", content_type="multipart/form-data; boundary=x")
        client.put(TIP, b"canary-put")
        client.post(TIP, {"text": "canary-foreign"}, headers={"sec-fetch-site": "cross-site"})
    finally:
        logging.getLogger().removeHandler(handler)
    everything = heard.getvalue().encode() + _tables() + _files()
    for canary in (*CANARIES.values(), "canary", receipt):
        assert canary.encode() not in everything, canary
    assert not AuditEvent.objects.filter(action__startswith="tip.").exists(), "intake leaves no timed event"


def _tables() -> bytes:
    found: list[bytes] = []
    for alias in {"default", settings.TIPS_DATABASE}:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found += [_bytes(value) for row in cursor.fetchall() for value in row]
    return b"\0".join(found)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _files() -> bytes:
    root = Path(settings.DATA)
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file() and ".sqlite3" not in path.name)
