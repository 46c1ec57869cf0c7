"""The newsroom as residents and machines read it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
import time_machine
from django.test import Client

from callbox.core.signing import parse_public
from callbox.networks.accounts.models import Account
from callbox.networks.contract import Session
from callbox.networks.newsroom.entries import address
from callbox.networks.vocabulary import Wording
from callbox.people.models import Agency
from callbox.portal.newsroom.feeds import address as portal_address
from tests.people import Cast
from tests.portal.entries import WHEN, connect, key, no_media, picture, rendition


@pytest.fixture
def newsroom(cast: Cast) -> Session:
    return connect(cast.agency, cast.bob)


def read(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def parsed(path: str) -> Any:
    return feedparser.parse(read(path))  # type: ignore[attr-defined, no-untyped-call]  # ships no types


def test_a_corrected_entry_says_so_and_shows_what_it_said(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Closed until <noon>."), key=key("a"), media=no_media)
    newsroom.edit(sent.remote_id, rendition(cast.agency, "Closed until three."), key=key("b"), media=no_media)
    page = read(f"/p/harbour/news/{sent.remote_id}/")
    assert "Corrected on" in page
    now, _heading, before = page.partition('id="before"')
    assert "Closed until three." in now
    assert "Closed until &lt;noon&gt;." in before
    assert "Closed until &lt;noon&gt;." not in now


@time_machine.travel(datetime(2026, 5, 3, 8, 30, tzinfo=UTC), tick=False)
def test_the_line_of_a_correction_ends_in_one_full_stop(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Closed until noon."), key=key("a"), media=no_media)
    newsroom.edit(sent.remote_id, rendition(cast.agency, "Closed until three."), key=key("b"), media=no_media)
    assert "8:30 a.m.</strong>" in read(f"/p/harbour/news/{sent.remote_id}/")
    newsroom.withdraw(sent.remote_id)
    assert "8:30 a.m.</strong>" in read(f"/p/harbour/news/{sent.remote_id}/")


def test_a_withdrawn_entry_says_so_and_its_picture_is_gone(cast: Cast, newsroom: Session) -> None:
    image = picture(cast.agency)
    sent = newsroom.publish(rendition(cast.agency, "Missing.", pictures=(image,)), key=key("a"), media=no_media)
    path = f"/p/harbour/media/{image.sha256}"
    answer = Client().get(path)
    assert b"".join(answer.streaming_content) == b"\x89PNG picture"  # type: ignore[attr-defined]
    for close in answer._resource_closers:  # type: ignore[attr-defined]  # the file, not the test's connection
        close()
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Client().get(path, headers={"if-none-match": f'"{image.sha256}"'}).status_code == 304
    assert Client().get(path.replace("harbour", "valley")).status_code == 404
    newsroom.withdraw(sent.remote_id)
    assert "Withdrawn on" in read(f"/p/harbour/news/{sent.remote_id}/")
    assert Client().get(path).status_code == 404


def test_a_player_gets_the_part_of_a_video_that_it_asks_for(cast: Cast, newsroom: Session) -> None:
    video = replace(picture(cast.agency, b"0123456789"), kind="video", type="video/mp4", captions="f" * 64)
    newsroom.publish(rendition(cast.agency, "Look.", pictures=(video,)), key=key("a"), media=no_media)
    path = f"/p/harbour/media/{video.sha256}"
    for asked, status, says, data in (
        ({"range": "bytes=0-1"}, 206, "bytes 0-1/10", b"01"),
        ({"range": "bytes=8-", "if-range": f'"{video.sha256}"'}, 206, "bytes 8-9/10", b"89"),
        ({"range": "bytes=8-", "if-range": '"another"'}, 200, None, b"0123456789"),
    ):
        answer = Client().get(path, headers=asked)
        assert (answer.status_code, answer.headers.get("Content-Range")) == (status, says)
        assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
        assert answer["Accept-Ranges"] == "bytes"
        assert "max-age=600" in answer["Cache-Control"]
        for close in answer._resource_closers:  # type: ignore[attr-defined]  # the file, not the test's connection
            close()
    assert Client().get(path, headers={"range": "bytes=10-"}).status_code == 416
    assert Client().get(f"/p/harbour/media/{'f' * 64}").status_code == 404  # named, and lost from the disk


def test_a_file_of_the_agency_that_was_never_published_is_not_served(cast: Cast, newsroom: Session) -> None:
    secret = picture(cast.agency, b"not for the public")
    newsroom.publish(rendition(cast.agency, f"Words that name {secret.sha256}"), key=key("a"), media=no_media)
    assert Client().get(f"/p/harbour/media/{secret.sha256}").status_code == 404


def test_the_list_is_paged_and_each_entry_stands_in_it_once(cast: Cast, newsroom: Session) -> None:
    for number in range(23):
        newsroom.publish(rendition(cast.agency, "x", title=f"Entry {number:02}"), key=key(str(number)), media=no_media)
    first, second = read("/p/harbour/news/"), read("/p/harbour/news/page/2/")
    assert first.count("<h2") == 20
    assert second.count("<h2") == 3
    assert Client().get("/p/harbour/news/page/3/").status_code == 404


def test_the_atom_feed_is_whole_and_keeps_one_name_an_entry(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Closed & <b>dark</b>", title="A & B"), key=key("a"), media=no_media)
    newsroom.edit(sent.remote_id, rendition(cast.agency, "Open.", title="A & B"), key=key("b"), media=no_media)
    for prefix in ("", "/ar"):
        feed = parsed(f"{prefix}/p/harbour/news/feed.atom")
        assert not feed.bozo
        (entry,) = feed.entries
        assert (entry.title, entry.id, entry.link) == ("A & B", sent.url, sent.url)
        assert "Open." in entry.summary
        assert entry.updated > entry.published


def test_signs_that_xml_cannot_hold_break_no_feed(cast: Cast, newsroom: Session) -> None:
    words = rendition(cast.agency, "Copied\x0bfrom a slide\x08\ufffe", title="Road\x0bclosed\uffff")
    newsroom.publish(words, key=key("slide"), media=no_media)
    Agency.objects.filter(pk=cast.agency.pk).update(name="Harbour\x0bCity\ufffePolice")
    feed = parsed("/p/harbour/news/feed.atom")
    (entry,) = feed.entries
    assert not feed.bozo
    assert (entry.title, entry.author) == ("Road closed", "Harbour City Police")
    assert feed.feed.title == "News of Harbour City Police"


def test_an_empty_feed_is_a_feed_and_the_same_twice(cast: Cast) -> None:
    assert not parsed("/p/harbour/news/feed.atom").bozo
    assert read("/p/harbour/news/feed.atom") == read("/p/harbour/news/feed.atom")
    assert json.loads(read("/p/harbour/news/feed.json"))["items"] == []


def test_the_json_feed_keeps_the_rules_of_its_version(cast: Cast, newsroom: Session) -> None:
    image = picture(cast.agency)
    newsroom.publish(rendition(cast.agency, "Cerrado.", pictures=(image,)), key=key("a"), media=no_media)
    answer = Client().get("/p/harbour/news/feed.json")
    assert answer["Content-Type"] == "application/feed+json"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "items", "home_page_url", "feed_url"} <= set(feed)
    (item,) = feed["items"]
    assert isinstance(item["id"], str)
    assert item["content_text"] == "Cerrado."
    assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
    assert [set(each) for each in item["attachments"]] == [{"url", "mime_type", "title", "size_in_bytes"}]
    assert all(name in _ITEM or name.startswith("_") for name in item)


_ITEM = {
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image", "date_published",
    "date_modified", "authors", "tags", "language", "attachments",
}  # fmt: skip


def test_anyone_can_check_a_signed_copy_with_the_published_key(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "Use Mill Road."), key=key("a"), media=no_media)
    (edition,) = json.loads(read(f"/p/harbour/news/{sent.remote_id}/signed.json"))["editions"]
    assert edition["key"] in read("/p/harbour/news/key/").replace("&#x2B;", "+").replace("&#61;", "=")
    signature = base64.b64decode(edition["signature"])
    assert parse_public(edition["key"]).verifies(signature, edition["document"].encode())
    assert "Use Mill Road." in json.loads(edition["document"])["shown"]["text"]


def test_the_network_and_the_portal_mean_the_same_address(cast: Cast, newsroom: Session) -> None:
    sent = newsroom.publish(rendition(cast.agency, "x"), key=key("a"), media=no_media)
    assert sent.url == address(cast.agency, sent.remote_id)
    assert sent.url == portal_address("portal_entry", cast.agency, slug=sent.remote_id)
    assert newsroom.identity().url == portal_address("portal_news", cast.agency)


def test_only_official_accounts_that_are_meant_to_be_shown_stand_on_the_list(cast: Cast) -> None:
    rows = [
        ("mastodon:police@a.example", True, True),
        ("x:old", True, False),
        ("x:fake", False, True),
        ("x:maybe", None, True),
    ]
    for account, official, shown in rows:
        Account.objects.create(agency=cast.agency, account=account, official=official, shown=shown, by=cast.bob, at=WHEN,
                               address="https://a.example/@police")  # fmt: skip
    page = read("/p/harbour/accounts/")
    assert '<a href="https://a.example/@police" rel="me">police@a.example</a>' in page
    assert not [handle for handle in ("old", "fake", "maybe") if f">{handle}<" in page]


def test_another_agencys_entries_are_not_ours(cast: Cast, newsroom: Session) -> None:
    theirs = connect(cast.other, cast.dan).publish(rendition(cast.other, "CANARY"), key=key("v"), media=no_media)
    for path in ("/p/harbour/", "/p/harbour/news/", "/p/harbour/news/feed.atom", "/p/harbour/news/feed.json"):
        assert "CANARY" not in read(path)
        assert theirs.remote_id not in read(path)
    for path in ("", "signed.json"):
        assert Client().get(f"/p/harbour/news/{theirs.remote_id}/{path}").status_code == 404


def test_each_language_version_stands_on_the_page_of_its_language(cast: Cast, newsroom: Session) -> None:
    versions = (
        Wording("es", "Cerrado hasta las tres.", "Calle cerrada"),
        Wording("ar", "مغلق حتى الثالثة."),
        Wording("pl", "Zamknięte do trzeciej.", "Droga zamknięta"),
    )
    said = replace(rendition(cast.agency, "Closed until three."), translations=versions)
    sent = newsroom.publish(said, key=key("a"), media=no_media)
    path = f"/p/harbour/news/{sent.remote_id}/"
    english, spanish, arabic, french = read(path), read(f"/es{path}"), read(f"/ar{path}"), read(f"/fr{path}")
    assert "Closed until three." in english
    assert "Cerrado" not in english
    assert f'<a href="/es{path}" lang="es" hreflang="es" rel="alternate">' in english
    assert f'<a href="/fr{path}" lang="fr" hreflang="fr" rel="alternate">' not in english
    assert '<h1 lang="es" dir="auto">Calle cerrada</h1>' in spanish
    assert '<div class="prose" lang="es" dir="auto"><p>Cerrado hasta las tres.</p></div>' in spanish
    assert "Closed until three." not in spanish
    assert '<h1 lang="en" dir="auto">Road closed</h1>' in arabic, (
        "a version without a title keeps the one that was written"
    )
    assert "مغلق حتى الثالثة." in arabic
    assert "Closed until three." in french, "no such version: as it was written"
    for page in (english, spanish, arabic):
        assert '<div class="prose" lang="pl" dir="auto"><h2>Droga zamknięta</h2>' in page, (
            "the portal has no Polish pages"
        )
    assert "Calle cerrada" in read("/es/p/harbour/news/")
    signed = json.loads(read(f"/p/harbour/news/{sent.remote_id}/signed.json"))
    assert "Cerrado hasta las tres." in json.dumps(signed, ensure_ascii=False)


def test_a_translation_that_stayed_behind_a_correction_says_so(cast: Cast, newsroom: Session) -> None:
    behind = Wording("es", "Cerrado hasta las tres.", "Calle cerrada", behind=True)
    said = replace(rendition(cast.agency, "Correction: closed until five."), translations=(behind,))
    sent = newsroom.publish(said, key=key("a"), media=no_media)
    page = read(f"/es/p/harbour/news/{sent.remote_id}/")
    assert "todavía no está en esta traducción" in page
    assert page.index("Cerrado hasta las tres.") < page.index("closed until five.")
    assert "todavía no está" not in read(f"/p/harbour/news/{sent.remote_id}/")
