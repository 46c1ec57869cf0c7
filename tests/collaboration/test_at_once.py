"""Two people, or a person and a worker, add a version of one share in the same moment: the versions follow each other, nothing fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections

from callbox.collaboration.bundle import Shown
from callbox.collaboration.models import Offer
from callbox.collaboration.services import offers
from callbox.core.refusal import RefusedError
from tests.collaboration.pair import Pair, make_pair
from tests.people import make_cast


@pytest.fixture
def pair(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Pair:
    return make_pair(make_cast(), settings, tmp_path)


def at_once(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], Any]) -> list[BaseException]:
    """Do the acts in threads of their own that meet where each has opened its transaction; return what failed."""
    meeting, errors = threading.Barrier(len(acts)), list[BaseException]()
    write = offers._write

    def slowly(*args: Any, **more: Any) -> Offer:
        with suppress(threading.BrokenBarrierError):  # who has to wait for the other never comes here meanwhile
            meeting.wait(timeout=0.3)
        return write(*args, **more)

    monkeypatch.setattr(offers, "_write", slowly)

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as error:  # shown by the assertion of the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return errors


def offered(pair: Pair) -> Any:
    return offers.offer(
        agency=pair.harbour.agency,
        subject="message:1",
        kind="message",
        shown=Shown("", {"en": "The bridge is closed."}, "", urgent=False),
        partners=[pair.there],
        label="clear",
        by=pair.harbour.writer,
    )


def test_two_corrections_at_once_are_two_versions(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    share, force = offered(pair), pair.harbour

    def renew(text: str) -> Callable[[], Any]:
        shown = Shown("", {"en": text}, "", urgent=False)
        return lambda: offers.renew(agency=force.agency, share=share, subject="message:2", shown=shown, by=force.writer)

    assert at_once(monkeypatch, renew("Until six."), renew("Until eight.")) == []
    states = Offer.objects.filter(share=share).order_by("version").values_list("version", "state")
    assert list(states) == [(1, "superseded"), (2, "superseded"), (3, "waiting")]


def test_two_workers_that_follow_the_same_correction_offer_it_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    share, force = offered(pair), pair.harbour
    shown = Shown("", {"en": "Until six."}, "", urgent=False)

    def follow() -> None:
        offers.renew(agency=force.agency, share=share, subject="message:2", shown=shown, by=force.writer, follows=True)

    assert at_once(monkeypatch, follow, follow) == []
    assert Offer.objects.filter(share=share).count() == 2


def test_of_two_recalls_at_once_one_is_told_that_it_was_recalled(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    share, force = offered(pair), pair.harbour
    Offer.objects.update(attempts=1)  # it may have left

    def recall() -> None:
        offers.recall(agency=force.agency, share=share, why="Wrong bridge", by=force.writer)

    (error,) = at_once(monkeypatch, recall, recall)
    assert isinstance(error, RefusedError)
    assert Offer.objects.filter(share=share, recalls=True).count() == 1
