"""Two planes: neither knows the other's addresses, and the public one knows nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.people import Cast, signed_in
from tests.portal.entries import connect, key, no_media, rendition

PORTAL = "callbox.portal.urls"


def paths(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Yield every address of a list as a path, with something plausible in the place of each converter."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from paths(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


def name_and_kwargs(pattern: URLPattern) -> str:
    assert pattern.name
    return pattern.name


def test_no_address_stands_on_both_planes() -> None:
    desk = set(paths(get_resolver("callbox.config.urls").url_patterns))
    portal = set(paths(get_resolver(PORTAL).url_patterns))
    assert desk & portal == {"", "health"}  # the first page and the sign of life, each plane its own


@pytest.mark.django_db
def test_the_portal_beside_the_desk_sets_no_cookie_and_asks_nobody_to_sign_in(cast: Cast) -> None:
    connect(cast.agency, cast.bob).publish(rendition(cast.agency, "Use Mill Road."), key=key("a"), media=no_media)
    for client in (Client(), signed_in(cast.bob)):
        before = dict(client.cookies)
        for path in ("/p/", "/p/harbour/", "/p/harbour/news/", "/p/harbour/accounts/", "/p/nowhere/"):
            answer = client.get(path)
            assert answer.status_code in {200, 404}, path
            assert not answer.cookies
        assert dict(client.cookies) == before


@pytest.mark.django_db
def test_a_signed_in_person_sees_what_everybody_sees(cast: Cast) -> None:
    for path in ("/p/", "/p/harbour/", "/p/harbour/news/"):
        assert signed_in(cast.bob).get(path).content == Client().get(path).content


@pytest.mark.django_db
def test_every_public_answer_says_how_long_it_may_be_kept_and_sends_no_referrer(cast: Cast) -> None:
    for path, kept in (("/p/harbour/", "public"), ("/p/harbour/news/", "public"), ("/p/x/", "no-store")):
        answer = Client().get(path)
        assert kept in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused() -> None:
    client = Client()
    assert client.post("/p/", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/p/", headers={"sec-fetch-site": "same-site"}).status_code == 403
    assert client.post("/p/", headers={"origin": "https://elsewhere.example"}).status_code == 403
    # a page of its own is heard: the address answers no POST, which is another matter
    assert client.post("/p/", headers={"sec-fetch-site": "same-origin"}).status_code == 405
    assert client.post("/p/", headers={"origin": "null"}).status_code == 405
    assert client.post("/p/", headers={"origin": "http://testserver"}).status_code == 405


@pytest.mark.django_db
def test_more_than_the_limit_is_refused_before_it_is_read(cast: Cast) -> None:
    answer = Client().post("/p/harbour/", data=b"x" * 2_500_001, content_type="text/plain")
    assert answer.status_code == 413
    assert b"nothing was kept" in answer.content


@pytest.mark.slow
@pytest.mark.parametrize(("plane", "root"), [("portal", PORTAL), ("desk", "callbox.config.urls")])
def test_a_process_of_one_plane_answers_404_to_every_address_of_the_other(
    plane: str, root: str, tmp_path: Path
) -> None:
    code = (
        "import django; django.setup();"
        "from django.conf import settings; from django.test import Client; from callbox.cli.django import migrate; migrate();"
        "from callbox.people.models import Agency; Agency.objects.create(slug='harbour', name='Harbour');"
        "import json, sys; assert settings.ROOT_URLCONF == sys.argv[1], settings.ROOT_URLCONF;"
        "print(json.dumps([[p, Client().get(p).status_code, Client().post(p).status_code] for p in json.loads(sys.argv[2])]))"
    )
    other = "callbox.config.urls" if plane == "portal" else PORTAL
    found = [path for path in _concrete(other) if path not in {"/", "/health"}]
    assert len(found) > 5
    done = subprocess.run(
        [sys.executable, "-c", code, root, __import__("json").dumps(found)],
        env={**_outside(), "CALLBOX_PLANE": plane, "CALLBOX_DATA": str(tmp_path), "CALLBOX_SECRET_KEY": "x" * 60,
             "CALLBOX_HOSTS": "testserver,localhost", "DJANGO_SETTINGS_MODULE": "callbox.config.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = __import__("json").loads(done.stdout)
    assert [row for row in rows if row[1:] != [404, 404]] == []


def _outside() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}


def _concrete(root: str) -> list[str]:
    """Return every address of a plane with something in the place of its arguments."""
    found = []
    for pattern, kwargs in _named(get_resolver(root).url_patterns, {}):
        found.append(reverse(pattern, urlconf=root, kwargs=kwargs or None))
    return found


def _named(
    patterns: list[URLPattern | URLResolver], known: dict[str, object]
) -> Iterator[tuple[str, dict[str, object]]]:
    for pattern in patterns:
        converters = getattr(pattern.pattern, "converters", {})
        mine = {**known, **{name: _value(name, kind) for name, kind in converters.items()}}
        groups = getattr(getattr(pattern.pattern, "regex", None), "groupindex", {})
        mine |= {name: _value(name, None) for name in groups if name not in mine}
        if isinstance(pattern, URLResolver):
            yield from _named(pattern.url_patterns, mine)
        elif pattern.name:
            yield pattern.name, mine


def _value(name: str, kind: object) -> object:
    if kind is not None and "Int" in type(kind).__name__:
        return 1
    if kind is not None and "UUID" in type(kind).__name__:
        return "0b2c6f0e-7d0a-4a5e-9c57-111111111111"
    return {"sha256": "0" * 64, "ending": "csv", "agency": "harbour", "uidb36": "1", "key": "x-y"}.get(name, "x1")


def test_a_browser_that_asks_for_an_icon_gets_no_cookie(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert not answer.cookies
