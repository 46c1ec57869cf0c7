"""At which calls a kill finds another world than at the one before."""

from __future__ import annotations

from tests.crash.killing import distinct

CALLS = ("sendto", "poll", "recvfrom", "pwrite64", "fdatasync")


def test_of_reading_the_first_of_each_kind_counts_until_something_is_written() -> None:
    order = ["sendto", "poll", "recvfrom", "poll", "recvfrom", "sendto", "poll"]
    assert distinct(order, CALLS) == {"sendto": [1, 2], "poll": [1, 3], "recvfrom": [1]}


def test_of_the_same_write_over_and_over_the_first_and_the_last_count() -> None:
    order = ["pwrite64", "pwrite64", "pwrite64", "pwrite64", "fdatasync", "pwrite64"]
    assert distinct(order, CALLS) == {"pwrite64": [1, 4, 5], "fdatasync": [1]}


def test_calls_that_nobody_asked_for_part_nothing() -> None:
    assert distinct(["pwrite64", "lseek", "pwrite64", "lseek", "pwrite64"], CALLS) == {"pwrite64": [1, 3]}
