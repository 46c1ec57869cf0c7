"""One source: what is heard is matched in memory; what no watch matched goes no further, what one matched goes into the log, veiled."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Event
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from callbox.core.log.contract import Log, LogError
from callbox.intelligence import pseudonyms
from callbox.intelligence.engine.matching import Hit, Matcher
from callbox.intelligence.engine.query import QueryError, parse
from callbox.intelligence.models import Source
from callbox.intelligence.pipeline.findings import Finding, Matched, key_of
from callbox.intelligence.pseudonyms import nameless
from callbox.intelligence.services import listening
from callbox.intelligence.services.listening import OvertakenError
from callbox.intelligence.services.watches import Permission
from callbox.networks.storable import storable, web_address
from callbox.networks.stream import Heard, PublicPost, Stream, StreamError

log = logging.getLogger("callbox.listen")

#: Signs of a post that are read.
LONGEST: Final = 20_000
#: Seconds between two moves of the cursor; after a crash that much is heard again.
MOVE: Final = 2.0
#: Seconds before the next try when the database or the log cannot be used.
PAUSE: Final = 2.0
#: Longest wait in seconds between two tries to connect, of our own accord and when the server asks for it.
LONGEST_WAIT, LONGEST_ASKED = 120.0, 86_400.0

type Told = Callable[[Source, Heard], object]
type Failed = Callable[[Source, str], object]


class Listener:
    """Listens to one source in the thread that calls `run`. worker: who has claimed it.  heard: told what came in.  failed: told why
    the stream broke off.
    """

    def __init__(self, source: Source, stream: Stream, kept: Log, *, worker: str, heard: Told, failed: Failed) -> None:
        self.source, self.worker = source, worker
        self._stream, self._log, self._heard, self._failed = stream, kept, heard, failed
        self._veil = pseudonyms.of_agency(source.agency_id)
        self._vault = pseudonyms.vault()
        self._matcher = Matcher()
        self._allowed: tuple[Permission, ...] = ()
        self._held: tuple[Permission, ...] = ()
        self._by_watch: dict[int, Permission] = {}
        self._moved = 0.0

    def allow(self, permissions: Iterable[Permission]) -> None:
        """Say what may be listened for from now on; any thread may."""
        self._allowed = tuple(permissions)

    def run(self, stop: Event) -> None:
        """Listen until `stop` is set or another worker has the source. A stream that breaks off is gone on with."""
        wait = 0.0
        while not stop.wait(wait):
            try:
                for heard in self._stream.listen(self.source.cursor, stop):
                    self._patiently(heard, stop)
                    wait = 0.0
                    if stop.is_set():
                        return
                wait = PAUSE
            except StreamError as error:
                wait = max(min(2 * wait, LONGEST_WAIT), min(error.after, LONGEST_ASKED))
                self._failed(self.source, error.said)
            except OvertakenError:
                return

    def _patiently(self, heard: Heard, stop: Event) -> None:
        """Take what was heard; where the database or the log is away, keep it in memory and try again: some streams show a post once."""
        while not stop.is_set():
            try:
                self.take(heard)
            except (OperationalError, InterfaceError, LogError) as error:
                log.warning(
                    "What was heard at source %s cannot be written: %s. It is tried again.", self.source.pk, error
                )
                close_old_connections()  # one that broke
                stop.wait(PAUSE)
            else:
                return

    def take(self, heard: Heard) -> None:
        """Match what was heard, append what matched, then move the cursor.

        Raises:
            OvertakenError: another worker has the source.
            LogError, OperationalError, InterfaceError: nothing of it counts yet; taking it again is safe.
        """
        self._renew()
        now = timezone.now()
        found = [one for post in heard.posts if not post.gone and (one := self._finding(post, now))]
        if found:
            listening.on_the_way(self.source, {one.key: one.pseudonym for one in found}, worker=self.worker)
        found += self._gone(heard.posts, now)
        if found:
            self._log.append([one.entry() for one in found])
        if found or time.monotonic() - self._moved > MOVE:
            listening.move_cursor(self.source, heard.cursor)
            self._moved = time.monotonic()
        self._heard(self.source, heard)

    def _renew(self) -> None:
        """Bring the matcher to what is allowed now."""
        if (allowed := self._allowed) is self._held:
            return
        before, after = (
            {(one.watch, one.digest): one for one in self._held},
            {(one.watch, one.digest): one for one in allowed},
        )
        for watch, _digest in before.keys() - after.keys():
            self._matcher.remove(watch)
        for watch, digest in after.keys() - before.keys():
            one = after[watch, digest]
            try:
                self._matcher.add(watch, parse(one.query), one.languages)
            except QueryError:
                log.exception("The words of watch %s cannot be read; it hears nothing.", watch)
        self._by_watch = {one.watch: one for one in allowed}
        self._held = allowed

    def _finding(self, post: PublicPost, now: datetime) -> Finding | None:
        """Return a post that a watch matched which may listen at this very moment, veiled; nothing else of it is kept anywhere."""
        text = storable(post.text[:LONGEST])
        hits = [hit for hit in self._matcher.match(nameless(text), post.language) if self._may(hit, now)]
        if not hits or not post.remote_id:
            return None
        who = {"author": post.author, "name": post.author_name, "id": post.remote_id, "url": web_address(post.url)}
        return Finding(
            agency=self.source.agency_id,
            source=self.source.pk,
            key=key_of(post.network, post.remote_id),
            heard=now,
            matched=tuple(Matched(hit.key, self._by_watch[hit.key].digest, hit.words) for hit in hits),
            at=post.at,
            pseudonym=self._veil.of(post.network, post.author),
            sealed=self._vault.seal({name: storable(value) for name, value in who.items() if value}),
            text=self._veil.veiled(text, network=post.network, author_name=post.author_name),
            language=storable(post.language)[:35],
        )

    def _may(self, hit: Hit, now: datetime) -> bool:
        permission = self._by_watch.get(hit.key)
        return permission is not None and permission.starts <= now < permission.ends

    def _gone(self, posts: Sequence[PublicPost], now: datetime) -> list[Finding]:
        """Return the deletions of what is kept or on its way; all others tell us nothing and leave nothing.

        With an account goes every post of it.
        """
        gone = [post for post in posts if post.gone]
        keys = {key_of(post.network, post.remote_id) for post in gone if post.remote_id}
        authors = {self._veil.of(post.network, post.author) for post in gone if post.author and not post.remote_id}
        known = listening.ours(self.source, keys, authors) if gone else set()
        return [Finding(self.source.agency_id, self.source.pk, key, now, gone=True) for key in sorted(known)]
