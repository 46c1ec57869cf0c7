from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from callbox.config import checks, schedule
from callbox.governance import audit, chain
from callbox.governance.actions import Audited
from tests.people import make_cast


def test_one_round_seals_and_leaves_a_checkpoint(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_WITNESS = tmp_path / "witness.jsonl"
    cast = make_cast()
    with transaction.atomic():
        audit.record(agency=cast.agency, by=cast.alice, action=Audited.TARGET_SET, target="practice:V1")
    assert schedule.run_once() == []
    points = chain.read_checkpoints(settings.AUDIT_WITNESS)
    assert [point.sequence for point in points] == [1]
    assert audit.verify(checkpoints=points).whole


def test_a_job_that_fails_stops_no_other(transactional_db: None, caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def broken() -> None:
        raise OSError("disk full")

    jobs = (schedule.Job("break", broken, 1), schedule.Job("work", lambda: ran.append(1), 1))
    assert schedule.run_once(jobs) == ["break"]
    assert ran == [1]
    assert "“break” failed" in caplog.text


def test_the_worker_runs_until_it_is_stopped(transactional_db: None) -> None:
    stop, ran = threading.Event(), threading.Event()
    jobs = (schedule.Job("work", ran.set, 3600),)
    thread = threading.Thread(target=schedule.run_forever, args=(stop, jobs))
    thread.start()
    assert ran.wait(30)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def test_a_data_folder_that_cannot_be_written_is_found_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks.data_folder_is_writable() == []
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere, so the answer is given by hand
    assert [message.id for message in checks.data_folder_is_writable()] == ["callbox.E001"]


@pytest.mark.django_db
def test_the_database_of_this_suite_passes_its_checks() -> None:
    assert checks.sqlite_survives_a_power_cut(databases=["default"]) == []
    expected = (
        ["callbox.W003"] if connection.vendor == "postgresql" else []
    )  # the suite's own server has only its superuser
    assert [message.id for message in checks.postgresql_role_is_plain(databases=["default"])] == expected


def test_a_job_that_hangs_in_one_lane_keeps_no_other_lane_waiting(transactional_db: None) -> None:
    """T-25: sending never waits behind measuring."""
    stop, hangs, goes_on, sent = (threading.Event() for _ in range(4))

    def measure() -> None:
        hangs.set()
        goes_on.wait(60)

    def send() -> None:
        if hangs.is_set() and not goes_on.is_set():
            sent.set()

    jobs = (schedule.Job("measure", measure, 1), schedule.Job("send", send, 0.01, lane="send"))
    thread = threading.Thread(target=schedule.run_forever, args=(stop, jobs))
    thread.start()
    try:
        assert sent.wait(30)
    finally:
        goes_on.set()
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
