"""A stand-in of a dispatch centre: takes signed calls and judges them with the reference library of Standard Webhooks, nothing of ours.

What it is told it keeps by the id of the call, as a dispatch centre does: the same id again is the same incident.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

#: takes: says that it has it.  acknowledges: a person says so in the answer.  slow: answers only when told to.  silent: keeps it and hangs
#: up without an answer.  stores-and-fails: keeps it and answers 500.  denies: wants none of it.  busy: keeps nothing, answers 503.
type Mood = Literal["takes", "acknowledges", "slow", "silent", "stores-and-fails", "denies", "busy"]


class Dispatch:
    """secret: shared with the gateway.  incidents: what was opened, by the id of the call.  calls: every signed call, in order.
    refused: calls whose signature was wrong.  go: lets slow answers out.
    """

    def __init__(self, secret: str) -> None:
        self.secret, self.mood = secret, "takes"
        self.incidents: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused = 0
        self.go = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        """As "host:port", to be let through the guard."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def address(self) -> str:
        """Where calls go."""
        return f"http://{self.place}/callbox"

    def close(self) -> None:
        """Answer nobody any more."""
        self.go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def take(self, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]] | None:
        """Judge a call and keep what it asks for; return the answer, None to hang up."""
        try:
            told = Webhook(self.secret).verify(body, dict(headers))
        except (WebhookVerificationError, ValueError):
            self.refused += 1
            return 401, {"said": "wrong signature"}
        key = headers["webhook-id"]
        with self._lock:
            self.calls.append((key, told))
            if self.mood not in {"busy", "denies"} and told["type"] == "escalation.opened":
                self.incidents.setdefault(key, {**told["data"], "number": f"CAD-{len(self.incidents) + 1:04}"})
        if self.mood == "slow":
            self.go.wait(30)
        return self._answer(self.incidents.get(key, {}).get("number", ""))

    def _answer(self, number: str) -> tuple[int, dict[str, Any]] | None:
        match self.mood:
            case "silent":
                return None
            case "stores-and-fails":
                return 500, {}
            case "busy":
                return 503, {"said": "Too many calls"}
            case "denies":
                return 200, {"denied": True, "said": "Not our district"}
            case "acknowledges":
                return 200, {"acknowledged": True, "by": "R. Ortiz", "reference": number}
        return 202, {"reference": number}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        centre = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                given = {name.lower(): value for name, value in self.headers.items()}
                found = centre.take(given, body)
                if found is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                answer = json.dumps(found[1]).encode()
                self.send_response(found[0])
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing."""

        return Handler


@contextmanager
def dispatch(secret: str) -> Iterator[Dispatch]:
    """Run one while the block lasts."""
    centre = Dispatch(secret)
    try:
        yield centre
    finally:
        centre.close()


def call_back(
    secret: str, content: object, *, at: datetime | None = None, key: str = ""
) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a call as a dispatch centre signs it, with the library alone."""
    moment, name = at or datetime.now(UTC), key or f"msg_{uuid.uuid4().hex}"
    body = json.dumps(content)
    signature = Webhook(secret).sign(msg_id=name, timestamp=moment, data=body)
    stamp = str(int(moment.timestamp()))
    return body.encode(), {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}
