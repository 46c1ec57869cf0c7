"""What a browser is told, and what a page never does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.people import Cast, signed_in

DESK = Path(__file__).parents[2] / "callbox" / "desk"


def test_the_policy_has_no_loophole(cast: Cast) -> None:
    policy = signed_in(cast.erin).get("/a/harbour/people/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "frame-ancestors 'none'" in policy


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    for file in DESK.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=", text), file
        assert not re.search(r"<style\b", text), file
        assert not re.search(r"\son[a-z]+=", text), file
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or "application/json" in tag, f"{file}: {tag}"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in [*DESK.rglob("*.html"), *DESK.joinpath("static").rglob("*.css")]:
        assert not re.search(r"(src|href|url\()\s*=?\s*[\"'(]?\s*(https?:)?//", file.read_text(encoding="utf-8")), file


def test_pages_of_people_stay_out_of_caches(cast: Cast) -> None:
    assert "no-store" in signed_in(cast.alice).get("/a/harbour/people/")["Cache-Control"]
    trail = signed_in(cast.frank).post("/a/harbour/audit/export/")  # handed out piece by piece
    assert trail.streaming
    assert "no-store" in trail["Cache-Control"]


def test_headers_keep_browsers_careful(cast: Cast) -> None:
    answer = Client().get("/account/login/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(cast: Cast) -> None:
    client = signed_in(cast.alice)
    client.get("/a/harbour/people/")
    client.post("/account/login/")
    for name in ("callbox",):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "path", ["/nothing", "/a/nowhere/people/", "/static/nothing.css", "/a/harbour/people/999999999999999999999/"]
)
def test_an_address_that_does_not_exist_is_a_plain_page(cast: Cast, path: str) -> None:
    page = signed_in(cast.erin).get(path)
    assert page.status_code == 404
    assert "Traceback" not in page.text


def test_a_forbidden_page_says_who_can_help(cast: Cast) -> None:
    page = signed_in(cast.alice).get("/a/harbour/audit/")
    assert page.status_code == 403
    assert "administrator can give you the role" in page.text


def test_a_form_that_is_too_old_changes_nothing_and_says_so(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.erin)
    page = client.post("/a/harbour/settings/", {"name": "X"})
    assert page.status_code == 403
    assert "nothing was changed" in page.text


@pytest.mark.parametrize(
    "query", ["page=zzz", "page=-1", "page=99999", "who=%00", "who=%25", "action=nonsense", "who=" + "x" * 5000]
)
def test_the_audit_page_bears_any_question(cast: Cast, query: str) -> None:
    assert signed_in(cast.frank).get(f"/a/harbour/audit/?{query}").status_code == 200


def test_what_people_type_is_shown_as_text(cast: Cast) -> None:
    client = signed_in(cast.erin)
    evil = '<script>alert(1)</script>"'
    client.post("/a/harbour/people/invite/", {"name": evil, "email": "g@h.example", "role": "viewer"})
    page = client.get("/a/harbour/people/").text
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_an_error_of_ours_shows_no_inside(cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.erin)
    client.raise_request_exception = False

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("callbox.desk.agency.people.members.open_invitations", broken)
    page = client.get("/a/harbour/people/")
    assert page.status_code == 500
    assert "Something broke" in page.text
    assert "secret inside" not in page.text
