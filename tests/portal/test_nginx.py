"""Public pages behind the nginx of docs/nginx.conf answer while Callbox is alive, frozen and killed; a form is never falsely received."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from benchmarks.newsroom import get, missing, site

pytestmark = [pytest.mark.networks, pytest.mark.slow]
ENTRY = f"/p/harbour/news/{0:032x}/"
PAGES = ("/p/harbour/", "/p/harbour/news/", ENTRY, "/p/harbour/news/feed.atom", "/p/harbour/news/feed.json", "/p/harbour/accounts/",
         "/ar/p/harbour/news/", "/static/portal/portal.css")  # fmt: skip


@pytest.mark.skipif(bool(missing()), reason="nginx and wrk are not installed")
def test_pages_answer_alive_frozen_and_killed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with site(tmp_path, entries=3) as found:
        seen = PAGES[:4]
        alive = {path: get(found.url + path) for path in seen}
        assert {status for status, _body in alive.values()} == {200}
        assert get(f"{found.url}/p/harbour/", data=b"words=x")[0] == 405  # Callbox itself answers a form

        found.portal.send_signal(signal.SIGSTOP)
        for path in PAGES:  # the first four from the cache, the others were never seen: from the copy
            status, body = get(found.url + path)
            assert status == 200, path
            assert body == alive[path][1] if path in seen else body, path
        found.portal.send_signal(signal.SIGCONT)

        found.portal.kill()
        found.portal.wait()
        for path in PAGES:
            assert get(found.url + path)[0] == 200, path
        status, body = get(f"{found.url}/p/harbour/tip/", data=b"text=secret")
        assert status == 503
        assert "Nothing you typed was kept" in body
        assert "555 0100" in get(f"{found.url}/p/harbour/tip/")[1]
        assert get(f"{found.url}/p/harbour/nothing-here/")[0] == 503  # nobody can know whether it exists
    traces = [path for path in tmp_path.rglob("*") if path.is_file() and b"text=secret" in path.read_bytes()]
    assert traces == []
