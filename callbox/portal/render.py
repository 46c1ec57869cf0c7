"""The public pages as files, for the hours in which Callbox is down: written aside, then switched to in one step."""

from __future__ import annotations

import fcntl
import io
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse, set_urlconf
from django.utils import translation

from callbox.core.store import locate
from callbox.networks.media import place_of
from callbox.networks.newsroom.models import Entry
from callbox.operations.alert_picture import WIDTHS
from callbox.people.models import Agency, Beat
from callbox.portal import plane
from callbox.portal.alerts.shown import current, over
from callbox.portal.navigation import ENTRIES
from callbox.portal.newsroom.media import published
from callbox.portal.page import show

#: Pages that read and need nobody; every other entry of the navigation takes something, which a file cannot.
READ: Final = frozenset({"portal_news", "portal_alerts", "portal_beats", "portal_accounts"})
#: What a page itself asks for: its stylesheets.
_SHEET: Final = re.compile(rb'<link rel="stylesheet" href="([^"?]+)')
CURRENT: Final = "current"


class NotRenderedError(Exception):
    """A page could not be written; what was written before stays in its place. The message says which and why."""


def render(folder: Path) -> int:
    """Write every public page below `folder/current` and return their number.

    `current` is a link that is replaced in one step: a reader sees the old copy or the new one. The copy before is kept, older ones go.

    Raises:
        NotRenderedError: a page did not answer 200.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:  # several workers write one after the other
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _render(folder)


def _render(folder: Path) -> int:
    aside = folder / f"copy-{secrets.token_hex(6)}"
    count = 0
    try:
        with plane.copying():
            for path, data in _pages():
                _write(aside, path, data)
                count += 1
        _switch(folder, aside)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return count


def _pages() -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every page, each once."""
    handler, sheets = WSGIHandler(), set[str]()
    for path in _paths():
        data = _get(handler, path)
        sheets |= {found.decode() for found in _SHEET.findall(data)}
        yield path, data
    for path in sorted(sheets):
        yield path, _static(path) if path.startswith(settings.STATIC_URL) else _get(handler, path)
    yield from _media()
    yield from _closed()


def _paths() -> Iterator[str]:
    agencies = list(Agency.objects.filter(exercise=False).order_by("pk"))
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if len(agencies) != 1:
                yield _url("portal_home")
            for agency in agencies:
                yield from _paths_of(agency)


def _paths_of(agency: Agency) -> Iterator[str]:
    for name in ("portal_agency", "portal_news", "portal_atom", "portal_json_feed", "portal_key", "portal_accounts"):
        yield _url(name, agency)
    for name in ("portal_alerts", "portal_alerts_atom", "portal_alerts_test_atom"):
        yield _url(name, agency)
    for each in (*current(agency), *over(agency)):
        for name in ("portal_alert", "portal_alert_cap", "portal_alert_signed"):
            yield _url(name, agency, identifier=each.alert.identifier)
        for wide in WIDTHS if each.shaped else ():
            yield _url("portal_alert_picture", agency, identifier=each.alert.identifier, wide=wide)
    yield _url("portal_beats", agency)
    for code in Beat.objects.of(agency).standing().values_list("code", flat=True):
        yield _url("portal_beat", agency, code=code)
    slugs = list(Entry.objects.of(agency).current().values_list("slug", flat=True))
    for number in range(2, (len(slugs) + 19) // 20 + 1):
        yield _url("portal_news_page", agency, number=number)
    for slug in slugs:
        yield _url("portal_entry", agency, slug=slug)
        yield _url("portal_signed", agency, slug=slug)


def _closed() -> Iterator[tuple[str, bytes]]:
    """Yield, in the place of every form, the page that says that nothing is taken and which number to call."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language), plane.serving():
            for agency in Agency.objects.filter(exercise=False).order_by("pk"):
                for entry in ENTRIES:
                    if entry.url_name not in READ and (path := _place(entry.url_name, agency)):
                        yield path, _closed_page(path, agency)
    yield "/closed.html", _closed_page("/", None)


def _closed_page(path: str, agency: Agency | None) -> bytes:
    request = WSGIRequest(_environ(path))
    request.resolver_match = None
    if agency is not None:
        request.agency = agency  # type: ignore[attr-defined]  # what portal_page would set
    request.urlconf = plane.URLCONF
    set_urlconf(plane.URLCONF)  # the addresses of this plane, as its middleware does
    try:
        return show(request, "portal/closed.html").content
    finally:
        set_urlconf(None)


def _get(handler: WSGIHandler, path: str) -> bytes:
    response = handler.get_response(WSGIRequest(_environ(path)))
    if response.status_code != 200 or not isinstance(response, HttpResponse):
        raise NotRenderedError(f"{path} answered {response.status_code}; the copy before stays in its place.")
    return response.content


def _static(path: str) -> bytes:
    """Return a file of the package."""
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    if not isinstance(found, str):
        raise NotRenderedError(f"{path} is missing from this installation; the copy before stays in its place.")
    return Path(found).read_bytes()


def _media() -> Iterator[tuple[str, bytes]]:
    for agency in Agency.objects.filter(exercise=False).order_by("pk"):
        for sha256 in published(agency):
            data = locate(settings.MEDIA_ROOT, place_of(agency.pk, sha256)).read_bytes()
            yield _url("portal_media", agency, sha256=sha256), data


def _environ(path: str) -> dict[str, object]:
    host = "localhost" if settings.ON_THIS_MACHINE else settings.ALLOWED_HOSTS[0].lstrip(".")
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": host,
        "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host, "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "https",
    }  # fmt: skip


def _place(name: str, agency: Agency) -> str:
    try:
        return _url(name, agency)
    except NoReverseMatch:  # the page is not built
        return ""


def _url(name: str, agency: Agency | None = None, **kwargs: object) -> str:
    return reverse(name, urlconf=plane.URLCONF, kwargs={"agency": agency.slug, **kwargs} if agency else None)


def _write(aside: Path, path: str, data: bytes) -> None:
    place = aside / path.lstrip("/")
    place = place / "index.html" if path.endswith("/") else place
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _switch(folder: Path, aside: Path) -> None:
    link, before = folder / f".{aside.name}", (folder / CURRENT).resolve()
    link.symlink_to(aside.name)
    link.replace(folder / CURRENT)
    for old in folder.glob("copy-*"):
        if old not in {aside, before}:
            shutil.rmtree(old)
