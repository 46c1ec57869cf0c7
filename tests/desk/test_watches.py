"""The pages of watches and sources: what each role sees and can do, and what a page says when it cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Sighting, Silence, Source, Watch
from callbox.intelligence.services import sources, watches
from callbox.people.models import User
from tests.intelligence.watches.hands import Room, allowed, make_room, said
from tests.people import Cast

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def _url(name: str, **rest: int) -> str:
    return reverse(name, kwargs={"agency": "harbour", **rest})


def _typed(room: Room, **changes: Any) -> dict[str, Any]:
    now = timezone.localtime()
    return {
        "title": "River level",
        "purpose": "Warn residents early when the river rises in the town.",
        "basis": "life",
        "reference": "",
        "area": "Riverton",
        "query": "flood river",
        "languages": "en es",
        "sources": [room.source.pk],
        "starts": now.strftime("%Y-%m-%dT%H:%M"),
        "ends": (now + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M"),
        **changes,
    }


def _text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def test_the_empty_page_teaches(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of(cast.bob).get(_url("watches"))
    assert "Nobody listens to anything." in _text(answer)
    assert "Analysts write them." in _text(answer)
    assert "No source yet." in _text(browser_of(cast.bob).get(_url("sources")))


def test_a_watch_goes_from_the_analyst_to_the_commander_by_pages_alone(room: Room, browser_of: Browser) -> None:
    hanna, viktor = browser_of(room.hanna), browser_of(room.viktor)
    answer = hanna.post(_url("new_watch"), _typed(room))
    watch = Watch.objects.get()
    assert answer.headers["Location"] == _url("watch", pk=watch.pk)
    assert watch.newest.languages == ["en", "es"]
    assert "Hand it in" in _text(hanna.get(_url("watch", pk=watch.pk)))
    hanna.post(_url("submit_watch", pk=watch.pk))
    assert "Allow it" in _text(viktor.get(_url("watch", pk=watch.pk)))
    viktor.post(_url("allow_watch", pk=watch.pk), {"seen": watch.newest.digest})
    assert "It listens. It has found 0 posts so far." in _text(viktor.get(_url("watch", pk=watch.pk)))
    viktor.post(_url("end_watch", pk=watch.pk), {"reason": "The water has gone down."})
    watch.refresh_from_db()
    assert watch.state == "ended"
    assert "The water has gone down." in _text(hanna.get(_url("watches")))


def test_a_stopped_watch_explains_itself_and_the_legal_adviser_decides(room: Room, browser_of: Browser) -> None:
    hanna, ines = browser_of(room.hanna), browser_of(room.ines)
    hanna.post(_url("new_watch"), _typed(room, query="flood OR protest"))
    watch = Watch.objects.get()
    hanna.post(_url("submit_watch", pk=watch.pk))
    page = _text(ines.get(_url("watch", pk=watch.pk)))
    assert "touches what the law protects (Protest and assembly)" in page
    assert "words, sign 10." in page
    assert "Callbox River level" not in page
    ines.post(
        _url("sign_watch", pk=watch.pk), {"lawful": "yes", "reason": "Memo 7 explains it.", "seen": watch.newest.digest}
    )
    watch.refresh_from_db()
    assert watch.state == "submitted"
    assert "Memo 7 explains it." in _text(hanna.get(_url("watch", pk=watch.pk)))


def test_an_author_reads_that_somebody_else_must_allow(room: Room, browser_of: Browser) -> None:
    watch = watches.draft(agency=room.agency, said=said(room), by=room.hanna)
    watches.submit(watch=watch, by=room.hanna)
    answer = browser_of(room.hanna).post(_url("refuse_watch", pk=watch.pk), {"reason": "Me"}, follow=True)
    assert "Your role does not include this." in _text(answer)
    watch.refresh_from_db()
    assert watch.state == "submitted"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"query": "(flood"}, "cannot be read"),
        ({"query": ""}, "This field is required"),
        ({"basis": "curiosity"}, "Select a valid choice"),
        ({"basis": "crime"}, "case or plan number"),
        ({"languages": "english"}, "no short name of a language"),
        ({"ends": "2020-01-01T00:00"}, "end after it begins"),
        ({"starts": "9999-12-31T22:00", "ends": "9999-12-31T23:59"}, "Look at the year"),
        ({"sources": []}, "This field is required"),
        ({"starts": "tomorrow"}, "Enter a valid date/time"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    room: Room, browser_of: Browser, changes: dict[str, Any], words: str
) -> None:
    answer = browser_of(room.hanna).post(_url("new_watch"), _typed(room, title="My careful title", **changes))
    assert answer.status_code == 422
    assert words in _text(answer)
    assert "My careful title" in _text(answer)
    assert not Watch.objects.exists()


def _kept(room: Room, key: str, text: str, days: int = 1) -> None:
    at = timezone.now() - timedelta(days=days)
    Sighting.objects.create(
        agency=room.agency,
        source=room.source,
        key=key,
        pseudonym="p",
        text=text,
        at=at,
        seen_at=at,
        review_by=(at + timedelta(days=90)).date(),
    )


def test_words_are_tried_on_what_was_kept_with_their_purpose_in_the_trail(room: Room, browser_of: Browser) -> None:
    _kept(room, "a", "The river is in flood at the bridge")
    _kept(room, "b", "A sunny day")
    _kept(room, "c", "An old flood of the river", days=9)
    answer = browser_of(room.hanna).post(_url("new_watch"), _typed(room, act="try"))
    assert "would have found 1 of the 2 posts" in _text(answer)
    assert "The river is in flood at the bridge" in _text(answer)
    assert not Watch.objects.exists()
    event = AuditEvent.objects.get(action="watch.tried")
    assert event.data["purpose"].startswith("Warn residents early")


@pytest.mark.parametrize("query", ['"Anna Berg" river', "river protest"])
def test_what_a_watch_may_not_listen_for_is_not_tried_either(room: Room, browser_of: Browser, query: str) -> None:
    _kept(room, "a", "Anna Berg at the river protest")
    answer = browser_of(room.hanna).post(_url("new_watch"), _typed(room, act="try", query=query))
    assert "These words were not tried" in _text(answer)
    assert "at the river protest" not in _text(answer)
    assert not AuditEvent.objects.filter(action="watch.tried").exists()


def test_writing_anew_starts_from_what_stands(room: Room, browser_of: Browser) -> None:
    watch = watches.draft(agency=room.agency, said=said(room), by=room.hanna)
    page = _text(browser_of(room.hanna).get(_url("edit_watch", pk=watch.pk)))
    assert "flood (river OR bridge)" in page
    browser_of(room.hanna).post(_url("edit_watch", pk=watch.pk), _typed(room, query="flood bridge"))
    assert watch.newest.query == "flood bridge"
    assert watch.newest.number == 2


def test_a_watch_that_is_allowed_but_cannot_listen_says_why(room: Room, browser_of: Browser) -> None:
    watch = allowed(room)
    sources.close(source=room.source, by=room.hanna)
    page = _text(browser_of(room.viktor).get(_url("watch", pk=watch.pk)))
    assert "does not listen at this moment" in page
    assert "none of its sources is open" in page


def test_a_source_is_registered_renewed_closed_and_opened_by_pages(room: Room, browser_of: Browser) -> None:
    hanna = browser_of(room.hanna)
    until = (timezone.now() + timedelta(days=50)).date().isoformat()
    typed = {
        "kind": "feed",
        "title": "Weather",
        "address": "https://weather.example/feed",
        "rights": "May be read by machine, kept a month (2026).",
        "rights_until": until,
    }
    hanna.post(_url("new_source"), typed)
    row = Source.objects.get(title="Weather")
    hanna.post(_url("close_source", pk=row.pk))
    assert "Closed: no watch listens here." in _text(hanna.get(_url("source", pk=row.pk)))
    hanna.post(_url("reopen_source", pk=row.pk))
    answer = hanna.post(_url("renew_source", pk=row.pk), {"rights": "short", "rights_until": until})
    assert answer.status_code == 422
    assert "Write down what its terms allow" in _text(answer)
    hanna.post(
        _url("renew_source", pk=row.pk), {"rights": "Read again, nothing changed in June.", "rights_until": until}
    )
    row.refresh_from_db()
    assert row.rights.startswith("Read again")
    page = _text(browser_of(room.viktor).get(_url("source", pk=row.pk)))
    assert "Read again, nothing changed" in page
    assert "Close it" not in page


def test_silences_terms_and_barred_platforms_are_shown(room: Room, browser_of: Browser) -> None:
    now = timezone.now()
    Silence.objects.create(
        source=room.source, began_at=now - timedelta(hours=2), noticed_at=now, expected=120.0, heard=3
    )
    listed = _text(browser_of(room.hanna).get(_url("sources")))
    assert "Silent" in listed
    assert "X developer terms" in listed
    page = _text(browser_of(room.hanna).get(_url("source", pk=room.source.pk)))
    assert "still silent" in page
    assert "120" in page
    answer = browser_of(room.hanna).post(
        _url("new_source"),
        {
            "kind": "feed",
            "title": "X",
            "address": "https://x.com/feed",
            "rights": "I did not read them really",
            "rights_until": "2027-01-01",
        },
    )
    assert "X (Twitter) is not listened to" in _text(answer)


def test_a_token_is_never_shown_again(room: Room, browser_of: Browser) -> None:
    Source.objects.filter(pk=room.source.pk).update(kind="mastodon")
    hanna = browser_of(room.hanna)
    hanna.post(_url("source_token", pk=room.source.pk), {"token": "very-secret-token"})
    room.source.refresh_from_db()
    assert room.source.secrets
    assert "very-secret-token" not in room.source.secrets + _text(hanna.get(_url("source", pk=room.source.pk)))
    assert sources.vault().open(room.source.secrets) == {"token": "very-secret-token"}


def test_the_page_on_which_a_watch_is_written_says_how_its_gates_stand(
    room: Room, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = browser_of(room.hanna)
    before = _text(desk.get(_url("new_watch")))
    assert before.count("not measured yet") == 2
    monkeypatch.setattr("callbox.maturity.queries.shown_levels", lambda _agency: {"I1": 2, "I3": 3})
    after = _text(desk.get(_url("new_watch")))
    assert "By the model, no watch should run." in after
    assert "By the model, no new watch should begin." not in after
    assert "/practices/I1/" in after


def test_what_was_written_anew_while_somebody_read_is_neither_allowed_nor_signed(
    room: Room, browser_of: Browser
) -> None:
    viktor = browser_of(room.viktor)
    watch = watches.draft(agency=room.agency, said=said(room), by=room.hanna)
    watches.submit(watch=watch, by=room.hanna)
    read = watch.newest.digest
    page = _text(viktor.get(_url("watch", pk=watch.pk)))
    assert read in page
    watches.save(watch=watch, said=said(room, query="storm"), by=room.hanna)
    watches.submit(watch=watch, by=room.hanna)
    answer = viktor.post(_url("allow_watch", pk=watch.pk), {"seen": read}, follow=True)
    assert "written anew after you opened the page" in _text(answer)
    watch.refresh_from_db()
    assert watch.state == "submitted"
    viktor.post(_url("allow_watch", pk=watch.pk), {"seen": watch.newest.digest})
    watch.refresh_from_db()
    assert watch.state == "allowed"
