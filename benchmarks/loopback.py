"""A server on this machine that speaks as much of the Mastodon API as publishing needs, in a process of its own.

`python -m benchmarks.loopback` prints its port. It keeps every status in memory: `GET /found` tells how often each idempotency key
came and between which moments, `POST /forget` starts anew. It answers in a tenth of a millisecond, so that what is measured is who asks.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs

#: The name accounts have there; tokens are the accounts' names.
DOMAIN: Final = "social.example"
_DATE: Final = "2026-01-01T00:00:00.000Z"


class Statuses:
    """What was published. times: moments of the calls, in seconds."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.times: list[float] = []

    def publish(self, who: str, form: str, key: str) -> dict[str, Any]:
        """Keep a status and return it as Mastodon shows it."""
        self.keys[key] += 1
        self.times.append(time.monotonic())
        number = str(len(self.times))
        words = parse_qs(form).get("status", [""])[0]
        return {
            "id": number, "uri": f"https://{DOMAIN}/users/{who}/statuses/{number}", "url": f"https://{DOMAIN}/@{who}/{number}",
            "created_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"), "content": f"<p>{words}</p>", "visibility": "public",
            "account": account(who), "in_reply_to_id": None, "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "",
            "language": "en", "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "edited_at": None, "favourited": False,
            "reblogged": False, "muted": False, "bookmarked": False, "pinned": False, "reblog": None, "application": None,
            "media_attachments": [], "mentions": [], "tags": [], "emojis": [], "card": None, "poll": None, "filtered": [],
        }  # fmt: skip


def account(who: str) -> dict[str, Any]:
    """Return an account as Mastodon shows it."""
    return {
        "id": who, "username": who, "acct": who, "display_name": who, "locked": False, "bot": False, "discoverable": True,
        "group": False, "created_at": _DATE, "note": "", "url": f"https://{DOMAIN}/@{who}", "uri": f"https://{DOMAIN}/users/{who}",
        "avatar": "", "avatar_static": "", "header": "", "header_static": "", "followers_count": 1, "following_count": 1,
        "statuses_count": 1, "last_status_at": "2026-01-01", "emojis": [], "fields": [],
    }  # fmt: skip


class _Connection(asyncio.Protocol):
    """One connection: requests with a Content-Length, one after the other."""

    def __init__(self, statuses: Statuses) -> None:
        self._statuses, self._buffer = statuses, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            size = int(headers.get("content-length", 0))
            if len(self._buffer) < end + 4 + size:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + size], self._buffer[end + 4 + size :]
            self._answer(first.split(" ")[0], first.split(" ")[1].partition("?")[0], headers, body.decode())

    def _answer(self, method: str, path: str, headers: dict[str, str], body: str) -> None:
        who = headers.get("authorization", "").removeprefix("Bearer ")
        found: Any = {"error": "not found"}
        match method, path:
            case "POST", "/api/v1/statuses":
                found = self._statuses.publish(who, body, headers.get("idempotency-key", ""))
            case "GET", "/api/v1/accounts/verify_credentials":
                found = account(who)
            case "GET", "/api/v2/instance":
                found = {"domain": DOMAIN}
            case "GET", "/api/v1/notifications" | "/api/v2/search":
                found = []
            case "GET", "/found":
                times = self._statuses.times or [0.0]
                found = {
                    "keys": self._statuses.keys,
                    "first": times[0],
                    "last": times[-1],
                    "count": len(self._statuses.times),
                }
            case "GET", "/count":
                found = len(self._statuses.times)
            case "POST", "/forget":
                self._statuses.__init__()  # type: ignore[misc]
            case "GET", _ if path.endswith("/statuses"):
                found = []
        status = "404 Not Found" if isinstance(found, dict) and "error" in found and method == "GET" else "200 OK"
        text = json.dumps(found).encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        self._out.write(head.encode() + text)


@contextmanager
def server() -> Iterator[str]:
    """Start the server in a process of its own; give its address, end it by its process."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.loopback"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def ask(url: str, *, post: bool = False) -> Any:
    """Return what the server tells."""
    request = urllib.request.Request(url, data=b"" if post else None)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


async def _serve() -> None:
    statuses = Statuses()
    serving = await asyncio.get_running_loop().create_server(lambda: _Connection(statuses), "127.0.0.1", 0, backlog=512)
    print(serving.sockets[0].getsockname()[1], flush=True)
    await serving.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
