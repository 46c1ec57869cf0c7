"""The copy on disk: whole, switched in one step, and honest about forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callbox.portal import render as module
from callbox.portal.render import NotRenderedError, render
from tests.people import Cast
from tests.portal.entries import connect, key, no_media, picture, rendition


def test_every_page_of_the_newsroom_lies_there_in_every_language(cast: Cast, tmp_path: Path) -> None:
    image = picture(cast.agency)
    sent = connect(cast.agency, cast.bob).publish(
        rendition(cast.agency, "Use Mill Road.", pictures=(image,)), key=key("a"), media=no_media
    )
    count = render(tmp_path)
    current = tmp_path / "current"
    assert count == sum(path.is_file() for path in current.resolve().rglob("*"))
    for prefix in ("", "es/", "fr/", "ar/"):
        page = (current / f"{prefix}p/harbour/news/{sent.remote_id}/index.html").read_text()
        assert "Use Mill Road." in page
        assert "<form" not in page
        assert (current / f"{prefix}p/index.html").exists()  # two agencies: the list
    assert (current / f"p/harbour/media/{image.sha256}").read_bytes() == b"\x89PNG picture"
    assert (
        json.loads((current / "p/harbour/news/feed.json").read_text())["items"][0]["content_text"] == "Use Mill Road."
    )
    assert "--cb-paper" in (current / "static/portal/portal.css").read_text()
    assert (current / "p/valley/colour.css").exists()


def test_in_the_place_of_a_form_stands_the_number_to_call(cast: Cast, tmp_path: Path) -> None:
    cast.agency.phone = "555 0100"
    cast.agency.save()
    render(tmp_path)
    for path in ("p/harbour/tip/index.html", "ar/p/harbour/ask/index.html"):
        page = (tmp_path / "current" / path).read_text()
        assert "555 0100" in page
        assert "<form" not in page
    assert not [path for path in tmp_path.rglob("*.html") if "<form" in path.read_text()]
    assert "Nothing you typed was kept" in (tmp_path / "current/closed.html").read_text()


def test_a_page_that_breaks_leaves_the_copy_before_in_place(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render(tmp_path)
    before = (tmp_path / "current").resolve()
    monkeypatch.setattr(module, "_paths", lambda: iter(["/p/harbour/", "/p/harbour/news/gone/"]))
    with pytest.raises(NotRenderedError, match="/p/harbour/news/gone/ answered 404"):
        render(tmp_path)
    assert (tmp_path / "current").resolve() == before
    assert sorted(path.name for path in tmp_path.glob("copy-*")) == [before.name]


def test_old_copies_go_and_the_one_before_stays(cast: Cast, tmp_path: Path) -> None:
    for _time in range(4):
        render(tmp_path)
    assert len(list(tmp_path.glob("copy-*"))) == 2
