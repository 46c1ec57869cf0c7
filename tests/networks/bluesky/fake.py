"""A personal data server with an AppView, as small as the session needs it, that can be told to fail in every way a real one may.

What real servers answer was written down from @atproto/dev-env 0.6.7, against which the same tests run under the mark `networks`.
"""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from callbox.networks.bluesky.keys import POST
from tests.core.loopback import Answer, Loopback, says

HANDLE = "riverton.test"
PASSWORD = "abcd-efgh-ijkl-mnop"
DID = "did:plc:riverton"
RESIDENT = "did:plc:resident"

type Query = dict[str, str]
type Call = tuple[Query, Any]


class RefusedError(Exception):
    """What the server says instead: a status and the protocol's name of the error."""

    def __init__(self, status: str, name: str, message: str = "no") -> None:
        super().__init__(name)
        self.status, self.body = status, {"error": name, "message": message}


class FakeServer:
    """instead: answers given without doing anything, by method.  after: answers given once the method was carried out.

    appview: whether one stands behind it.  late: how far back the AppView says it saw what it lists.
    """

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.notifications: list[dict[str, Any]] = []
        self.reposts: list[dict[str, Any]] = []
        self.instead: dict[str, Answer] = {}
        self.after: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.appview = True
        self.good: set[str] = set()
        self.password = PASSWORD
        self._clock = datetime.now(UTC) - timedelta(hours=1)
        self._loop = Loopback(self._answer)
        self.place = self._loop.name

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Our posts, as stored."""
        return [value for uri, value in self.records.items() if uri.startswith(f"at://{DID}/{POST}/")]

    def close(self) -> None:
        self._loop.close()

    def now(self) -> str:
        """Return the next second of the server's own clock."""
        self._clock += timedelta(seconds=1)
        return self._clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def hear(self, text: str, *, to: str = "", reason: str = "mention", **more: Any) -> str:
        """Let a resident post, and the AppView notify us; return the address."""
        at = self.now()
        uri = f"at://{RESIDENT}/{POST}/{len(self.records):013d}"
        value: dict[str, Any] = {"$type": POST, "text": text, "createdAt": at, **more}
        if to:
            parent = {"uri": to, "cid": cid(self.records[to])}
            value["reply"] = {"parent": parent, "root": self.records[to].get("reply", {}).get("root", parent)}
        self.records[uri] = value
        author = {"did": RESIDENT, "handle": "resident.test", "displayName": "A resident"}
        self.notifications.insert(
            0,
            {"uri": uri, "cid": cid(value), "author": author, "reason": reason, "record": value, "isRead": False}
            | {"indexedAt": at},
        )
        return uri

    def post(self, text: str, **more: Any) -> str:
        """Post in our name, past Callbox."""
        uri = f"at://{DID}/{POST}/3{len(self.records):012d}"
        self.records[uri] = {"$type": POST, "text": text, "createdAt": self.now(), **more}
        return uri

    def _answer(self, line: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        path = urlsplit(head.split(b" ", 2)[1].decode())
        method = path.path.removeprefix("/xrpc/")
        self.asked.append(method)
        if method in self.instead:
            self.instead[method](line, request)
            return
        query = {name: values[0] for name, values in parse_qs(path.query).items()}
        token = next(
            (row[22:] for row in head.decode().split("\r\n") if row.lower().startswith("authorization: bearer ")), ""
        )
        try:
            given = self._carry_out(method, query, body, token)
            answer = says("200 OK", json.dumps(given).encode(), "Content-Type: application/json")
            answer = self.after.get(method, answer)
        except RefusedError as error:
            answer = says(error.status, json.dumps(error.body).encode(), "Content-Type: application/json")
        answer(line, request)

    def _carry_out(self, method: str, query: Query, body: bytes, token: str) -> Any:
        known: dict[str, Callable[[Query, Any], Any]] = {
            "com.atproto.server.createSession": self._sign_in,
            "com.atproto.server.getSession": lambda *_: {"did": DID, "handle": HANDLE},
            "com.atproto.repo.createRecord": self._create,
            "com.atproto.repo.putRecord": self._put,
            "com.atproto.repo.deleteRecord": self._delete,
            "com.atproto.repo.getRecord": self._get,
            "com.atproto.repo.listRecords": self._list,
            "com.atproto.identity.resolveHandle": self._resolve,
        }
        views: dict[str, Callable[[Query, Any], Any]] = {
            "app.bsky.actor.getProfile": lambda *_: {"did": DID, "handle": HANDLE, "followersCount": 12},
            "app.bsky.notification.listNotifications": self._notifications,
            "app.bsky.feed.getAuthorFeed": self._feed,
        }
        if method == "com.atproto.server.refreshSession":
            return self._refresh(token)
        if method != "com.atproto.server.createSession" and token not in self.good:
            raise RefusedError("400 Bad Request", "ExpiredToken", "Token has expired")
        if method == "com.atproto.repo.uploadBlob":
            link = {"$link": cid(body.hex())}
            return {"blob": {"$type": "blob", "ref": link, "mimeType": "image/png", "size": len(body)}}
        if method in views and not self.appview:
            raise RefusedError("400 Bad Request", "InvalidRequest", f"No service configured for {method}")
        return {**known, **views}[method](query, json.loads(body) if body else None)

    def _tokens(self) -> dict[str, str]:
        number = sum(method.startswith("com.atproto.server") for method in self.asked)
        self.good.add(f"access-{number}")
        self.good.add(f"refresh-{number}")
        return {"did": DID, "handle": HANDLE, "accessJwt": f"access-{number}", "refreshJwt": f"refresh-{number}"}

    def _sign_in(self, _query: Query, body: Any) -> Any:
        if body != {"identifier": HANDLE, "password": self.password}:
            raise RefusedError("401 Unauthorized", "AuthenticationRequired", "Invalid identifier or password")
        return self._tokens()

    def _refresh(self, token: str) -> Any:
        if token not in self.good or not token.startswith("refresh"):
            raise RefusedError("400 Bad Request", "ExpiredToken", "Token has been revoked")
        self.good.clear()
        return self._tokens()

    def _create(self, _query: Query, body: Any) -> Any:
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if uri in self.records:
            raise RefusedError("500 Internal Server Error", "InternalServerError", "Internal Server Error")
        self.records[uri] = body["record"]
        return {"uri": uri, "cid": cid(body["record"])}

    def _put(self, _query: Query, body: Any) -> Any:
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        if cid(self.records[uri]) != body["swapRecord"]:
            raise RefusedError("400 Bad Request", "InvalidSwap", "Record was changed")
        self.records[uri] = body["record"]
        return {"uri": uri, "cid": cid(body["record"])}

    def _delete(self, _query: Query, body: Any) -> Any:
        self.records.pop(f"at://{body['repo']}/{body['collection']}/{body['rkey']}", None)
        return {}

    def _get(self, query: Query, _body: Any) -> Any:
        uri = f"at://{query['repo']}/{query['collection']}/{query['rkey']}"
        if uri not in self.records:
            raise RefusedError("400 Bad Request", "RecordNotFound", f"Could not locate record: {uri}")
        return {"uri": uri, "cid": cid(self.records[uri]), "value": self.records[uri]}

    def _list(self, query: Query, _body: Any) -> Any:
        ours = sorted(((uri, value) for uri, value in self.records.items() if f"//{DID}/" in uri), reverse=True)
        return _page(query, "records", [{"uri": uri, "cid": cid(value), "value": value} for uri, value in ours])

    def _resolve(self, query: Query, _body: Any) -> Any:
        if query["handle"] != "resident.test":
            raise RefusedError("400 Bad Request", "InvalidRequest", "Unable to resolve handle")
        return {"did": RESIDENT}

    def _notifications(self, query: Query, _body: Any) -> Any:
        return _page(query, "notifications", self.notifications)

    def _feed(self, query: Query, _body: Any) -> Any:
        author = {"did": DID, "handle": HANDLE}
        entries = [
            {
                "post": {"uri": uri, "cid": cid(value), "author": author, "record": value, "likeCount": 3}
                | {"repostCount": 2, "replyCount": 1, "indexedAt": value["createdAt"]}
            }
            for uri, value in self.records.items()
            if f"//{DID}/" in uri
        ]
        entries += self.reposts
        return _page(query, "feed", sorted(entries, key=_order, reverse=True))


def _order(entry: dict[str, Any]) -> str:
    return str(entry.get("reason", entry["post"])["indexedAt"])


def _page(query: Query, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    start, size = int(query.get("cursor", 0)), int(query.get("limit", 50))
    more = {"cursor": str(start + size)} if start + size < len(rows) else {}
    return {name: rows[start : start + size], **more}


def cid(value: Any) -> str:
    """Return a content id: the same for the same record."""
    return "bafkrei" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:52]
