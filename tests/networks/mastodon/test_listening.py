"""Listening to Mastodon: what makes no sense is passed over and keeps nothing else from being heard."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from callbox.networks.mastodon.listening import Listener


class Status(SimpleNamespace):
    """A status as Mastodon.py gives it: attributes that can be asked for like a dictionary's."""

    def get(self, name: str) -> Any:
        return getattr(self, name, None)


def status(number: int, **changes: Any) -> Status:
    account = Status(id=7, acct="mia@elsewhere.example", display_name="Mia")
    known: dict[str, Any] = {
        "id": number,
        "account": account,
        "reblog": None,
        "content": f"<p>Word {number}</p>",
        "media_attachments": [],
        "in_reply_to_id": None,
        "created_at": datetime(2026, 11, 2, 9, number, tzinfo=UTC),
        "visibility": "public",
    }
    return Status(**{**known, **changes})


def test_a_strange_status_is_passed_over_and_the_others_are_heard() -> None:
    listener = Listener(SimpleNamespace(), "1", "here.example")  # type: ignore[arg-type]  # nothing is asked of the server
    strange = [
        status(2, account=None),
        status(3, media_attachments=[1, 2]),
        status(4, reblog="nonsense"),
    ]
    heard = [seen.text for seen in listener._readable([status(1), *strange, status(5)])]
    assert heard == ["Word 1", "Word 5"]
