"""What the page of a message says of where it stands: true words, and a button wherever a person must decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from callbox.core.state import MovedMeanwhileError
from callbox.governance import freezing
from callbox.networks.deliveries.models import Delivery
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency
from callbox.voice.models import MediaFile, Message
from callbox.voice.services import messages
from tests.desk.voice.test_writing import NEW, only_message, picture, typed
from tests.flows.newsdesk import ACCOUNTS, WORDS, Newsdesk, connect, send, soon, texts
from tests.people import signed_in


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_callbox_stopped_is_not_put_into_the_networks_mouth(desk: Newsdesk) -> None:
    message = desk.approved()
    freezing.press(agency=desk.agency, why="Wait", by=desk.olu)
    send()
    page = plain(signed_in(desk.wendy).get(f"/a/harbour/messages/{message.pk}/").text)
    assert "everything is stopped" in page.lower()
    assert "says: everything is stopped" not in page
    Delivery.objects.update(state="refused", said="Words of the network")
    page = plain(signed_in(desk.wendy).get(f"/a/harbour/messages/{message.pk}/").text)
    assert "says: Words of the network" in page


def test_a_taking_back_that_is_unclear_is_decided_by_a_person(desk: Newsdesk) -> None:
    message = desk.approved()
    send()
    wendy = signed_in(desk.wendy)
    wendy.post(f"/a/harbour/messages/{message.pk}/withdraw/", {"why": "Wrong road"})
    rows = Delivery.objects.filter(operation="withdraw")
    rows.update(state="unclear")
    assert "It is gone there" in wendy.get(f"/a/harbour/messages/{message.pk}/").text
    for row in rows:
        wendy.post(f"/a/harbour/deliveries/{row.pk}/settle/", {"decision": "again"})
    send()
    assert texts() == []
    assert Message.objects.get(pk=message.pk).state == "withdrawn"


def test_a_picture_whose_file_is_gone_is_not_found_and_the_same_file_heals_it(desk: Newsdesk) -> None:
    wendy = signed_in(desk.wendy)
    wendy.post(NEW, typed(uploads=[picture()]))
    (kept,) = only_message().newest.written.media
    place = Path(settings.MEDIA_ROOT) / MediaFile.objects.get().place
    place.unlink()
    address = f"/a/harbour/messages/images/{kept.sha256}/"
    assert wendy.get(address).status_code == 404
    wendy.post(f"/a/harbour/messages/{only_message().pk}/write/", typed(seen="1", uploads=[picture()]))
    assert wendy.get(address).status_code == 200
    assert MediaFile.objects.count() == 1


def test_words_are_not_lost_when_a_part_leaves_in_that_moment(desk: Newsdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = desk.approved(due=soon(5))

    def taken(*_anything: object, **_more: object) -> None:
        raise MovedMeanwhileError("the sender was first")

    monkeypatch.setattr(messages, "move", taken)
    answer = signed_in(desk.wendy).post(f"/a/harbour/messages/{message.pk}/write/", typed("Do not lose me", seen="1"))
    assert answer.status_code == 422
    assert "Do not lose me" in answer.text


def test_a_translation_typed_a_moment_ago_is_not_called_old(desk: Newsdesk) -> None:
    connect(desk.agency, "newsroom:harbour", by=desk.wendy)
    Agency.objects.filter(pk=desk.agency.pk).update(languages=["en", "es"])
    form = typed(title="Market", accounts=["newsroom:harbour"], **{"tr:es:text": "El mercado está abierto."})
    wendy = signed_in(desk.wendy)
    assert "Older than the words above" not in wendy.post("/a/harbour/messages/preview/", form).text
    assert "Older than the words above" not in wendy.post(NEW, {**form, "do": "preview"}).text


def test_the_preview_of_an_agency_that_speaks_another_language_first(desk: Newsdesk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(languages=["es", "en"])
    form = typed(
        "El mercado está abierto.",
        language="es",
        **{"tr:en:text": "The market is open.", f"speaks:{ACCOUNTS[1]}": "en"},
    )
    shown = signed_in(desk.wendy).post("/a/harbour/messages/preview/", form).text
    assert "not understood yet" not in shown
    assert "The market is open." in shown


def test_a_correction_by_the_form_keeps_its_mailing_with_and_without_an_hour(desk: Newsdesk) -> None:
    account = "email:news@harbour.example"
    connect(desk.agency, account, by=desk.wendy, sender="news@harbour.example", recipients=["a@x.example"])
    message = desk.approved(accounts=(ACCOUNTS[0], account), content=Content(WORDS, title="Route 7"))
    Delivery.objects.filter(recipient="a@x.example").update(state="sent", settled_at=timezone.now())
    send()
    wendy = signed_in(desk.wendy)
    for due in ("", "2031-05-01T10:00"):
        wendy.post(f"/a/harbour/messages/{message.pk}/correct/", typed("Open again.", title="Route 7", due=due))
        newest = Message.objects.filter(corrects=message).latest("pk").newest
        assert newest.accounts == [account, ACCOUNTS[0]], due
    Delivery.objects.filter(recipient="").update(state="given-up")
    assert wendy.get(f"/a/harbour/messages/{message.pk}/correct/").status_code == 200
