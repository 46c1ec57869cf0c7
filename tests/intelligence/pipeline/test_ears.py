"""Sources are connected only while a watch may listen, by one worker each, and gone on with where they broke off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.utils import timezone

from callbox.intelligence.models import Listening, Sighting, Source, Watch
from callbox.intelligence.pipeline.ears import Ears
from callbox.networks.stream import StreamError
from tests.intelligence.pipeline.place import Place, log_in, source_of, watch_of
from tests.intelligence.pipeline.scripted import Scripted, post
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def until(ask: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not ask():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def place(cast: Cast, tmp_path: Path) -> Iterator[Place]:
    with log_in(tmp_path) as log:
        yield Place(source_of(cast.agency, cast.alice), log)


def ears(place: Place, stream: Scripted, told: list[str] | None = None) -> Ears:
    return Ears(
        lambda _source: stream,
        place.log,
        heard=lambda *_all: None,
        failed=lambda _source, said: (told if told is not None else []).append(said),
    )


def test_a_source_without_a_watch_is_not_connected_and_one_whose_watch_ended_is_let_go(
    place: Place, cast: Cast
) -> None:
    stream = Scripted([[post(1)]])
    with closing(ears(place, stream)) as one:
        one.look()
        assert stream.asked == []
        watch_of(place.source, cast.alice, cast.bob)
        one.look()
        until(place.log.waiting)
        Watch.objects.update(state="ended")
        one.look()
        until(lambda: _looked(one) == "")
        assert stream.asked == [""]


def _looked(one: Ears) -> str:
    one.look()
    return Listening.objects.get().worker


def test_a_source_belongs_to_one_worker_and_goes_to_another_when_that_one_is_gone(place: Place, cast: Cast) -> None:
    watch_of(place.source, cast.alice, cast.bob)
    first, second = Scripted([[post(1)]]), Scripted([[post(1)], [post(2)]])
    with closing(ears(place, first)) as one, closing(ears(place, second)) as other:
        one.look()
        until(lambda: Source.objects.get().cursor == "1")
        other.look()
        assert second.asked == []
        Listening.objects.update(until=timezone.now())  # the first one gives no sign of life any more
        other.look()
        until(lambda: Source.objects.get().cursor == "2")
        assert second.asked == ["1"]
        one.look()
        until(lambda: _looked(one) == other.worker)
        assert Listening.objects.get().worker == other.worker
    place.keep()
    assert Sighting.objects.count() == 2
    assert Listening.objects.get().worker == ""


def test_a_stream_that_breaks_off_is_gone_on_with_at_its_cursor(place: Place, cast: Cast) -> None:
    watch_of(place.source, cast.alice, cast.bob)
    stream, told = Scripted([[post(1)], StreamError("busy", after=0.01), [post(2)]]), list[str]()
    with closing(ears(place, stream, told)) as one:
        one.look()
        until(lambda: place.log.waiting() == 2)
    assert (stream.asked, told) == (["", "1"], ["busy"])


def test_a_new_watch_is_heard_without_connecting_anew(place: Place, cast: Cast) -> None:
    watch_of(place.source, cast.alice, cast.bob, query="nothing of this")
    stream = Scripted([])
    with closing(ears(place, stream)) as one:
        one.look()
        until(lambda: stream.asked)
        watch_of(place.source, cast.alice, cast.bob, query="cat")
        one.look()
        stream.script = [[post(1, "a cat")]]
        (ear,) = one._ears.values()
        ear.listener.take(next(stream.listen("", ear.stop)))
        assert place.log.waiting() == 1


def test_another_token_connects_anew(place: Place, cast: Cast) -> None:
    watch_of(place.source, cast.alice, cast.bob)
    refused, opened = Scripted([StreamError("a token is needed", after=3600)]), Scripted([[post(1)]])
    tokens: list[str] = []

    def opener(source: Source) -> Scripted:
        tokens.append(source.secrets)
        return opened if source.secrets else refused

    with closing(Ears(opener, place.log, heard=lambda *_all: None, failed=lambda *_all: None)) as one:
        one.look()
        until(lambda: refused.asked)
        Source.objects.update(secrets="sealed")
        one.look()
        until(lambda: _looked(one) and place.log.waiting())
    assert tokens == ["", "sealed"]


def test_a_source_that_cannot_be_opened_says_so_and_stops_no_other(
    place: Place, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "callbox.listen")
    watch_of(place.source, cast.alice, cast.bob)
    watch_of(good := source_of(cast.agency, cast.alice, address="wss://good.example"), cast.alice, cast.bob)
    stream, told = Scripted([[post(1)]]), list[str]()

    def opener(source: Source) -> Scripted:
        if source.pk != good.pk:
            raise KeyError(source.kind)
        return stream

    with closing(Ears(opener, place.log, heard=lambda *_all: None, failed=lambda _s, said: told.append(said))) as one:
        one.look()
        until(place.log.waiting)
    assert told == ["KeyError"]
