"""What every log does. The class of a log's tests inherits it and gives `log`, a function that opens the same log once more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from callbox.core.log.contract import Entry, Log

#: Of the logs under test, in seconds.
PATIENCE = 1.0

type Opener = Callable[[], Log]


def entries(names: Iterable[object]) -> list[Entry]:
    return [Entry(str(name), f"about {name}".encode()) for name in names]


def ids(log: Log, count: int = 100, seconds: float = 5) -> list[str]:
    return [each.id for each in log.fetch(count, seconds=seconds)]


class LogContract:
    """Tests of any log."""

    def test_what_was_appended_comes_in_order_with_what_was_in_it(self, log: Opener) -> None:
        log().append(entries("abc"))
        log().append(entries("de"))
        found = log().fetch(10, seconds=5)
        assert [(each.id, each.data, each.tries) for each in found] == [
            (name, f"about {name}".encode(), 1) for name in "abcde"
        ]

    def test_an_entry_appended_twice_is_kept_once_also_after_it_was_acknowledged(self, log: Opener) -> None:
        one = log()
        one.append(entries("ab"))
        one.append(entries("bc"))
        found = one.fetch(10, seconds=5)
        assert [each.id for each in found] == ["a", "b", "c"]
        one.acknowledge(found)
        one.append(entries("ca"))
        one.append(entries("d"))
        assert ids(one) == ["d"]

    def test_an_empty_log_waits_and_gives_nothing(self, log: Opener) -> None:
        assert log().fetch(10, seconds=0.2) == []
        log().append([])
        log().acknowledge([])
        assert log().fetch(10, seconds=0) == []

    def test_fewer_entries_than_asked_for_come_at_once(self, log: Opener) -> None:
        one = log()
        one.append(entries("a"))
        began = time.monotonic()
        assert ids(one, seconds=60) == ["a"]
        assert time.monotonic() - began < 30  # it would have waited out its time

    def test_what_is_given_to_one_reader_is_not_given_to_another(self, log: Opener) -> None:
        one, other = log(), log()
        one.append(entries("abcd"))
        assert ids(one, 2) == ["a", "b"]
        assert ids(other, 100) == ["c", "d"]

    def test_what_is_not_acknowledged_is_given_again_and_counted(self, log: Opener) -> None:
        one, other = log(), log()
        one.append(entries("abc"))
        found = one.fetch(10, seconds=5)
        one.acknowledge(found[1:2])
        again: dict[str, int] = {}
        until = time.monotonic() + 30 * PATIENCE
        while len(again) < 2 and time.monotonic() < until:
            again |= {each.id: each.tries for each in other.fetch(10, seconds=PATIENCE)}
        assert again == {"a": 2, "c": 2}

    def test_what_is_acknowledged_late_does_not_come_again(self, log: Opener) -> None:
        one = log()
        one.append(entries("a"))
        late = one.fetch(1, seconds=5)
        again = one.fetch(1, seconds=30 * PATIENCE)
        assert [each.tries for each in again] == [2]
        one.acknowledge(late)
        assert one.fetch(1, seconds=2 * PATIENCE) == []

    def test_a_reader_waits_for_what_is_appended_meanwhile(self, log: Opener) -> None:
        reader, writer = log(), log()
        with ThreadPoolExecutor() as pool:
            found = pool.submit(reader.fetch, 10, seconds=60)
            writer.append(entries("a"))
            assert [each.id for each in found.result()] == ["a"]

    def test_several_readers_at_once_get_every_entry_once(self, log: Opener) -> None:
        writer = log()
        wanted = [str(number) for number in range(400)]

        def read() -> list[str]:
            mine, got = log(), []
            while found := mine.fetch(7, seconds=0.5):
                mine.acknowledge(found)
                got += [each.id for each in found]
            return got

        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(read) for _ in range(4)]
            for at in range(0, 400, 40):
                writer.append(entries(wanted[at : at + 40]))
            got = [each for reader in readers for each in reader.result()]
            got += read()  # what was appended after they had given up
        assert sorted(got, key=int) == wanted

    def test_a_megabyte_goes_through(self, log: Opener) -> None:
        one = log()
        data = bytes(range(256)) * 4000
        one.append([Entry("large", data)])
        assert [each.data for each in one.fetch(1, seconds=5)] == [data]
