"""Listening to Mastodon: what makes no sense is passed over and keeps nothing else from being heard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from callbox.networks.contract import NetworkError
from callbox.networks.mastodon.listening import PAGE, Listener


class Status(dict[str, Any]):
    """A status as Mastodon.py gives it: a dictionary whose keys can be asked for like attributes."""

    def __init__(self, **known: Any) -> None:
        super().__init__(known)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


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


class Server:
    """Stands for the client: notifications after the one asked for, oldest first; every thread is answered with `status`."""

    def __init__(self, notices: list[Any], status: int | None = 200) -> None:
        self.notices, self.status, self.api = notices, status, self

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Judge nothing."""
        yield

    def notifications(self, *, types: list[str], min_id: str | None, limit: int) -> list[Status]:
        """Take no heed of the kinds that were asked for."""
        assert types == ["mention"]
        known = [each for each in self.notices if not isinstance(each, Status) or each.id > int(min_id or 0)]
        return known[:limit]

    def account_statuses(self, *_args: object, **_kwargs: object) -> list[Status]:
        """Have none."""
        return []

    def status_context(self, _status: str) -> Status:
        """Refuse."""
        raise NetworkError(f"it answered {self.status}")


def notice(number: int, kind: str = "mention", **changes: Any) -> Status:
    at = datetime(2026, 11, 2, 9, tzinfo=UTC) + timedelta(minutes=number)
    return Status(id=number, type=kind, created_at=at, status=status(number % 60, **changes))


def _heard(server: Server) -> list[str]:
    listener = Listener(server, "1", "here.example")  # type: ignore[arg-type]  # it stands for the client
    texts, cursor = [], '{"mention": "1"}'
    for _page in range(9):
        batch = listener.page(cursor)
        texts += [seen.text for seen in batch.seen]
        if not batch.more:
            return texts
        assert batch.cursor != cursor
        cursor = batch.cursor
    raise AssertionError("the pages never end")


def test_what_is_no_mention_is_passed_and_not_stopped_at() -> None:
    favourites = [notice(number, "favourite") for number in range(2, 3 * PAGE)]
    assert _heard(Server([*favourites, notice(3 * PAGE + 1)])) == ["Word 1"]


@pytest.mark.parametrize(
    "strange",
    [
        None, "x", [], {}, Status(id=4), Status(id=4, created_at="yesterday"), notice(4, created_at=None), notice(4, account=[]),
        *(Status(**{**notice(4), **odd}) for odd in ({"status": "x"}, {"status": None}, {"type": None})),
    ],
    ids=lambda strange: str(strange)[:40],
)  # fmt: skip
def test_a_notice_that_makes_no_sense_silences_no_other(strange: Any) -> None:
    assert _heard(Server([notice(3), strange, notice(5)])) == ["Word 3", "Word 5"]


def test_the_words_above_a_hidden_status_are_heard_too() -> None:
    assert _heard(Server([notice(2, spoiler_text="Fire\n in Mill Road")])) == ["Fire in Mill Road\nWord 2"]


@pytest.mark.parametrize("answer", [404, 410, 422, 500, 200])
def test_a_thread_that_cannot_be_told_silences_nobody(answer: int) -> None:
    notices = [notice(2, in_reply_to_id=9), notice(3)]
    assert _heard(Server(notices, answer)) == ["Word 2", "Word 3"]


@pytest.mark.parametrize("answer", [None, 401, 408, 429, 502, 503, 504])
def test_a_thread_is_asked_for_again_when_the_server_was_away(answer: int | None) -> None:
    with pytest.raises(NetworkError):
        _heard(Server([notice(2, in_reply_to_id=9)], answer))
