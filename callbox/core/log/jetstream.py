"""The log on NATS servers: one stream of JetStream whose entries go once they are acknowledged, one group of readers.

nats-py lives in an event loop, and the rest of Callbox in threads: one thread of this module runs the loop. Appending publishes all
entries before it waits for the first answer (waiting for each is four times slower). Fetching asks the server itself instead of
through `PullSubscription.fetch`, which waits out its whole time when there are fewer entries than asked for.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

import nats
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, Header, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from callbox.core.log.contract import KEEP, PATIENCE, Entry, Fetched, LogError

#: Seconds for which the servers remember the ids of entries.
MEMORY: Final = 600.0
#: Seconds to wait for the servers' answer to one call.
_ANSWER: Final = 10.0
#: Entries handed out and not acknowledged, over all workers.
_HANDED_OUT: Final = 20_000
#: Servers a stream is kept on, where there are so many.
_COPIES: Final = 3
_GROUP: Final = "keepers"


class JetStreamLog:
    """A log on `servers` (`nats://host:4222`), under `name`. Three servers or more keep three copies, fewer one.

    It connects at the first call and again whenever a server went away.  patience: seconds until an entry is given to somebody else.
    """

    def __init__(self, servers: Sequence[str], *, name: str = "callbox", patience: float = PATIENCE) -> None:
        self._servers, self._name, self._patience = list(servers), name, patience
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="log", daemon=True)
        self._thread.start()
        self._opening = asyncio.Lock()
        self._client: Client | None = None
        self._context: JetStreamContext
        self._inbox: _Inbox

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep `entries` durably, in order."""
        self._call(self._append(entries))

    def fetch(self, count: int, *, seconds: float) -> list[Fetched]:
        """Return up to `count` entries, oldest first; wait at most `seconds` for the first."""
        return self._call(self._fetch(count, seconds))

    def acknowledge(self, fetched: Sequence[Fetched]) -> None:
        """Say that their effects are kept."""
        self._call(self._acknowledge(fetched))

    def waiting(self) -> int:
        """Return how many entries are not acknowledged."""
        return self._call(self._waiting())

    def close(self) -> None:
        """Let go of the connection and end the thread."""
        with suppress(LogError):
            self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call[T](self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (nats.errors.Error, JetStreamError, OSError, TimeoutError) as error:
            raise LogError(f"the log's servers cannot be used: {error or type(error).__name__}") from error

    async def _append(self, entries: Sequence[Entry]) -> None:
        stream = await self._stream()
        answers = [
            await stream.publish_async(self._subject, entry.data, wait_stall=_ANSWER, headers={Header.MSG_ID: entry.id})
            for entry in entries
        ]
        try:
            async with asyncio.timeout(_ANSWER):
                said = await asyncio.gather(*answers, return_exceptions=True)
        finally:
            for answer in answers:  # what never came would be waited for by nobody
                answer.cancel()
        for each in said:
            if isinstance(each, BaseException):
                raise each

    async def _fetch(self, count: int, seconds: float) -> list[Fetched]:
        await self._connected()
        found = await self._inbox.pull(count, {"no_wait": True}, _ANSWER)
        if not found and seconds > 0:
            found = await self._inbox.pull(1, {"expires": int(seconds * 1e9)}, seconds + 1)
            if found and count > 1:
                found += await self._inbox.pull(count - 1, {"no_wait": True}, _ANSWER)
        return [_fetched(message) for message in found]

    async def _acknowledge(self, fetched: Sequence[Fetched]) -> None:
        client = await self._connected()
        for each in fetched:
            await client.publish(each.token, b"+ACK")
        await client.flush(int(_ANSWER))

    async def _waiting(self) -> int:
        found = await (await self._stream()).stream_info(self._name)
        return found.state.messages

    async def _close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def _stream(self) -> JetStreamContext:
        await self._connected()
        return self._context

    async def _connected(self) -> Client:
        """Return a client that is open. One that lost all its servers closes itself, and the next call tries anew."""
        async with self._opening:
            if self._client is not None and not self._client.is_closed:
                return self._client
            client = await nats.connect(
                self._servers,
                name="callbox",
                connect_timeout=2,
                max_reconnect_attempts=2,
                reconnect_time_wait=0.2,
                error_cb=_quiet,
                pending_size=16 * 2**20,
            )
            try:
                self._context = client.jetstream(timeout=_ANSWER)
                await self._prepare(self._context)
                self._inbox = _Inbox(client, self._name)
                await self._inbox.open()
            except BaseException:
                await client.close()
                raise
            self._client = client
            return client

    @property
    def _subject(self) -> str:
        return f"{self._name}.entries"

    async def _prepare(self, stream: JetStreamContext) -> None:
        """Make the stream and its group, or leave them as they are."""
        config = StreamConfig(
            name=self._name,
            subjects=[self._subject],
            retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.FILE,
            max_age=KEEP,
            duplicate_window=MEMORY,
            num_replicas=_COPIES if len(self._servers) >= _COPIES else 1,
        )
        group = ConsumerConfig(
            durable_name=_GROUP,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=self._patience,
            max_deliver=-1,
            max_ack_pending=_HANDED_OUT,
        )
        try:
            await stream.stream_info(self._name)
        except NotFoundError:
            await stream.add_stream(config)
        await stream.add_consumer(self._name, group)


class _Inbox:
    """Where entries come to. One question at a time."""

    def __init__(self, client: Client, name: str) -> None:
        self._client, self._address = client, client.new_inbox()
        self._ask = f"$JS.API.CONSUMER.MSG.NEXT.{name}.{_GROUP}"
        self._asked, self._turn = 0, asyncio.Lock()
        self._came: list[Msg] = []
        self._whole = asyncio.Event()
        self._wanted, self._reply = 0, ""

    async def open(self) -> None:
        """Begin to take entries."""
        await self._client.subscribe(f"{self._address}.*", cb=self._take)

    async def pull(self, count: int, how: dict[str, object], seconds: float) -> list[Msg]:
        """Ask for up to `count` entries and return what came before the server said that this was all, or before `seconds` passed.

        What comes late is handed out at the next question.
        """
        async with self._turn:
            self._asked += 1
            self._wanted, self._reply = count, f"{self._address}.{self._asked}"
            self._whole.clear()
            await self._client.publish(self._ask, json.dumps({"batch": count, **how}).encode(), reply=self._reply)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._whole.wait()
            found, self._came = self._came, []
            return found

    async def _take(self, message: Msg) -> None:
        if message.headers is None or Header.STATUS not in message.headers:
            self._came.append(message)
        elif message.subject != self._reply:
            return  # the end of an earlier question
        else:
            self._wanted = 0
        if len(self._came) >= self._wanted:
            self._whole.set()


def _fetched(message: Msg) -> Fetched:
    name = (message.headers or {}).get(Header.MSG_ID, "")
    return Fetched(name, message.data, message.reply, message.metadata.num_delivered)


async def _quiet(_error: Exception) -> None:
    """Say nothing: a call that fails says so itself."""
