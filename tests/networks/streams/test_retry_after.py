"""How long a server asks us to stay away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callbox.networks.retry_after import seconds_asked

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7200", 7200.0),
        (" 5 ", 5.0),
        ("Sun, 01 Mar 2026 13:00:00 GMT", 3600.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 14:00:00 +0100", 3600.0),
        ("soon", None),
        ("-5", None),
        ("Sun, 99 Mar 2026 13:00:00 GMT", None),
        ("9" * 400, float("9" * 12)),
        ("", None),
    ],
)
def test_seconds_and_dates_are_understood_and_nothing_else(said: str, seconds: float | None) -> None:
    assert seconds_asked({"Retry-After": said}, now=NOW) == seconds


def test_without_the_header_nothing_is_asked() -> None:
    assert seconds_asked({}, now=NOW) is None
