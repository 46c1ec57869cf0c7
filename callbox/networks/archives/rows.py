"""From one record of an archive to one row of the ledger: what all readers of networks' archives share."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from callbox.core.text import Reason
from callbox.networks.archives.container import Container, printable
from callbox.networks.archives.contract import Batch, Reading, Reject
from callbox.networks.archives.json_buffer import MAX_ELEMENT
from callbox.networks.archives.json_stream import Damaged, Element, elements
from callbox.networks.ledger import SCHEMAS

#: Rows of one batch.
BATCH: Final = 5_000

type Row = dict[str, Any]

# Tags that say "no language", and two-letter codes that were renamed.
_NO_LANGUAGE: Final = {"und", "zxx", "mul", "mis", "nan", "qam", "qct", "qht", "qme", "qst", "art"}
_RENAMED: Final = {"iw": "he", "in": "id", "ji": "yi"}
_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_]|$)")
#: What hostile or odd records make pure translation raise.
_ODD: Final = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


class Unfit(Exception):  # noqa: N818 - it says what the record is
    """A record that cannot become a row. code, values: of `callbox.core.text`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Collector:
    """Turns records into batches of rows and sets the unfit ones aside with their place."""

    def __init__(self, path: Path, reading: Reading) -> None:
        self.newest: datetime | None = None
        self.taken: Counter[str] = Counter()
        self._path, self._reading = path, reading
        self._rows: dict[str, list[Row]] = {"posts": [], "contacts": []}
        self._left_out: Counter[str] = Counter()

    def elements(self, container: Container, member: str, *array: str, private: bool = False) -> Iterator[Element]:
        """Yield the sound elements of a JSON member. private: no excerpt of it may be written anywhere."""
        with container.open(member) as stream:
            for element in elements(stream, *array):
                if isinstance(element, Element):
                    yield element
                else:
                    excerpt = "" if private else element.excerpt
                    self.set_aside(element, element.code, {"limit": MAX_ELEMENT}, member=member, excerpt=excerpt)

    def take(self, element: Element, member: str, translate: Callable[[dict[str, Any]], Row]) -> None:
        """Add the row of posts that `translate` makes of an element, or set the element aside."""
        try:
            self.add("posts", translate(element.value))
        except Unfit as unfit:
            self.set_aside(element, unfit.code, unfit.values, member=member)
        except _ODD:
            self.set_aside(element, "not_a_post", {}, member=member)

    def add(self, table: str, row: Row) -> None:
        """Add a row.

        Raises:
            Unfit: it has no id, or its time lies outside what the reading allows.
        """
        at = row["at"]
        self.check(at)
        if table == "posts":
            if not row["post"]:
                raise Unfit("no_id")
            self.newest = at if self.newest is None else max(at, self.newest)
        self.taken[table] += 1
        self._rows[table].append(
            {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}
        )

    def check(self, at: datetime) -> None:
        """Raise `Unfit` for a time from a wrong clock."""
        early = self._reading.earliest is not None and at < self._reading.earliest
        late = self._reading.latest is not None and at > self._reading.latest
        if early or late:
            raise Unfit("wrong_clock", value=at.isoformat())

    def set_aside(
        self,
        place: Element | Damaged,
        code: str,
        values: Mapping[str, object],
        *,
        member: str | None = None,
        excerpt: str = "",
    ) -> None:
        """Report a record that is not kept. member: left away when it is the file itself."""
        within = None if member == self._path.name else member
        self._reading.reject(
            Reject(
                self._path.name,
                place.number,
                place.offset if place.offset >= 0 else None,
                code,
                values,
                within,
                clean(printable(excerpt)),
            )
        )

    def leave_out(self, code: str, count: int = 1) -> None:
        """Count what is left out by its nature and not for damage; told once at the end with its number."""
        self._left_out[code] += count

    def full(self) -> Iterator[Batch]:
        """Yield the tables that have enough rows for a batch."""
        for table, rows in self._rows.items():
            if len(rows) >= BATCH:
                yield self._batch(table)

    def finish(self, container: Container | None, account: Row) -> Iterator[Batch]:
        """Yield the remaining rows, then the account's; tell what of the container was not read or was damaged."""
        for table, rows in self._rows.items():
            if rows:
                yield self._batch(table)
        as_of = account.get("as_of")
        if as_of is not None and self.newest is not None and as_of < self.newest:
            account["as_of"] = None  # an export cannot be older than what it holds
        row = {name: clean(value) if isinstance(value, str) else value for name, value in account.items()}
        yield Batch("accounts", _frame("accounts", [row | {"source": self._path.name}]))
        for code, count in sorted(self._left_out.items()):
            self._reading.note(Reason(code, {"n": count}))
        if container is not None:
            self._tell(container)

    def _tell(self, container: Container) -> None:
        by_code = Counter(ignored.code for ignored in container.ignored)
        for code, count in sorted(by_code.items()):
            first = next(ignored.name for ignored in container.ignored if ignored.code == code)
            self._reading.note(Reason(code, {"name": first, "n": count}))
        for name in sorted(container.damage):
            self._reading.note(Reason("member_damaged", {"name": printable(name)}))
        if container.cut_short:
            self._reading.note(Reason("archive_cut_short"))

    def _batch(self, table: str) -> Batch:
        rows, self._rows[table] = self._rows[table], []
        return Batch(table, _frame(table, rows))


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    schema: dict[str, Any] = dict(SCHEMAS[table])
    if any("text" in row for row in rows):
        schema["text"] = pl.String
    return pl.DataFrame(rows, schema=schema)


def contacts(account: str, thread: str, door: str, messages: list[tuple[datetime, bool, str]]) -> Iterator[Row]:
    """Yield a row for every incoming message of one conversation.

    messages: time, whether the agency wrote it, id; in any order.  The reply is the agency's next message in the conversation.
    """
    reply: datetime | None = None
    for at, own, message in sorted(messages, key=lambda one: one[0], reverse=True):
        if own:
            reply = at
        else:
            yield {
                "account": account,
                "contact": message,
                "thread": thread,
                "at": at,
                "door": door,
                "replied_at": reply if reply and reply > at else None,
            }


def clean(text: str) -> str:
    """Return a text that is valid Unicode: halves of characters, as broken exports write them, become U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _broken(text) else text


def _broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def count(value: object, *, most: int = 2**32 - 1) -> int | None:
    """Return a count that an archive writes as number or digits; None when it is neither."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{1,10}", value) is None:
        return None
    number = int(value)
    return number if 0 <= number <= most else None


def language(tag: object) -> str | None:
    """Return the primary tag of BCP 47, None for tags that name no language."""
    found = _TAG.match(tag.lower()) if isinstance(tag, str) else None
    if found is None or found[1] in _NO_LANGUAGE:
        return None
    return _RENAMED.get(found[1], found[1])


def iso_time(value: object) -> datetime:
    """Return an ISO 8601 time as UTC; one without a zone is taken as UTC.

    Raises:
        Unfit: there is none or it is not understood.
    """
    if not isinstance(value, str) or not value:
        raise Unfit("no_time")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Unfit("bad_time", value=printable(value)[:40]) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def epoch(value: object, *, unit: int = 1) -> datetime:
    """Return seconds since 1970 (`unit` of them a second) as UTC.

    Raises:
        Unfit: there are none or they lie outside the calendar.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value == 0:
        raise Unfit("no_time")
    try:
        return datetime.fromtimestamp(value / unit, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unfit("bad_time", value=str(value)[:40]) from None


def pseudonym(*parts: object) -> str:
    """Return a short stable id for what has none, or whose own id names a person outside the agency."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, an empty list for anything else; one object alone counts as a list of it."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
