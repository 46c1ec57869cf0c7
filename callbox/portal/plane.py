"""Which requests belong to the public plane, and what is known of one: what it asks for, nothing of who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings

URLCONF: Final = "callbox.portal.urls"
#: Where the portal lives when it shares a process with the desk: /p/..., /es/p/...
_BESIDE_THE_DESK: Final = re.compile(r"/(?:[a-z]{2}/)?p(?:/|\Z)")
#: Everything a public request may bring along. A list of what is let in, because nobody can list every header that names a person.
LET_IN: Final = frozenset({
    *("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH"),
    *("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE"),
    *("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE"),
    *("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE"),
})  # fmt: skip

_serving: ContextVar[bool] = ContextVar("callbox_portal_serving", default=False)
_copying: ContextVar[bool] = ContextVar("callbox_portal_copying", default=False)


def is_public(path: str) -> bool:
    """Whether the path belongs to the portal in this process."""
    return settings.PLANE == "portal" or (settings.PLANE == "both" and bool(_BESIDE_THE_DESK.match(path)))


def forget(meta: dict[str, Any]) -> None:
    """Take out of a request's variables whatever could name a person: address, browser, cookies, where they came from."""
    for name in [name for name in meta if name not in LET_IN and not name.startswith("wsgi.")]:
        del meta[name]


@contextmanager
def copying() -> Iterator[None]:
    """Mark that pages are written as files: forms in them have nobody to take what is typed."""
    token = _copying.set(True)
    try:
        yield
    finally:
        _copying.reset(token)


def is_copying() -> bool:
    """Whether the page being made becomes a file."""
    return _copying.get()


@contextmanager
def serving() -> Iterator[None]:
    """Mark what happens inside as done for a public request, so that the log knows to keep quiet."""
    token = _serving.set(True)
    try:
        yield
    finally:
        _serving.reset(token)


def is_serving() -> bool:
    """Whether a public request is being answered here."""
    return _serving.get()
