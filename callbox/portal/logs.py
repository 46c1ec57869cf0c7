"""How the public plane writes its log: what broke and where, never what was asked, by whom, or with which words."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

from callbox.portal.plane import is_public, is_serving


class Formatter(logging.Formatter):
    """The line of the desk, and of the public plane only what cannot name a person.

    A message may hold a path with a secret, a host header, a value from a form; so of a public request only the level, the logger, the
    status and, of an error, its type and the lines of code it passed are written. Messages of exceptions are values too: left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        if not _is_public(record):
            return super().format(record)
        status = getattr(record, "status_code", "")
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: public plane {status}".rstrip()
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line}\n{_where(error)}"


def _is_public(record: logging.LogRecord) -> bool:
    request = getattr(record, "request", None)
    return is_serving() or is_public(getattr(request, "path_info", ""))


def _where(error: BaseException) -> str:
    """Return the types and lines of code of an error and of what caused it, without a word of their messages."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines += [f"  {type(seen).__name__}", *_frames(seen.__traceback__)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"    {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
