"""An agency with a source and watches that may listen there, by rows; a listener and a worker over a log in a file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

from django.utils import timezone

from callbox.core.log.jetstream import JetStreamLog
from callbox.core.log.sqlite import SqliteLog
from callbox.governance.models import Approval
from callbox.governance.policy import TWO_PERSONS
from callbox.intelligence.models import Source, Watch, WatchVersion
from callbox.intelligence.pipeline import keeping
from callbox.intelligence.pipeline.listener import Listener
from callbox.intelligence.services import listening
from callbox.intelligence.services.permission import bound_of, digest_of
from callbox.networks.stream import Heard, PublicPost, Stream
from callbox.people.models import Agency, User
from tests.intelligence.pipeline.scripted import Scripted

FAR = datetime(2100, 1, 1, tzinfo=UTC)
WORKER = "worker"


def source_of(agency: Agency, by: User, *, address: str = "wss://stream.example") -> Source:
    return Source.objects.create(
        agency=agency, kind="jetstream", title=address, address=address, rights="Read on the first of March.",
        rights_until=date(2100, 1, 1), by=by, at=timezone.now(),
    )  # fmt: skip


def watch_of(
    source: Source,
    author: User,
    approver: User,
    *,
    query: str = "fire harbour",
    ends: datetime = FAR,
    languages: Sequence[str] = (),
) -> Watch:
    """Write a watch that may listen now, as its services leave it."""
    at = timezone.now()
    starts = at - timedelta(hours=1)
    watch = Watch.objects.create(
        agency=source.agency,
        state="allowed",
        starts=at - timedelta(hours=1),
        ends=ends,
        by=author,
        at=at,
        changed_at=at,
    )
    watch.sources.add(source)
    version = WatchVersion(
        watch=watch, number=1, title="Fires", purpose="To be there early", basis="duty", area="The harbour", query=query,
        languages=list(languages), sources=[source.pk], starts=starts, ends=ends, by=author, at=at,
    )  # fmt: skip
    version.digest = digest_of(version)
    version.save()
    bound = bound_of(version)
    Approval.objects.create(
        agency=source.agency, subject=watch.subject, digest=bound.digest, parts=dict(bound.parts), rule=TWO_PERSONS, by=approver, at=at
    )  # fmt: skip
    return watch


@dataclass
class Place:
    """source: whose stream is scripted.  log: what is between hearing and keeping.  said: by the stream so far."""

    source: Source
    log: SqliteLog | JetStreamLog
    said: list[Sequence[PublicPost]] = field(default_factory=list)

    def listener(self, stream: Stream | None = None, *, source: Source | None = None) -> Listener:
        """Return one that has claimed the source and knows what may be listened for now."""
        of = Source.objects.get(pk=(source or self.source).pk)
        assert listening.claim(of, worker=WORKER)
        made = Listener(
            of, stream or Scripted(()), self.log, worker=WORKER, heard=lambda *_all: None, failed=lambda *_all: None
        )
        made.allow(listening.wanted(timezone.now()).get(of, ()))
        return made

    def hear(self, *posts: PublicPost, listener: Listener | None = None, cursor: str = "1") -> None:
        (listener or self.listener()).take(Heard(posts, cursor, passed=len(posts)))

    def keep(self) -> int:
        """Keep everything that waits; return how many entries that was."""
        total = 0
        while count := keeping.work(self.log):
            total += count
        return total

    def run(self, *script: Sequence[PublicPost]) -> None:
        """Let the stream say more, hear it to its end from where hearing has come, then keep what it left."""
        self.said += script
        self.listener(Scripted(self.said, stays=False)).run(_Once())
        self.keep()


class _Once(Event):
    """Stops the second time it is asked to wait: after one run through the stream."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0

    def wait(self, timeout: float | None = None) -> bool:
        self._asked += 1
        return self._asked > 1


@contextlib.contextmanager
def log_in(folder: Path, *, patience: float = 30) -> Iterator[SqliteLog]:
    with contextlib.closing(SqliteLog(folder / "stream.sqlite3", patience=patience, durable=False)) as log:
        yield log
