"""Fixtures every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from hypothesis import settings

from callbox.people.models import User
from tests import people, trail

# Time is measured by benches alone: a busy machine is no failure. The same examples on every machine, so that what passed before a
# change lands passes after; CALLBOX_TEST_RANDOM=1 looks for new ones.
settings.register_profile("callbox", deadline=None, derandomize="CALLBOX_TEST_RANDOM" not in os.environ)
settings.load_profile("callbox")

_DATABASE_FIXTURES = {"db", "transactional_db", "cast", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses the database, so that this half can run on PostgreSQL too."""
    for item in items:
        if item.get_closest_marker("django_db") or _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
            _in_every_database(item)


def _in_every_database(item: pytest.Item) -> None:
    """Let the test use the database of sealed tips too; where that is the main one, nothing changes."""
    given = item.get_closest_marker("django_db")
    options = {"databases": "__all__", **(given.kwargs if given else {})}
    item.add_marker(pytest.mark.django_db(*(given.args if given else ()), **options), append=False)


@pytest.fixture(autouse=True)
def _no_silent_write(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever the product writes in a test has its audit event in the same transaction (tests/trail.py, whose own test makes it fail)."""
    if request.node.get_closest_marker("database") is None or request.module.__name__ == "tests.governance.test_trail":
        yield
        return
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    with trail.watched() as watcher:
        yield
    assert watcher.found == []


@pytest.fixture
def cast(db: None) -> people.Cast:
    """Alice, Bob, Carol, Dan, Erin and Frank."""
    return people.make_cast()


@pytest.fixture
def browser_of(db: None) -> Callable[[User], Client]:
    """Return a function that gives a browser in which someone is signed in."""
    return people.signed_in
