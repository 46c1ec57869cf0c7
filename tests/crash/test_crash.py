"""A crash at any system call of publishing, editing or taking back loses and doubles nothing (reliability: T-20), one of taking a tip in
loses and tears nothing (T-15), one of listening loses and doubles nothing. `python -m tests.crash`, `.tips`, `.listening` and `.workers`
print the tables.

Each run is a process of its own: it starts Django as in production, forks for every point, and kills under strace.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Calls around what leaves the machine, where a double could come from.
OUTWARD = "connect,sendto,recvfrom,poll"


def _crash(*arguments: str, program: str = "tests.crash") -> tuple[int, list[dict[str, Any]]]:
    command = [sys.executable, "-m", program, "--json", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said, why = process.communicate()
        except BaseException:  # interrupted: its servers and forks are for it to end
            process.terminate()
            process.wait(30)
            raise
    if process.returncode == 2:  # something is not to be had here
        pytest.skip(why.strip().splitlines()[-1])
    assert said.startswith("["), why
    return process.returncode, json.loads(said)


@pytest.mark.slow
def test_a_few_points_on_paper() -> None:
    code, rows = _crash("--networks", "paper", "--operations", "publish", "--calls", "rename,fdatasync", "--most", "3")
    assert {row["call"]: (len(row["findings"]), row["lost"], row["doubled"]) for row in rows} == {
        "rename": (2, 0, 0),
        "fdatasync": (3, 0, 0),
    }
    assert code == 0


@pytest.mark.networks
@pytest.mark.parametrize("network", ["paper", "snac"])
def test_no_point_of_publishing_loses_or_doubles(network: str) -> None:
    code, rows = _crash("--networks", network, "--operations", "publish")
    assert code == 0, _told(rows)
    # Each kind of ending was met, or the enumerator does not look where it should.
    assert {finding["after"] for row in rows for finding in row["findings"]} >= {"waiting", "unclear", "sent"}


@pytest.mark.networks
@pytest.mark.parametrize(
    ("network", "operations", "calls"),
    [
        ("paper", "edit,withdraw", "write,rename"),
        ("snac", "edit", OUTWARD),  # it knows no way to take a post back
        ("bluesky", "publish,withdraw", OUTWARD),
        ("email", "publish", OUTWARD),
        ("mastodon", "publish,withdraw", OUTWARD),
    ],
)
def test_no_call_to_a_network_loses_or_doubles(network: str, operations: str, calls: str) -> None:
    """Their points on the disk are those of publishing: the sender is the same."""
    code, rows = _crash("--networks", network, "--operations", operations, "--calls", calls)
    assert code == 0, _told(rows)
    assert {row["remote"] for row in rows} == {f"{network}: {each}" for each in operations.split(",")}
    assert {row["call"] for row in rows} >= {"rename" if network == "paper" else "sendto"}
    assert "unclear" in {finding["after"] for row in rows for finding in row["findings"]}


@pytest.mark.networks
def test_no_statement_to_postgresql_loses_or_doubles() -> None:
    code, rows = _crash("--postgresql", "--networks", "paper", "--operations", "publish", "--calls", "sendto,rename")
    assert code == 0, _told(rows)
    assert {finding["after"] for row in rows for finding in row["findings"]} >= {"waiting", "unclear"}


def _told(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["remote"], row["call"], row["lost"], row["doubled"], row["untrue"]) for row in rows]


@pytest.mark.networks
def test_sending_again_without_looking_is_seen_to_double() -> None:
    """T-124: broken on purpose, delivery shows up in the table."""
    code, rows = _crash("--networks", "snac", "--operations", "publish", "--naive", "--calls", OUTWARD)
    assert code == 1
    assert sum(row["doubled"] for row in rows) > 0


@pytest.mark.slow
def test_a_tip_whose_receipt_is_out_is_there_and_any_other_is_whole_or_absent() -> None:
    code, found = _crash("--calls", "pwrite64,write", "--most", "2", program="tests.crash.tips")
    assert code == 0, found
    assert [(one["call"], one["tips"]) for one in found] == [("pwrite64", 1), ("pwrite64", 1), ("write", 2)]


@pytest.mark.networks
def test_no_system_call_of_taking_a_tip_in_loses_or_tears() -> None:
    code, found = _crash(program="tests.crash.tips")
    assert code == 0, [one for one in found if one["lost"] or one["torn"]]
    assert len(found) > 40
    assert all(one["opened"] == one["receipts"] >= 1 for one in found)
    assert {one["tips"] for one in found} == {1, 2}


@pytest.mark.networks
def test_a_receipt_handed_out_too_early_is_seen_to_lose() -> None:
    code, found = _crash("--calls", "pwrite64", "--most", "1", "--early", program="tests.crash.tips")
    assert (code, [one["lost"] for one in found]) == (1, [1])


@pytest.mark.networks  # half a minute of processor time
def test_a_worker_killed_while_it_hears_or_keeps_loses_and_doubles_nothing() -> None:
    code, found = _crash("--calls", "fdatasync", "--most", "4", program="tests.crash.listening")
    assert code == 0, found
    assert [one["cursor"] for one in found][:1] == ["1"]  # killed before the cursor was moved
    assert {one["cursor"] for one in found} == {"1", "2"}


@pytest.mark.networks
def test_no_system_call_of_listening_loses_or_doubles() -> None:
    """The first dozen points of each call that reaches the disk; all of them: `python -m tests.crash.listening`."""
    code, found = _crash("--calls", "fdatasync,pwrite64", "--most", "12", program="tests.crash.listening")
    assert code == 0, [one for one in found if one["lost"] or one["doubled"] or one["untrue"]]
    assert len(found) > 12


@pytest.mark.networks
def test_acknowledging_what_is_only_fetched_is_seen_to_lose() -> None:
    code, found = _crash("--calls", "fdatasync", "--most", "6", "--early", program="tests.crash.listening")
    assert code == 1
    assert sum(one["lost"] for one in found) > 0


@pytest.mark.networks
@pytest.mark.parametrize("place", ["file", "one", "three"])
def test_workers_and_servers_killed_at_random_lose_and_double_nothing(place: str) -> None:
    code, rows = _crash("--places", place, "--posts", "500", "--kills", "3", program="tests.crash.workers")
    assert code == 0, rows
    assert rows[0]["killed"] > 0
    assert rows[0]["matched"] == 250
