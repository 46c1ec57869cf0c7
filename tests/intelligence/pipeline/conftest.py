"""A place of one agency with one watch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbox.intelligence.models import Watch
from tests.intelligence.pipeline.place import Place, log_in, source_of, watch_of
from tests.people import Cast


@pytest.fixture
def place(cast: Cast, tmp_path: Path) -> Iterator[Place]:
    with log_in(tmp_path) as log:
        yield Place(source_of(cast.agency, cast.alice), log)


@pytest.fixture
def watch(place: Place, cast: Cast) -> Watch:
    return watch_of(place.source, cast.alice, cast.bob)
