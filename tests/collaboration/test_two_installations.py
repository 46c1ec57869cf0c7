"""Two installations with two databases share over loopback; answers get lost, workers are killed, one is down for the recall.

Nothing is lost and nothing is there twice (reliability: T-75).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.collaboration.wire import Wire
from tests.servers.processes import end, free_port, listens, running
from tests.servers.residents import until

#: The machine may be busy with other tests.
PATIENCE = 60.0
WORDS = "Mill Road is closed at the bridge until six. Please use the ferry."
FIXED = "Mill Road is closed at the station until six. Please use the ferry."


class Installation:
    """One `callbox serve` with its worker, and the people who work there."""

    def __init__(self, folder: Path, stack: ExitStack, private: int) -> None:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
        self.port, self.folder = free_port(), folder
        self.env = {
            **outside,
            "DJANGO_SETTINGS_MODULE": "callbox.config.settings",  # not the suite's
            "CALLBOX_DATA": str(folder),
            "CALLBOX_SECRET_KEY": f"only-for-this-test-{folder.name}-" * 3,
            "CALLBOX_PRIVATE_HOSTS": f"127.0.0.1:{private}",
            "PYTHONWARNINGS": "ignore",
        }
        folder.mkdir()
        self.staff = subprocess.Popen(
            [sys.executable, "-m", "tests.collaboration.staff"],
            env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        stack.callback(self._dismiss)
        self.stack = stack
        self.server: subprocess.Popen[bytes] | None = None

    def _dismiss(self) -> None:
        assert self.staff.stdin is not None
        assert self.staff.stdout is not None
        self.staff.stdin.close()
        self.staff.wait(timeout=20)
        self.staff.stdout.close()

    def ask(self, do: str, **what: Any) -> Any:
        assert self.staff.stdin is not None
        assert self.staff.stdout is not None
        self.staff.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.staff.stdin.flush()
        line = self.staff.stdout.readline()
        assert line, f"the people of {self.folder.name} could not {do}"
        return json.loads(line)

    def serve(self) -> None:
        command = [sys.executable, "-m", "callbox", "serve", "--port", str(self.port), "--with-worker"]
        log = self.folder / "server.log"
        self.server = self.stack.enter_context(
            running(command, ready=lambda: listens(self.port), env=self.env, log=log, gently=False)
        )

    def kill(self) -> None:
        """Kill -9, in whatever it is doing."""
        assert self.server is not None
        end(self.server, gently=False)

    def shows(self, ask: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait until what it knows is so."""

        last: dict[str, Any] = {}

        def look() -> dict[str, Any] | None:
            last.update(self.ask("standing"))
            return last if ask(last) else None

        try:
            return until(look, what, seconds=PATIENCE)
        except AssertionError as error:
            log = (self.folder / "server.log").read_text(errors="replace")[-2000:]
            raise AssertionError(f"{error}; last: {last}\n{log}") from None


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Installation, Installation, Wire]]:
    """Harbour and Valley, partners of each other; the wire stands before Valley's server."""
    with ExitStack() as stack:
        wire = Wire(0)
        stack.callback(wire.close)
        harbour = Installation(tmp_path / "harbour", stack, wire.port)
        valley = Installation(tmp_path / "valley", stack, harbour.port)
        wire.to = valley.port
        keys = {
            "harbour": harbour.ask("begin", slug="harbour", name="Harbour City Police"),
            "valley": valley.ask("begin", slug="valley", name="Valley Sheriff"),
        }
        there = f"http://127.0.0.1:{wire.port}"
        harbour.ask("meet", name="Valley Sheriff", short_name="valley", address=there, key=keys["valley"])
        here = f"http://127.0.0.1:{harbour.port}"
        valley.ask("meet", name="Harbour City Police", short_name="harbour", address=here, key=keys["harbour"])
        harbour.serve()
        valley.serve()
        yield harbour, valley, wire


@pytest.mark.networks
def test_whatever_is_cut_off_nothing_is_lost_and_nothing_is_there_twice(
    two: tuple[Installation, Installation, Wire],
) -> None:
    harbour, valley, wire = two

    # the answer to handing over gets lost: it is handed over again and kept once
    wire.set("lose answers")
    message = harbour.ask("publish", text=WORDS)
    harbour.shows(lambda now: now["messages"] == ["out"], "Harbour publishes")
    harbour.ask("offer", message=message)
    valley.shows(lambda now: now["arrivals"] == [[1, "new"]], "the message arrives")
    harbour.shows(
        lambda now: now["offers"][0][1] == "waiting" and now["offers"][0][2] > 0, "Harbour knows nothing of it"
    )
    wire.set("pass")
    harbour.ask("hurry")
    harbour.shows(lambda now: now["offers"][0][1] == "offered" and now["offers"][0][2] > 1, "it is handed over again")
    assert valley.ask("standing")["arrivals"] == [[1, "new"]]

    # taken over, published there, told back
    valley.ask("take", version=1)
    harbour.shows(lambda now: now["offers"][0][1] == "published", "Harbour hears that it is published")
    assert valley.ask("standing")["shown"] == [WORDS]

    # the worker of the source is killed in the middle of handing over a correction
    wire.set("hang")
    before = wire.calls
    correction = harbour.ask("correct", message=message, text=FIXED)
    harbour.shows(lambda now: now["offers"][-1][:2] == [2, "sending"], "the correction is being handed over")
    until(lambda: wire.calls > before, "the call is under way")
    harbour.kill()
    wire.set("pass")
    harbour.ask("hurry", lease=True)
    harbour.serve()
    valley.shows(
        lambda now: now["arrivals"] == [[1, "behind"], [2, "new"]], "the correction arrives and flags the copy"
    )
    valley.ask("take", version=2)
    harbour.shows(lambda now: [2, "published"] in now["heard"], "Harbour hears that the copy is corrected")

    # the partner is down for the recall
    valley.kill()
    harbour.ask("withdraw", message=correction)
    down = harbour.shows(
        lambda now: now["offers"][-1][:2] == [3, "waiting"] and now["offers"][-1][2] > 0, "the recall waits"
    )
    assert [3, "delivered"] not in down["heard"]
    valley.serve()
    harbour.ask("hurry")
    valley.shows(lambda now: now["arrivals"][-1] == [3, "new"], "the recall arrives")
    valley.ask("take_back", version=3)
    last = harbour.shows(lambda now: [3, "recalled"] in now["heard"], "Harbour hears that the copies are gone")

    assert [row[:2] for row in last["offers"]] == [[1, "published"], [2, "published"], [3, "recalled"]]
    assert last["heard"] == [
        [1, "delivered"], [1, "accepted"], [1, "published"],
        [2, "delivered"], [2, "accepted"], [2, "published"],
        [3, "delivered"], [3, "accepted"], [3, "recalled"],
    ]  # fmt: skip
    there = valley.shows(lambda now: now["owed"] == 0, "Valley has told everything")
    assert [row[1] for row in there["arrivals"]][-1] == "recalled"
    assert there["shown"] == []
    assert there["messages"].count("draft") == 0
