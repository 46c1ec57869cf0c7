"""`callbox bench newsroom`: pages of the newsroom behind docs/nginx.conf while Callbox is alive, frozen and killed, against nginx
serving the same page as a file.

One nginx process, one machine, wrk beside it: the ratio says what the cache costs. Goal: 0.8 of the file, no error, no page that is
not 200. The portal is the product as it is started (`callbox serve --plane portal`), with fifty entries.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS, CONNECTIONS, GOAL = 5, 64, 0.8
PAGE = "/p/harbour/news/"
_ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Site:
    """A portal behind nginx. url: of nginx.  app: of the portal.  data, copy: their folders.  portal: its process."""

    url: str
    data: Path
    copy: Path
    portal: subprocess.Popen[str]


def missing() -> str:
    """Return what this machine lacks, empty when nothing."""
    lacking = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    return f"{' and '.join(lacking)} cannot be found" if lacking else ""


def free_port() -> int:
    """Return a port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def site(folder: Path, *, entries: int = 50) -> Iterator[Site]:
    """Build an agency with a newsroom, serve its portal, put nginx before it; everything is ended by its pid."""
    data, copy, port = folder / "data", folder / "copy", free_port()
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("CALLBOX_", "DJANGO_"))}
    env = {**outside, "CALLBOX_DATA": str(data), "CALLBOX_SECRET_KEY": "only-for-benches-" * 4,
           "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}  # fmt: skip
    data.mkdir()
    subprocess.run([sys.executable, "-m", "benchmarks.newsroom", str(entries)], env=env, check=True, cwd=_ROOT)
    callbox = [sys.executable, "-m", "callbox"]
    subprocess.run([*callbox, "portal", "render", str(copy)], env=env, check=True, stdout=subprocess.DEVNULL)
    portal = subprocess.Popen(
        [*callbox, "serve", "--plane", "portal", "--port", str(port)], env=env, text=True, stdout=subprocess.PIPE
    )
    assert portal.stdout is not None
    portal.stdout.readline()
    try:
        with proxied(folder, copy, port) as url:
            _until_up(f"{url}{PAGE}")
            yield Site(url, data, copy, portal)
    finally:
        portal.send_signal(signal.SIGCONT)
        portal.kill()
        portal.wait()
        portal.stdout.close()


@contextmanager
def proxied(folder: Path, copy: Path, app: int) -> Iterator[str]:
    """Put nginx before what answers at the port `app`, and yield its address; it is ended by its pid."""
    port = free_port()
    proxy = subprocess.Popen(["nginx", "-c", str(_configuration(folder, copy, app, port)), "-p", str(folder)])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        proxy.terminate()
        proxy.wait()


def _configuration(folder: Path, copy: Path, app: int, port: int) -> Path:
    """Return docs/nginx.conf with ports and folders of its own, and beside it the bare file for comparison."""
    text = (_ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (("/var/cache/callbox", f"{folder}/cache"), ("127.0.0.1:8001", f"127.0.0.1:{app}"),
                     ("127.0.0.1:8080", f"127.0.0.1:{port}"), ("/var/lib/callbox/copy", str(copy))):  # fmt: skip
        text = text.replace(old, new)
    bare = f"    location = /bare.html {{ alias {copy}/current/p/harbour/news/index.html; }}\n"
    text = text.replace("    location / {\n", f"{bare}\n    location / {{\n", 1)
    path = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    path.write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log emerg;\n"
        f"events {{ worker_connections 2048; }}\nhttp {{\n include /etc/nginx/mime.types;\n"
        f" client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;"
        f" uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{text}}}\n"
    )
    return path


def get(url: str, *, data: bytes | None = None) -> tuple[int, str]:
    """Return status and body of one request."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _until_up(url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if get(url)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def run(rows: Sequence[int] = (50,)) -> dict[str, Any]:
    """Measure with each number of entries."""
    if lacking := missing():
        raise SystemExit(f"{lacking}; on Debian: apt-get install nginx-light wrk")
    results = []
    for entries in rows:
        with tempfile.TemporaryDirectory(prefix="callbox-bench-") as name, site(Path(name), entries=entries) as found:
            Path(name).chmod(0o755)
            measured = {"file": _load(f"{found.url}/bare.html"), "alive": _load(found.url + PAGE)}
            found.portal.send_signal(signal.SIGSTOP)
            measured["frozen"] = _load(found.url + PAGE)
            found.portal.send_signal(signal.SIGCONT)
            found.portal.kill()
            found.portal.wait()
            measured["killed"] = _load(found.url + PAGE)
            results.append({"entries": entries, "bytes": len(get(found.url + PAGE)[1].encode()), "measured": measured})
    return {"bench": "newsroom", "what": __doc__, "seconds": SECONDS, "connections": CONNECTIONS, "goal": GOAL,
            "results": results}  # fmt: skip


def _load(url: str) -> dict[str, Any]:
    """Return requests a second, the slowest hundredth in milliseconds, and how many went wrong in any way."""
    get(url)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "10s", "--latency", url],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rate, slow = re.search(r"Requests/sec:\s+([\d.]+)", done), re.search(r"99%\s+([\d.]+)(us|ms|s)", done)
    assert rate is not None
    assert slow is not None
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", done)
    errors = (int(bad[1]) if bad else 0) + (sum(map(int, lost.groups())) if lost else 0)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]]
    return {"per_second": round(float(rate[1])), "p99_ms": round(float(slow[1]) * scale, 2), "errors": errors}


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = [
        f"The newsroom behind nginx, {result['connections']} connections, {result['seconds']} s each, goal {result['goal']} of the file"
    ]
    for one in result["results"]:
        file = one["measured"]["file"]["per_second"]
        lines.append(f"\n{one['entries']} entries, a page of {one['bytes']} bytes")
        lines += [
            f"  {name:8} {found['per_second']:8} a second   {found['per_second'] / file:5.2f} of the file   "
            f"p99 {found['p99_ms']:8.2f} ms   {found['errors']} errors"
            for name, found in one["measured"].items()
        ]
    return "\n".join(lines)


def _build(entries: int) -> None:
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()
    from django.utils import timezone  # noqa: PLC0415

    from callbox.governance.members import add_member, create_agency  # noqa: PLC0415
    from callbox.networks.connections.models import Connection  # noqa: PLC0415
    from callbox.networks.contract import Place  # noqa: PLC0415
    from callbox.networks.newsroom.network import Newsroom  # noqa: PLC0415
    from callbox.networks.vocabulary import Rendition  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415

    agency = create_agency(slug="harbour", name="Harbour City Police", phone="555 0100", by="bench")
    person = add_member(
        agency=agency, email="p@harbour.example", name="Pia", role=Role.PRESS_OFFICER, password=None, by="bench"
    ).user
    row = Connection.objects.create(agency=agency, account="newsroom:harbour", by=person, at=timezone.now())
    session = Newsroom().open({}, {}, Place(folder=Path(), account=row.account, connection=row.pk))
    for number in range(entries):
        text = f"Harbour Street is closed until noon, part {number}. Please use Mill Road. " * 12
        rendition = Rendition(account=row.account, title=f"Entry {number}", text=text)
        session.publish(rendition, key=f"{number:032x}", media=lambda _digest: b"")


if __name__ == "__main__":
    _build(int(sys.argv[1]))
