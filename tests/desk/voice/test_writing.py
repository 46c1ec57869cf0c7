"""Writing on the desk: what was typed is never lost, and the preview is what will be sent."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from callbox.people.models import Agency, Beat
from callbox.trust.models import Subscription
from callbox.trust.models.subscriptions import packed
from callbox.voice.models import Message
from tests.flows.newsdesk import ACCOUNTS, Newsdesk, connect
from tests.people import Cast, signed_in

NEW = "/a/harbour/messages/new/"


def typed(text: str = "The market is open.", **more: Any) -> dict[str, Any]:
    fields = {"text": text, "title": "", "link": "", "language": "en", "accounts": list(ACCOUNTS), "seen": "0"}
    return {**fields, "do": "save", **more}


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return SimpleUploadedFile("map.png", file.getvalue(), content_type="image/png")


def only_message() -> Message:
    return Message.objects.get()


def test_a_message_is_saved_and_its_preview_stands_beside_it(desk: Newsdesk) -> None:
    client = signed_in(desk.wendy)
    answer = client.post(NEW, typed(), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/a/harbour/messages/{only_message().pk}/write/"
    assert page.count("19 of 500 characters") == 2
    assert "Nothing stands in its way." in page


def test_an_hour_is_read_on_the_agencys_clock(desk: Newsdesk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(time_zone="America/New_York")
    client = signed_in(desk.wendy)
    client.post(NEW, typed(due="2030-07-04T18:30"))
    assert only_message().newest.due == datetime(2030, 7, 4, 22, 30, tzinfo=UTC)
    page = client.get(f"/a/harbour/messages/{only_message().pk}/write/").content.decode()
    assert 'value="2030-07-04T18:30"' in page
    assert "America/New_York" in page
    assert "2030-07-04 22:30 UTC" in client.get(f"/a/harbour/messages/{only_message().pk}/").content.decode()


def test_an_hour_that_no_clock_shows_is_refused_and_the_words_stay(desk: Newsdesk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(time_zone="Europe/Oslo")
    answer = signed_in(desk.wendy).post(NEW, typed("Do not lose me", due="2030-03-31T02:30"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "set forward over this hour" in page
    assert "Do not lose me" in page
    assert not Message.objects.exists()


def test_nonsense_in_the_hour_is_told_beside_its_field(desk: Newsdesk) -> None:
    for nonsense in (
        "soon",
        "2030-05-03T18:30+05:00",
        "2030-13-45T99:00",
        "99999999999-01-01T00:00",
        "0001-01-01T00:00",
    ):
        answer = signed_in(desk.wendy).post(NEW, typed("Keep me", due=nonsense))
        assert answer.status_code == 422, nonsense
        assert "Keep me" in answer.content.decode()


def test_an_image_without_script_is_kept_and_asks_what_it_shows(desk: Newsdesk) -> None:
    client = signed_in(desk.wendy)
    page = client.post(NEW, typed(uploads=[picture()]), follow=True).content.decode()
    (media,) = only_message().newest.written.media
    assert f'name="alt:{media.sha256}"' in page
    assert "Before it can be approved" in page
    shown = client.get(f"/a/harbour/messages/images/{media.sha256}/")
    assert shown["Content-Type"] == media.type
    assert len(shown.content) == media.size
    described = typed(
        seen="1", media=[media.sha256], **{f"alt:{media.sha256}": "A map of the harbour, the east pier closed."}
    )
    page = client.post(f"/a/harbour/messages/{only_message().pk}/write/", described, follow=True).content.decode()
    assert only_message().newest.written.media[0].alt == "A map of the harbour, the east pier closed."
    assert "Nothing stands in its way." in page


def test_an_image_is_taken_out_again(desk: Newsdesk) -> None:
    client = signed_in(desk.wendy)
    client.post(NEW, typed(uploads=[picture()]))
    (media,) = only_message().newest.written.media
    gone = typed(seen="1", media=[media.sha256], **{f"remove:{media.sha256}": "on"})
    client.post(f"/a/harbour/messages/{only_message().pk}/write/", gone)
    assert only_message().newest.written.media == ()


def test_a_video_comes_with_its_captions(desk: Newsdesk) -> None:
    video = SimpleUploadedFile("patrol.mp4", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 64)
    client = signed_in(desk.wendy)
    page = client.post(NEW, typed(uploads=[video]), follow=True).content.decode()
    assert "Captions are missing" in page
    (media,) = only_message().newest.written.media
    captions = SimpleUploadedFile("patrol.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nWe walk the harbour.\n")
    place = f"/a/harbour/messages/{only_message().pk}/write/"
    described = {f"alt:{media.sha256}": "Two officers walk along the pier."}
    typed_on = typed(seen="1", media=[media.sha256], uploads=[captions], **described)
    assert "Its captions are kept." in client.post(place, typed_on, follow=True).content.decode()
    (media,) = only_message().newest.written.media
    assert media.captions
    again = typed("Other words.", seen="2", media=[media.sha256], **described)
    client.post(place, again | {f"captions:{media.sha256}": media.captions})
    assert only_message().newest.written.media[0].captions == media.captions
    page = client.get(f"/a/harbour/messages/{only_message().pk}/").content.decode()
    for sha256 in (media.sha256, media.captions):
        assert f'src="/a/harbour/messages/images/{sha256}/"' in page
        answer = client.get(f"/a/harbour/messages/images/{sha256}/", headers={"range": "bytes=4-7"})
        assert (answer.status_code, answer["Content-Length"]) == (206, "4")
        assert b"".join(answer.streaming_content) in {b"ftyp", b"TT\n\n"}  # type: ignore[attr-defined]
        for close in answer._resource_closers:  # type: ignore[attr-defined]  # the file, not the test’s connection
            close()


def test_captions_without_a_video_are_told(desk: Newsdesk) -> None:
    captions = SimpleUploadedFile("patrol.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n")
    page = signed_in(desk.wendy).post(NEW, typed(uploads=[captions]), follow=True).content.decode()
    assert "Captions belong to a video" in page


def test_a_file_that_is_no_image_is_refused_and_the_words_stay(desk: Newsdesk) -> None:
    bad = SimpleUploadedFile("notes.png", b"no picture at all", content_type="image/png")
    answer = signed_in(desk.wendy).post(NEW, typed("Keep me too", uploads=[bad]))
    assert answer.status_code == 422
    assert "notes.png" in answer.content.decode()
    assert "Keep me too" in answer.content.decode()


def test_another_agencys_image_does_not_exist(desk: Newsdesk, cast: Cast) -> None:
    signed_in(desk.wendy).post(NEW, typed(uploads=[picture()]))
    (media,) = only_message().newest.written.media
    dan = signed_in(cast.dan)
    assert dan.get(f"/a/harbour/messages/images/{media.sha256}/").status_code == 404
    assert dan.get(f"/a/valley/messages/images/{media.sha256}/").status_code == 404


def test_the_preview_button_saves_nothing_and_keeps_every_word(desk: Newsdesk) -> None:
    own = {f"own:{ACCOUNTS[0]}": "Shorter here."}
    page = signed_in(desk.wendy).post(NEW, typed(do="preview", **own)).content.decode()
    assert not Message.objects.exists()
    assert "The market is open.</textarea>" in page
    assert "13 of 500 characters" in page
    assert "19 of 500 characters" in page


def test_the_live_preview_says_what_is_too_long(desk: Newsdesk) -> None:
    client = signed_in(desk.wendy)
    page = client.post("/a/harbour/messages/preview/", typed("x" * 501)).content.decode()
    assert "501 of 500 characters" in page
    assert "Before it can be approved" in page
    faulty = client.post("/a/harbour/messages/preview/", typed(due="never")).content.decode()
    assert "a field is not understood yet" in faulty


def test_a_conflicting_save_keeps_what_was_typed_and_shows_both(desk: Newsdesk) -> None:
    message = desk.write("First words")
    place = f"/a/harbour/messages/{message.pk}/write/"
    one, two = signed_in(desk.wendy), signed_in(desk.olu)
    one.post(place, typed("Wendy was faster", seen="1"))
    answer = two.post(place, typed("Olu typed for an hour", seen="1"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Wendy was faster" in page
    assert "Olu typed for an hour</textarea>" in page
    assert message.newest.written.text == "Wendy was faster"
    assert 'name="seen" value="2"' in page
    two.post(place, typed("Olu typed for an hour", seen="2"))
    assert message.newest.written.text == "Olu typed for an hour"


def test_a_message_with_problems_is_saved_and_says_them(desk: Newsdesk) -> None:
    page = signed_in(desk.wendy).post(NEW, typed("", do="submit"), follow=True).content.decode()
    assert only_message().state == "draft"
    assert "saved but not submitted" in page


def test_a_message_that_left_can_no_longer_be_changed(desk: Newsdesk, client: Client) -> None:
    message = desk.write()
    Message.objects.filter(pk=message.pk).update(state="out")
    client.force_login(desk.wendy)
    answer = client.get(f"/a/harbour/messages/{message.pk}/write/", follow=True)
    assert "can no longer be changed" in answer.content.decode()


def test_beats_are_asked_for_where_there_are_letters_and_the_preview_counts_them(desk: Newsdesk) -> None:
    account = "email:news@harbour.example"
    river = Beat.objects.create(agency=desk.agency, code="river", name="Riverside", shape={}, at=timezone.now())
    wendy = signed_in(desk.wendy)
    assert "Whose letters" not in wendy.get(NEW).text
    connect(desk.agency, account, by=desk.wendy, sender="news@harbour.example")
    page = wendy.get(NEW).text
    assert "Whose letters" in page
    assert "Riverside" in page
    names = {"agency": desk.agency, "state": "confirmed", "asked_at": timezone.now()}
    for number, beat in enumerate((river, river, None)):
        chosen = packed([beat.pk] if beat else ())
        Subscription.objects.create(**names, beats=chosen, address_digest=str(number), secret_digest=str(number))
    Subscription.objects.create(**names, language="es", address_digest="9", secret_digest="9")
    form = {
        "text": "The bridge is closed.", "title": "Bridge", "language": "en", "accounts": [account], "beats": ["river"], "seen": "0",
    }  # fmt: skip
    shown = wendy.post("/a/harbour/messages/preview/", form).text
    assert "3 letters will leave." in shown
    assert "the whole area 1, Riverside 2." in " ".join(shown.split())
    wendy.post(NEW, {**form, "do": "save"})
    assert Message.objects.get().newest.written.beats == ("river",)
    Beat.objects.filter(pk=river.pk).update(ended_at=timezone.now())
    page = wendy.get(f"/a/harbour/messages/{Message.objects.get().pk}/write/").text
    assert "A beat its letters go to was ended" in page
    assert 'value="river"' in page, "it can be taken out"


def test_the_same_in_another_language_is_written_beside_it_and_asked_for_when_the_words_change(desk: Newsdesk) -> None:
    wendy = signed_in(desk.wendy)
    assert "other languages" not in wendy.get(NEW).text, "the agency speaks one language"
    Agency.objects.filter(pk=desk.agency.pk).update(languages=["en", "es"])
    assert "The same in other languages" in wendy.get(NEW).text
    form = typed(**{"tr:es:text": "El mercado está abierto.", f"speaks:{ACCOUNTS[1]}": "es"})
    shown = wendy.post("/a/harbour/messages/preview/", form).text
    assert 'lang="es" dir="auto"><p>El mercado está abierto.' in shown
    wendy.post(NEW, form)
    message = only_message()
    assert message.newest.written.speaks == {ACCOUNTS[1]: "es"}
    place = f"/a/harbour/messages/{message.pk}/write/"
    assert "It still says the same" not in wendy.get(place).text
    changed = {**form, "text": "The market is closed.", "seen": "1"}
    page = wendy.post(place, changed, follow=True).text
    assert "The words were changed since this was translated." in page
    assert "It still says the same" in page
    assert "is older than the words" in page
    page = wendy.post(place, {**changed, "seen": "2", "tr:es:fits": "on"}, follow=True).text
    assert "The words were changed since" not in page
    assert "is older than the words" not in page
    page = wendy.post(place, {**changed, "seen": "3", "language": "es"}).text
    assert "The message itself is in this language now" in page
    assert "El mercado está abierto." in page


def test_an_approver_sees_which_translation_changed(desk: Newsdesk) -> None:
    Agency.objects.filter(pk=desk.agency.pk).update(languages=["en", "es"])
    wendy = signed_in(desk.wendy)
    wendy.post(NEW, typed(**{"tr:es:text": "El mercado está abierto."}))
    place = f"/a/harbour/messages/{only_message().pk}/"
    wendy.post(f"{place}write/", typed(**{"tr:es:text": "El mercado abre hoy.", "seen": "1"}))
    page = wendy.get(place).text
    assert "Words in Spanish" in page
    assert "<ins>abre</ins>" in page or "<ins>abre" in page
