"""What a watch matched is kept once, veiled, while the watch may listen, and nothing else."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from callbox.core.log.contract import TRIES, Entry
from callbox.governance.models import AuditEvent, Hold
from callbox.intelligence import pseudonyms
from callbox.intelligence.models import Listening, Match, SetAside, Sighting, Source, Watch
from callbox.intelligence.pipeline import keeping
from callbox.intelligence.pipeline.findings import read
from callbox.intelligence.services import sightings
from callbox.intelligence.services.listening import OvertakenError, claim
from tests.intelligence.pipeline.place import Place, log_in, source_of, watch_of
from tests.intelligence.pipeline.scripted import AT, account_gone, gone, post
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_only_what_a_watch_matched_is_kept_with_the_words_that_decided(place: Place, watch: Watch) -> None:
    place.run([post(1), post(2, "a cat in a tree"), post(3, "Fire! At the HARBOUR!")])
    assert [row.text for row in Sighting.objects.order_by("pk")] == ["fire at the harbour", "Fire! At the HARBOUR!"]
    assert {(each.watch_id, each.digest, tuple(each.words)) for each in Match.objects.all()} == {
        (watch.pk, watch.newest.digest, ("fire", "harbour"))
    }
    assert Source.objects.get().cursor == "1"


def test_what_none_matched_is_on_no_disk(place: Place, watch: Watch, tmp_path: Path) -> None:
    place.run([post(1), post(2, "a secretive cat", author="did:plc:quietperson")])
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"secretive" not in files
    assert b"quietperson" not in files


def test_no_name_of_an_account_is_in_the_log_or_in_the_open_columns(place: Place, watch: Watch, tmp_path: Path) -> None:
    words = "fire at the harbour, says Rosa Quill to @bertha.bsky.social and ask tom@example.org"
    place.hear(post(1, words, url="https://bsky.app/profile/did:plc:rosa/post/1"))
    logged = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    place.keep()
    row = Sighting.objects.get()
    opened = " ".join([row.text, row.pseudonym, row.key]).encode()
    for name in (b"rosa", b"Rosa", b"Quill", b"bertha", b"tom@"):
        assert name not in logged
        assert name not in opened
    assert row.text.startswith("fire at the harbour, says @p")
    assert pseudonyms.open_author(row) == {
        "author": "did:plc:rosa",
        "name": "Rosa Quill",
        "id": "at://did:plc:rosa/app.bsky.feed.post/1",
        "url": "https://bsky.app/profile/did:plc:rosa/post/1",
    }


def test_an_author_has_one_pseudonym_in_an_agency_and_another_in_the_next(
    place: Place, watch: Watch, cast: Cast
) -> None:
    other = source_of(cast.other, cast.dan)
    watch_of(other, cast.dan, cast.alice)
    place.hear(post(1), post(2))
    place.hear(post(1), listener=place.listener(source=other))
    place.keep()
    ours = set(Sighting.objects.of(cast.agency).values_list("pseudonym", flat=True))
    theirs = set(Sighting.objects.of(cast.other).values_list("pseudonym", flat=True))
    assert (len(ours), len(theirs), len(ours | theirs)) == (1, 1, 2)


def test_a_watch_cannot_listen_for_an_account(place: Place, cast: Cast) -> None:
    watch_of(place.source, cast.alice, cast.bob, query="bertha")
    place.run([post(1, "hello @bertha"), post(2, "hello @bertha.bsky.social"), post(3, "Bertha, the storm, is near")])
    assert [row.text for row in Sighting.objects.all()] == ["Bertha, the storm, is near"]


def test_a_post_heard_again_or_at_another_source_is_kept_once_with_every_watch(
    place: Place, watch: Watch, cast: Cast
) -> None:
    second = source_of(cast.agency, cast.alice, address="wss://second.example")
    also = watch_of(second, cast.alice, cast.bob, query="harbour")
    place.run([post(1)], [post(1)])
    place.hear(post(1), listener=place.listener(source=second))
    place.keep()
    assert Sighting.objects.count() == 1
    assert set(Match.objects.values_list("watch", flat=True)) == {watch.pk, also.pk}


def test_the_same_batch_given_again_changes_nothing_and_says_nothing(
    cast: Cast, place: Place, watch: Watch, tmp_path: Path
) -> None:
    (tmp_path / "again").mkdir()
    with log_in(tmp_path / "again", patience=0) as log:
        place.log = log
        place.hear(post(1), post(2, "fire in the harbour"))
        fetched = log.fetch(10, seconds=0)
        keeping.work(log)
        log.append([Entry(each.id + " again", each.data) for each in fetched])
        assert keeping.work(log) == 2
    assert (Sighting.objects.count(), Match.objects.count()) == (2, 2)
    events = AuditEvent.objects.filter(action="sightings.kept")
    assert [event.data for event in events] == [
        {"new": 2, "matches": 2, "reworded": 0, "gone": 0, "held": 0, "refused": 0}
    ]


def test_a_watch_that_ended_while_the_entry_was_in_the_log_keeps_nothing(place: Place, watch: Watch) -> None:
    place.hear(post(1))
    Watch.objects.update(state="ended")
    assert place.keep() == 1
    assert not Sighting.objects.exists()


def test_a_watch_past_its_end_hears_nothing_by_the_clock_alone(place: Place, cast: Cast) -> None:
    ends = timezone.now() + timedelta(minutes=1)
    watch_of(place.source, cast.alice, cast.bob, ends=ends)
    listener = place.listener()
    place.hear(post(1), listener=listener)
    with time_machine.travel(ends, tick=False):
        claim(listener.source, worker="worker")
        place.hear(post(2), listener=listener)
    assert place.keep() == 1
    assert Sighting.objects.count() == 1
    with time_machine.travel(ends, tick=False):  # and what was heard in time is not kept too late
        claim(listener.source, worker="worker")
    assert place.log.waiting() == 0


def test_what_was_heard_in_time_and_comes_too_late_is_not_kept(place: Place, cast: Cast) -> None:
    ends = timezone.now() + timedelta(minutes=1)
    watch_of(place.source, cast.alice, cast.bob, ends=ends)
    place.hear(post(1))
    with time_machine.travel(ends, tick=False):
        assert place.keep() == 1
    assert not Sighting.objects.exists()


def test_a_language_a_watch_does_not_ask_for_is_not_heard(place: Place, cast: Cast) -> None:
    watch_of(place.source, cast.alice, cast.bob, query="fire", languages=["en"])
    place.run(
        [post(1, "fire", language="en-GB"), post(2, "fire fire", language="fr"), post(3, "fire, fire", language="")]
    )
    assert [row.text for row in Sighting.objects.all()] == ["fire", "fire, fire"]


def test_what_its_author_deleted_loses_words_and_author_and_keeps_its_place(place: Place, watch: Watch) -> None:
    place.run([post(1), post(2, "fire near the harbour")], [gone(1), gone(7)])
    row = Sighting.objects.get(text="")
    assert (row.sealed, row.gone_at is not None, row.matches.count()) == ("", True, 1)
    assert Sighting.objects.count() == 2
    place.run([post(1)])
    assert Sighting.objects.get(pk=row.pk).text == ""


def test_a_deletion_that_comes_before_its_post_was_kept_leaves_no_words(place: Place, watch: Watch) -> None:
    place.hear(post(1))
    late = place.log.fetch(1, seconds=0)
    place.hear(gone(1))
    assert place.keep() == 1
    sightings.keep([read(each.data) for each in late])
    row = Sighting.objects.get()
    assert (row.text, row.sealed, row.grouped_at is not None, row.matches.count()) == ("", "", True, 1)


def test_a_deletion_of_what_nobody_matched_goes_nowhere(place: Place, watch: Watch) -> None:
    place.hear(post(1), gone(2))
    assert place.log.waiting() == 1


def test_a_deletion_is_known_by_the_next_worker_too_while_the_post_is_on_its_way(place: Place, watch: Watch) -> None:
    place.hear(post(1))
    place.hear(gone(1), listener=place.listener())
    place.keep()
    assert Sighting.objects.get().text == ""


def test_an_account_that_is_deleted_takes_words_and_author_of_all_its_posts_along(
    place: Place, watch: Watch, cast: Cast
) -> None:
    other = source_of(cast.other, cast.dan)
    watch_of(other, cast.dan, cast.alice)
    place.run([post(1), post(2, "fire near the harbour"), post(3, "harbour fire", author="did:plc:olaf")])
    place.hear(post(1), listener=place.listener(source=other))
    place.keep()
    place.run([account_gone()], [account_gone("did:plc:stranger")])
    ours = Sighting.objects.of(cast.agency)
    assert [(row.text, row.gone_at is None) for row in ours.order_by("pk")] == [
        ("", False),
        ("", False),
        ("harbour fire", True),
    ]
    assert ours.exclude(sealed="").count() == 1
    assert Sighting.objects.of(cast.other).get().text == "fire at the harbour"  # until its own source says so


def test_a_post_on_its_way_goes_with_its_account(place: Place, watch: Watch) -> None:
    place.hear(post(1), post(2, "fire, harbour", author="did:plc:olaf"))
    place.hear(account_gone(), listener=place.listener())
    place.keep()
    assert [row.text for row in Sighting.objects.order_by("pk")] == ["", "fire, harbour"]


def test_what_is_on_hold_keeps_its_words_until_the_hold_ends(place: Place, watch: Watch, cast: Cast) -> None:
    place.run([post(1)])
    row = Sighting.objects.get()
    Hold.objects.create(
        agency=cast.agency, subject=row.subject, reason="Court", reference="1", by=cast.bob, since=timezone.now()
    )
    place.run([gone(1)])
    row.refresh_from_db()
    assert row.gone_at is not None
    assert (row.text, row.review_by) == ("fire at the harbour", row.gone_at.date())


def test_an_edit_brings_its_newest_words_where_they_still_match(place: Place, watch: Watch) -> None:
    place.run([post(1)], [post(1, "fire at the old harbour")])
    assert Sighting.objects.get().text == "fire at the old harbour"
    place.run([post(1, "all is well")])
    assert Sighting.objects.get().text == "fire at the old harbour"


def test_words_heard_earlier_never_replace_those_heard_later(place: Place, watch: Watch) -> None:
    place.hear(post(1))
    place.hear(post(1, "fire at the old harbour"))
    early, late = (read(each.data) for each in place.log.fetch(2, seconds=0))
    sightings.keep([late])
    sightings.keep([early])
    assert Sighting.objects.get().text == "fire at the old harbour"


def test_a_clock_of_an_author_counts_only_where_it_can_be_true(place: Place, watch: Watch) -> None:
    place.run([post(1, at=AT.replace(year=1970)), post(2, at=AT.replace(year=2999))])
    assert {row.at.year for row in Sighting.objects.all()} == {2004, timezone.now().year}


def test_a_worker_that_was_overtaken_neither_appends_nor_moves_the_cursor(place: Place, watch: Watch) -> None:
    listener = place.listener()
    Listening.objects.update(worker="another")
    with pytest.raises(OvertakenError):
        place.hear(post(1), listener=listener)
    assert (place.log.waiting(), Source.objects.get().cursor) == (0, "")


def test_a_cursor_that_somebody_else_moved_is_never_moved_back(place: Place, watch: Watch) -> None:
    listener = place.listener()
    Source.objects.update(cursor="9")
    with pytest.raises(OvertakenError):
        place.hear(post(1), listener=listener)
    assert Source.objects.get().cursor == "9"


def test_an_entry_that_cannot_be_read_is_set_aside_and_the_others_are_kept(place: Place, watch: Watch) -> None:
    place.hear(post(1))
    place.log.append([Entry("odd", b"\xff"), Entry("list", b"[]"), Entry("half", b'{"agency": 1}')])
    place.keep()
    assert Sighting.objects.count() == 1
    assert {(row.entry, bytes(row.data)) for row in SetAside.objects.all()} == {
        ("odd", b"\xff"), ("list", b"[]"), ("half", b'{"agency": 1}'),
    }  # fmt: skip
    assert place.log.waiting() == 0


def test_an_entry_that_never_can_be_kept_is_set_aside_after_its_tries_and_takes_no_other_along(
    place: Place,
    watch: Watch,
    cast: Cast,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "again").mkdir()
    keep = sightings.keep

    def poisoned(findings: object) -> object:
        some = list(findings)  # type: ignore[call-overload]
        if any(each.text == "fire harbour poison" for each in some):
            raise ArithmeticError
        return keep(some)

    monkeypatch.setattr(sightings, "keep", poisoned)
    caplog.set_level(logging.CRITICAL, "callbox.keep")
    with log_in(tmp_path / "again", patience=0) as log:
        place.log = log
        place.hear(post(1), post(2, "fire harbour poison"))
        for _time in range(TRIES):
            assert not SetAside.objects.exists()
            keeping.work(log)
        assert Sighting.objects.count() == 1
        keeping.work(log)
        assert log.waiting() == 0
    row = SetAside.objects.get()
    assert (row.agency, row.why) == (cast.agency, "it could not be kept in 5 tries")
    assert AuditEvent.objects.filter(action="sighting.set-aside").count() == 1


def test_an_entry_of_an_agency_that_left_keeps_nothing(place: Place, watch: Watch) -> None:
    place.hear(post(1))
    (entry,) = place.log.fetch(1, seconds=0)
    finding = replace(read(entry.data), agency=987)
    assert sightings.keep([finding]).refused == 1
    assert not Sighting.objects.exists()


def test_a_source_of_another_agency_gives_no_permission(place: Place, watch: Watch, cast: Cast) -> None:
    place.hear(post(1))
    (entry,) = place.log.fetch(1, seconds=0)
    finding = replace(read(entry.data), agency=cast.other.pk)
    assert sightings.keep([finding]).refused == 1
    assert not Sighting.objects.exists()
