"""Sharing and receiving: what leaves is what was shown, what comes in is checked one by one, nothing below five is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.conf import settings

from callbox.config.demo import peers as invented
from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.models import AuditEvent
from callbox.maturity import peers, queries
from callbox.maturity.benchmark.contribution import read
from callbox.maturity.benchmark.files import open_file
from callbox.maturity.models import Assessment, Peer
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.services import comparing, packs
from tests.desk.planning.conftest import Make, assessment, make, own_keys
from tests.people import Cast

__all__ = ["assessment", "make", "own_keys"]
FILES = invented.files(band=Band.FROM_100, now=datetime(2026, 10, 3, tzinfo=UTC))


def taken(cast: Cast, files: list[tuple[str, bytes]]) -> comparing.Received:
    return comparing.receive(agency=cast.agency, incoming=files, by=cast.alice)


def shown(assessment: Assessment) -> peers.Standings:
    assert assessment.profile is not None
    return peers.standings(assessment.agency, assessment.profile, queries.words("v1"))


def test_four_agencies_show_nothing_and_five_show_n_and_month(assessment: Assessment, cast: Cast) -> None:
    taken(cast, FILES[:4])
    assert not shown(assessment).any
    assert queries.report_input(assessment).benchmark == ()
    taken(cast, FILES[4:5])
    line = shown(assessment).areas[0]
    assert line.others is not None
    assert (line.others.n, line.others.newest.isoformat(), line.own) == (5, "2026-10-01", 1)
    rows = queries.report_input(assessment).benchmark
    assert [(row.n, row.as_of.isoformat()) for row in rows] == [(5, "2026-10-01")] * 5


def test_the_agencys_own_file_that_came_back_is_not_one_of_the_five(assessment: Assessment, cast: Cast) -> None:
    own = comparing.share(assessment=assessment, country="no", by=cast.bob)
    taken(cast, [*FILES[:4], ("own.json", own.encode())])
    assert not shown(assessment).any


def test_agencies_of_another_size_are_not_compared(assessment: Assessment, cast: Cast) -> None:
    taken(cast, invented.files(band=Band.FROM_25, now=datetime(2026, 10, 3, tzinfo=UTC)))
    assert not shown(assessment).any


def test_without_a_stated_size_nothing_is_compared_or_shared(make: Make, cast: Cast) -> None:
    unstated = make(stated=False)
    taken(cast, FILES)
    assert not shown(unstated).any
    with pytest.raises(RefusedError, match="size"):
        comparing.share(assessment=unstated, country="NO", by=cast.bob)
    assert not AuditEvent.objects.filter(action=Audited.BENCHMARK_EXPORTED).exists()


def test_files_merge_to_the_same_pool_in_any_order(cast: Cast, assessment: Assessment) -> None:
    one = taken(cast, FILES)
    first = comparing.hand_on(agency=cast.agency, by=cast.alice)
    Peer.objects.of(cast.agency).delete()
    for file in reversed(FILES):
        taken(cast, [file])
    assert comparing.hand_on(agency=cast.agency, by=cast.alice) == first
    assert (one.new, one.renewed, one.known) == (7, 0, 0)
    again = taken(cast, [("pool.json", first.encode())])
    assert (again.new, again.renewed, again.known, again.refused) == (0, 0, 7, ())


def test_what_is_handed_on_verifies_elsewhere(cast: Cast, assessment: Assessment) -> None:
    taken(cast, FILES)
    text = comparing.hand_on(agency=cast.agency, by=cast.alice)
    opened = open_file("pool", text.encode(), today=datetime(2026, 11, 22, tzinfo=UTC).date())
    assert (len(opened.contributions), opened.refused) == (7, ())


def test_a_later_file_renews_and_an_older_one_does_not(cast: Cast, assessment: Assessment) -> None:
    taken(cast, FILES)
    later = invented.files(band=Band.FROM_100, now=datetime(2026, 11, 3, tzinfo=UTC))
    assert taken(cast, later[:2]).renewed == 2
    assert taken(cast, FILES[:2]).known == 2
    assert sorted(str(row.month) for row in Peer.objects.of(cast.agency))[-2:] == ["2026-11-01"] * 2


def test_a_refused_file_is_named_and_the_others_come_in(cast: Cast, assessment: Assessment) -> None:
    altered = json.loads(FILES[0][1]) | {"country": "SE"}
    found = taken(cast, [("altered.json", json.dumps(altered).encode()), ("photo.jpg", b"\xff\xd8"), FILES[1]])
    assert found.new == 1
    assert [one.name for one in found.refused] == ["altered.json", "photo.jpg"]
    assert "altered after it was signed" in found.refused[0].why
    event = AuditEvent.objects.get(action=Audited.BENCHMARK_IMPORTED)
    assert event.data == {"new": 1, "renewed": 0, "known": 0, "refused": 2}


def test_what_leaves_is_what_was_shown_and_names_nobody(assessment: Assessment, cast: Cast) -> None:
    preview = comparing.contribution_of(assessment, country="no")
    text = comparing.share(assessment=assessment, country="no", by=cast.bob)
    assert read(text) == preview
    for word in ("Harbour", "harbour", "Alice", "Bob", assessment.title):
        assert word not in text
    event = AuditEvent.objects.get(action=Audited.BENCHMARK_EXPORTED)
    assert event.data["sha256"] == preview.digest


def test_the_key_of_a_contribution_is_not_the_one_that_signs_packs(assessment: Assessment, cast: Cast) -> None:
    assert comparing.known_key(cast.agency) == ""
    found = comparing.contribution_of(assessment, country="NO")
    assert found.key != packs.key_of(cast.agency).public.raw.hex()
    assert found.key == comparing.known_key(cast.agency)
    assert found.key == comparing.contribution_of(assessment, country="NO").key
    assert (settings.DATA / "keys" / str(cast.agency.pk)).is_dir()


def test_a_quick_check_is_not_shared(assessment: Assessment) -> None:
    assessment.source = Assessment.Source.QUICK_CHECK
    with pytest.raises(RefusedError, match="Only measured levels"):
        comparing.contribution_of(assessment, country="NO")


def test_nothing_received_is_nothing_to_pass_on(cast: Cast) -> None:
    with pytest.raises(RefusedError, match="Nothing was received"):
        comparing.hand_on(agency=cast.agency, by=cast.alice)


def test_peers_are_sealed_by_agency(cast: Cast, assessment: Assessment) -> None:
    taken(cast, FILES)
    assert Peer.objects.visible_to(cast.bob).count() == 7
    assert not Peer.objects.visible_to(cast.dan).exists()
    assert not Peer.objects.of(cast.other).exists()
