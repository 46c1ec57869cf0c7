"""A file behind the server that Callbox runs on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponseBase

from callbox.core.serving import file_answer

FILM = bytes(range(256)) * 2_000


class Film(WSGIHandler):
    """Answers everything with one file. asked: method and `Range` of every request."""

    def __init__(self, path: Path, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._path, self._headers = path, headers or {}
        self.asked: list[tuple[str | None, str]] = []

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:  # type: ignore[override]
        """Return the file, or the part of it that was asked for."""
        self.asked.append((request.method, request.headers.get("Range", "")))
        return file_answer(request, self._path, kind="video/mp4", tag="abc", headers=self._headers)
