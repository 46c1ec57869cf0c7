"""A crash at any system call of a publication loses and doubles nothing (reliability: T-20), one of taking a tip in loses and tears
nothing (T-15), one of listening loses and doubles nothing. `python -m tests.crash`, `.tips`, `.listening` and `.workers` print the tables.

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
OUTWARD = "sendto,recvfrom,poll"


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
    code, rows = _crash("--networks", "paper", "--calls", "rename,fdatasync", "--most", "3")
    assert {row["call"]: (len(row["findings"]), row["lost"], row["doubled"]) for row in rows} == {
        "rename": (2, 0, 0),
        "fdatasync": (3, 0, 0),
    }
    assert code == 0


@pytest.mark.networks
@pytest.mark.parametrize("network", ["paper", "snac", "bluesky"])
def test_no_point_loses_or_doubles(network: str) -> None:
    code, rows = _crash("--networks", network)
    assert code == 0, [(row["call"], row["lost"], row["doubled"], row["untrue"]) for row in rows]
    findings = [finding for row in rows for finding in row["findings"]]
    assert len(findings) > 40
    # Each kind of ending was met, or the enumerator does not look where it should.
    assert {finding["after"] for finding in findings} >= {"waiting", "unclear", "sent"}
    assert {finding["seen"] for finding in findings if finding["after"] == "unclear"} == {"unclear", "sent"}


@pytest.mark.networks
def test_no_call_to_the_mock_loses_or_doubles() -> None:
    """Its points on the disk are those of snac: the session is the same."""
    code, rows = _crash("--networks", "mastodon", "--calls", f"connect,{OUTWARD}")
    assert code == 0, [(row["call"], row["lost"], row["doubled"], row["untrue"]) for row in rows]
    assert {row["call"] for row in rows} == {"connect", *OUTWARD.split(",")}


@pytest.mark.networks
def test_sending_again_without_looking_is_seen_to_double() -> None:
    """T-124: broken on purpose, delivery shows up in the table."""
    code, rows = _crash("--networks", "snac", "--naive", "--calls", OUTWARD)
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
