"""The log on NATS servers: one that is killed and started again, and three of which one is killed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial

import pytest

from callbox.core.log.contract import Entry, Log, LogError
from callbox.core.log.jetstream import JetStreamLog
from tests.core.log.contract import PATIENCE, LogContract, Opener, entries, ids
from tests.servers import nats
from tests.servers.processes import free_port
from tests.servers.residents import until

pytestmark = pytest.mark.networks


@pytest.fixture(scope="module")
def servers() -> Iterator[list[str]]:
    with nats.server() as one:
        yield [one.url]


@pytest.fixture
def log(servers: list[str]) -> Iterator[Opener]:
    with ExitStack() as stack:
        yield _opener(stack, servers)


def _opener(stack: ExitStack, servers: list[str]) -> Opener:
    name = f"test-{uuid.uuid4().hex[:8]}"
    return lambda: stack.enter_context(closing(JetStreamLog(servers, name=name, patience=PATIENCE)))


class TestJetStreamLog(LogContract):
    """Every log's tests, on a server."""


def test_servers_that_are_not_there_are_named_as_the_reason() -> None:
    with closing(JetStreamLog([f"nats://127.0.0.1:{free_port()}"])) as log:
        for _time in range(2):
            with pytest.raises(LogError, match="servers cannot be used"):
                log.append(entries("a"))


def _append(log: Opener, told: list[Entry], kill: Callable[[int], None]) -> None:
    """Append in batches, again and again until the log said yes, while servers go away."""
    one = log()
    for number in range(0, len(told), 50):
        kill(number)
        until(partial(_appended, one, told[number : number + 50]), "the log came back")


def _appended(log: Log, some: list[Entry]) -> bool:
    try:
        log.append(some)
    except LogError:  # no server, or none that leads yet
        return False
    return True


def _read(log: Opener, wanted: set[str]) -> list[str]:
    """Return what was read until nothing wanted is missing and nothing more comes."""
    one = log()
    got: list[str] = []

    def all_there() -> bool:
        with suppress(LogError):
            while found := one.fetch(100, seconds=PATIENCE):
                got.extend(each.id for each in found)
                one.acknowledge(found)
        return wanted <= set(got)

    until(all_there, "everything was read")
    return got


def test_a_server_that_is_killed_and_started_again_loses_nothing_that_was_appended() -> None:
    told = entries(range(500))
    with nats.server() as server, ExitStack() as stack:
        log = _opener(stack, [server.url])

        def kill(number: int) -> None:
            if number in {100, 250, 400}:
                server.kill()
                server.start()

        _append(log, told, kill)
        assert sorted(_read(log, {each.id for each in told}), key=int) == [each.id for each in told]


@pytest.mark.slow
def test_one_of_three_servers_killed_at_a_time_loses_nothing() -> None:
    told = entries(range(600))
    with nats.cluster() as servers, ExitStack() as stack:
        log = _opener(stack, [each.url for each in servers])
        log().append(entries(["first"]))
        assert ids(log()) == ["first"]

        def kill(number: int) -> None:
            if number in {100, 300, 500}:
                servers[number // 200].kill()
            if number in {200, 400}:
                servers[number // 200 - 1].start()

        _append(log, told, kill)
        assert set(_read(log, {each.id for each in told})) == {
            "first",
            *(each.id for each in told),
        }  # not acknowledged, so given again
