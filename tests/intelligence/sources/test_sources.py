"""A source is listened to while it is open and its terms were read in time, and never at a platform that forbids it (T-100)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from callbox.core.refusal import RefusedError
from callbox.core.state import UndeclaredMoveError
from callbox.governance.models import AuditEvent
from callbox.intelligence.models import Source
from callbox.intelligence.services import sources
from callbox.networks.feeds.polling import Feed
from callbox.networks.mastodon.streaming import PublicStream
from callbox.networks.paper.stream import PaperStream
from callbox.networks.stream import StreamError
from tests.intelligence.watches.hands import Room, add_source, make_room
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def _register(room: Room, **changes: Any) -> Source:
    usual: dict[str, Any] = {
        "agency": room.agency,
        "kind": "feed",
        "title": "Weather",
        "address": "https://weather.example/feed",
        "rights": "May be read by machine, kept a month (2026).",
        "rights_until": (timezone.now() + timedelta(days=50)).date(),
        "by": room.hanna,
    }
    return sources.register(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "a name of"),
        ({"rights": "ok"}, "what its terms allow"),
        ({"rights_until": timezone.now().date()}, "a day ahead"),
        ({"rights_until": timezone.now().date() + timedelta(days=400)}, "within a year"),
        ({"kind": "x"}, "no such kind"),
        ({"kind": "facebook"}, "no such kind"),
        ({"address": "not an address"}, "no address"),
        ({"address": "https://user:secret@weather.example/"}, "no address"),
        ({"address": "https://[broken"}, "no address"),
        ({"address": "http://weather.example/feed"}, "begins with https://"),
        ({"address": "file:///etc/passwd"}, "no address"),
        ({"address": "javascript:alert(1)"}, "no address"),
        ({"kind": "jetstream", "address": "https://weather.example"}, "begins with wss://"),
        ({"address": "https://x.com/i/feed"}, "X developer terms"),
        ({"address": "https://www.facebook.com/riverton/feed"}, "Facebook, Instagram and Threads is not listened to"),
        ({"address": "https://instagram.com/feed"}, "surveillance"),
        ({"address": "https://T.ME/s/group"}, "not said to everybody"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_kept(room: Room, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        _register(room, **changes)
    assert Source.objects.count() == 1


def test_an_address_is_registered_once_an_agency(room: Room, cast: Cast) -> None:
    _register(room)
    with pytest.raises(RefusedError, match="registered already"):
        _register(room)
    with pytest.raises(RefusedError, match="role"):
        _register(room, agency=cast.other)


def test_inside_ones_own_network_an_address_may_be_plain(room: Room, settings: Settings) -> None:
    settings.PRIVATE_HOSTS = ["stream.local:8080"]
    row = _register(room, kind="jetstream", address="ws://stream.local:8080/subscribe")
    assert sources.stream_of(row) is not None


def test_roles_hold(room: Room, cast: Cast) -> None:
    for who in (room.viktor, room.ines, cast.frank, cast.dan):
        with pytest.raises(RefusedError, match="role"):
            _register(room, by=who)
        with pytest.raises(RefusedError, match="role"):
            sources.close(source=room.source, by=who)
        with pytest.raises(RefusedError, match="role"):
            sources.set_token(source=room.source, token="x", by=who)
    _register(room, by=cast.erin)


def test_closing_forgets_the_token_and_opening_begins_now(room: Room) -> None:
    sources.set_token(source=room.source, token="secret", by=room.hanna)
    Source.objects.update(cursor="12345")
    room.source.refresh_from_db()
    sources.close(source=room.source, by=room.hanna)
    assert room.source.secrets == ""
    with pytest.raises(UndeclaredMoveError):
        sources.close(source=room.source, by=room.hanna)
    sources.reopen(source=room.source, by=room.hanna)
    room.source.refresh_from_db()
    assert (room.source.state, room.source.cursor) == ("open", "")


def test_terms_that_are_due_keep_it_closed_until_they_are_read_again(room: Room) -> None:
    sources.close(source=room.source, by=room.hanna)
    today = timezone.now().date()
    Source.objects.update(rights_until=today)
    room.source.refresh_from_db()
    with pytest.raises(RefusedError, match="read again"):
        sources.reopen(source=room.source, by=room.hanna)
    sources.renew_terms(
        source=room.source, rights="Read again, nothing changed.", rights_until=today + timedelta(days=1), by=room.hanna
    )
    sources.reopen(source=room.source, by=room.hanna)
    assert room.source.state == "open"


def test_a_token_is_sealed_sealed_anew_and_in_no_event(room: Room, settings: Settings) -> None:
    row = _register(room, kind="mastodon", address="https://social.example", token="very-secret")
    assert "very-secret" not in row.secrets
    settings.TOKEN_KEYS = ["a newer key that is long enough", *settings.TOKEN_KEYS]
    assert sources.seal_anew() == 1
    settings.TOKEN_KEYS = settings.TOKEN_KEYS[:1]
    row.refresh_from_db()
    assert sources.vault().open(row.secrets) == {"token": "very-secret"}
    settings.TOKEN_KEYS = ["a key of another installation, long"]
    with pytest.raises(StreamError, match="token cannot be opened"):
        sources.stream_of(row)
    assert "very-secret" not in repr(list(AuditEvent.objects.values_list("data", flat=True)))


def test_every_kind_has_its_stream(room: Room) -> None:
    for kind, address in (
        ("jetstream", "wss://a.example"),
        ("firehose", "wss://b.example"),
        ("mastodon", "https://c.example"),
        ("feed", "https://d.example/feed"),
    ):
        assert sources.stream_of(_register(room, kind=kind, address=address, title=kind)) is not None
    assert add_source(room.agency, room.hanna, "wss://e.example").state == "open"


@pytest.mark.parametrize("kind", ["feed", "mastodon"])
def test_an_address_that_may_be_listened_to_leads_to_no_platform_that_may_not(room: Room, kind: str) -> None:
    stream = sources.stream_of(_register(room, kind=kind, address="https://a.example/feed", title=kind))
    assert isinstance(stream, Feed | PublicStream)
    assert stream.barred("mobile.twitter.com")
    assert not stream.barred("b.example")


def test_only_the_demonstration_plays_and_only_what_is_invented(room: Room, settings: Settings) -> None:
    invented = _register(room)
    real = _register(room, address="https://weather.gov/feed", title="Real weather")
    assert [sources.is_played(each) for each in (invented, real)] == [False, False]
    assert not isinstance(sources.stream_of(invented), PaperStream)
    settings.DEMO = True
    assert [sources.is_played(each) for each in (invented, real)] == [True, False]
    assert isinstance(sources.stream_of(invented), PaperStream)
    assert not isinstance(sources.stream_of(real), PaperStream)
