"""`python -m tests.trust.tips.table` sends tips to the public plane as it is served and prints what is left of them.

The tests of the plan of reliability in their own sizes (T-01, 03, 04, 06, 07, 08, 10), which the suite tries with fewer: on SQLite as it
is set up in production, the portal alone in its process, tips from 200 addresses of this machine, half of them read again by receipt.
--tips: how many.  --receipts: how many are drawn.  --json: print for a program. Returns 1 when a row did not pass.
"""

from __future__ import annotations

import argparse
import base64
import collections
import http.client
import json
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import polars as pl

from benchmarks.installation import Installation, installation

HEAD = ("T", "what", "reached", "passed")
_CANARY = "canary-7f3a91"
_ABROAD = "203.0.113.77"
_LOG = "output.log"
#: Of the instants a number may hide: a year on either side of now, as seconds, milli- and microseconds.
_YEAR = 366 * 86_400
_UNITS = (1, 1_000, 1_000_000)
#: More than four standard deviations of the chi-square are seen once in thirty thousand fair draws.
_SPREADS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    test: str
    what: str
    reached: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A tip that was acknowledged. word: known, in its text.  receipt: its nine words."""

    word: str
    receipt: str


def main() -> int:
    """Print the table; return 1 when a row did not pass."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.trust.tips.table", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--tips", type=int, default=10_000)
    parser.add_argument("--receipts", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = sorted([*_tried(asked.tips), _drawn(asked.receipts)], key=lambda row: row.test)
    if asked.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        lines = [HEAD, ("---",) * len(HEAD), *((row.test, row.what, row.reached, _yes(row.passed)) for row in rows)]
        print("\n".join(f"| {' | '.join(line)} |" for line in lines))
    return int(not all(row.passed for row in rows))


def _yes(passed: bool) -> str:
    return "yes" if passed else "**no**"


def _tried(count: int) -> list[Row]:
    with installation("", CALLBOX_PORTAL_FORMS="1000", CALLBOX_LOG="DEBUG") as found:
        spool = found.folder / "spool"
        spool.mkdir()
        found.environment["TMPDIR"] = str(spool)
        identity = found.call("tests.trust.tips.laid_out")["identity"]
        began = int(time.time())
        with _portal(found) as (port, process):
            sent = list(_send(port, count))
            memory = _in_memory(process, identity.encode())
        backup = found.folder.parent / f"{found.folder.name}.backup"
        try:
            _backed_up(found, backup)
            return [*_rows(found.folder, backup, sent, count, identity, began), _sealed_only(found, identity, memory)]
        finally:
            backup.unlink(missing_ok=True)


@contextmanager
def _portal(found: Installation) -> Iterator[tuple[int, int]]:
    """Serve the public plane alone; give its port and its process."""
    command = [sys.executable, "-m", "callbox", "serve", "--plane", "portal", "--port", "0"]
    with (found.folder / _LOG).open("w") as log:
        server = subprocess.Popen(command, env=found.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline().rsplit(":", 1)[1].strip(" /\n")), server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            said, _nothing = server.communicate(timeout=30)
            log.write(said)


def _send(port: int, count: int) -> Iterator[Sent]:
    with ThreadPoolExecutor(4) as pool:
        yield from pool.map(lambda number: _tip(port, number), range(count))


def _tip(port: int, number: int) -> Sent:
    """Send a tip with a known word; read every second one again."""
    word, source = f"w{secrets.token_hex(8)}", f"127.0.{9 + number % 4}.{1 + number % 50}"
    page = _ask(port, "/p/harbour/tip/", {"text": f"About {word} {'.' * (number % 3_000)}", "place": word}, source)
    receipt = " ".join(re.findall(r"<li>([a-z]+)</li>", page.partition('<ol class="words"')[2].partition("</ol>")[0]))
    if number % 2:
        assert '<ol class="letters">' in _ask(port, "/p/harbour/tip/again/", {"receipt": receipt}, source)
    return Sent(word, receipt)


def _ask(port: int, path: str, form: dict[str, str], source: str) -> str:
    told = {"Host": "localhost", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": _CANARY, "X-Forwarded-For": _ABROAD, "Cookie": f"sessionid={_CANARY}", "Referer": _CANARY}  # fmt: skip
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))) as line:
        line.request("POST", f"{path}?{_CANARY}", urlencode(form), told)
        answer = line.getresponse()
        assert answer.getheader("Set-Cookie") is None
        return answer.read().decode()


def _in_memory(process: int, what: bytes) -> int:
    """Return in how many parts of a process's memory `what` lies."""
    found = 0
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights, *_rest = line.split()
            if not rights.startswith("rw"):
                continue
            first, end = (int(number, 16) for number in span.split("-"))
            memory.seek(first)
            with suppress(OSError):  # given back meanwhile
                found += what in memory.read(end - first)
    return found


def _backed_up(found: Installation, into: Path) -> None:
    command = [sys.executable, "-m", "callbox", "backup", str(into)]
    subprocess.run(command, env=found.environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _forms(words: Iterable[str]) -> Iterator[bytes]:
    """Return each word plain, in capitals, as hex, as base64 (without its ends, which depend on what stands beside) and deflated."""
    for word in words:
        plain = word.encode()
        yield from (
            plain,
            plain.upper(),
            plain.hex().encode(),
            base64.b64encode(plain)[:-4],
            zlib.compress(plain)[2:-4],
        )


def _found(paths: Iterable[Path], forms: Iterable[bytes]) -> int:
    """Return how many of `forms` lie in any of the files."""
    wanted = sorted({form.decode("latin-1") for form in forms})
    texts = pl.Series([path.read_bytes().decode("latin-1") for path in paths])
    return texts.str.extract_many(wanted).explode().n_unique() if texts.str.contains_any(wanted).any() else 0


def _rows(folder: Path, backup: Path, sent: list[Sent], count: int, identity: str, began: int) -> Iterator[Row]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    traces = _found(files, [_CANARY.encode(), _ABROAD.encode(), b"127.0.9.", b"127.0.10.", b"127.0.11.", b"127.0.12."])
    asked = f"{count:,} tips and {count // 2:,} returns from 200 addresses, with canaries in header, cookie and query"
    yield Row(
        "01", asked, f"{traces} traces in the {len(files)} files of the installation, its log at DEBUG", not traces
    )
    receipts = [each.receipt for each in sent]
    known = [*(each.word for each in sent), *receipts, *(each.replace(" ", "") for each in receipts), identity]
    databases = [path for path in files if ".sqlite3" in path.name]
    with closing(sqlite3.connect(folder / "tips.sqlite3")) as tips:
        (stored,) = tips.execute("SELECT count(*) FROM tips_tip").fetchone()
        values, sizes = _values(tips), {_size(sealed) for (sealed,) in tips.execute("SELECT sealed FROM tips_letter")}
    told = all(len(each.split()) == 9 for each in receipts) and len(set(receipts)) == stored == count
    hits = _found(databases, _forms(known))
    what = f"known words and receipts of {stored:,} tips, looked for in the stolen database in five encodings"
    yield Row("03", what, f"{hits} found", told and not hits)
    hits = _found([backup], _forms(known)) + _found(_unpacked(backup, folder), _forms(known))
    yield Row("04", "the same in a backup, packed and unpacked", f"{hits} found", not hits)
    yield _times(values, began)
    what = f"sizes of {stored:,} letters of 20 to 3,020 characters beside their header, whose length is drawn by lot"
    yield Row("08", what, f"{len(sizes)}", len(sizes) == 1)


def _size(sealed: bytes) -> int:
    """Return how long an age file is after its header."""
    return len(sealed) - sealed.index(b"\n", sealed.index(b"\n--- ") + 1)


def _unpacked(backup: Path, folder: Path) -> list[Path]:
    into = folder / "unpacked"
    into.mkdir()
    subprocess.run(["tar", "-xf", str(backup), "-C", str(into)], check=True)
    return [path for path in into.rglob("*") if path.is_file()]


def _values(tips: sqlite3.Connection) -> list[object]:
    """Return every value of the tables of tips, sealed letters left out."""
    found: list[object] = []
    for table in ("tips_tip", "tips_letter", "tips_intake", "tips_key"):
        names = [row[1] for row in tips.execute(f"PRAGMA table_info({table})") if row[1] != "sealed"]
        found += [value for row in tips.execute(f"SELECT {', '.join(names)} FROM {table}") for value in row]
    return found


def _times(values: list[object], began: int) -> Row:
    """T-07: no number is an instant, no text holds an hour, every id is drawn by lot."""
    numbers = {abs(value) for value in values if isinstance(value, int | float)}
    instants = sum(any(abs(number / unit - began) < _YEAR for unit in _UNITS) for number in numbers)
    texts = [value for value in values if isinstance(value, str)]
    hours = sum(bool(re.search(r"\d\d:\d\d", text)) for text in texts)
    ids = [uuid.UUID(text) for text in texts if re.fullmatch(r"[0-9a-f]{32}", text)]
    timed = sum(each.version != 4 for each in ids)
    days = {text for text in texts if re.fullmatch(r"\d{4}-\d\d-\d\d", text)}
    coarse = days <= {datetime.fromtimestamp(began, UTC).date().isoformat(), datetime.now(UTC).date().isoformat()}
    reached = f"{instants} instants, {hours} hours, {timed} of {len(ids):,} ids with a time in them; {len(days)} day"
    passed = coarse and not instants + hours + timed
    return Row("07", f"{len(values):,} stored values beside the sealed letters", reached, passed)


def _sealed_only(found: Installation, identity: str, memory: int) -> Row:
    """T-06: the server worked without the private half, which is in none of its settings, files or memory."""
    around = sum(identity in value for value in found.environment.values())
    hits = _found([path for path in found.folder.rglob("*") if path.is_file()], [identity.encode()])
    reached = f"{memory} in its memory, {around} in its environment, {hits} in its files"
    return Row("06", "the private key, looked for while the portal served", reached, not memory + around + hits)


def _drawn(count: int) -> Row:
    """T-10: receipts are all different, and every word is as likely in every place."""
    from callbox.trust.tips import receipts  # noqa: PLC0415

    words: collections.Counter[str] = collections.Counter()
    seen: set[str] = set()
    for _number in range(count):
        receipt = receipts.new()
        seen.add(receipt)
        words.update(receipt.split())
    listed = receipts.word_list()
    expected, free = count * receipts.WORDS / len(listed), len(listed) - 1
    chi = sum((words[word] - expected) ** 2 for word in listed) / expected
    spreads = abs(chi - free) / (2 * free) ** 0.5
    reached = f"{count - len(seen)} twice; use of words: chi-square {spreads:.2f} standard deviations from its mean"
    return Row(
        "10",
        f"{count:,} receipts of nine words out of {len(listed):,}",
        reached,
        len(seen) == count and spreads < _SPREADS,
    )


if __name__ == "__main__":
    raise SystemExit(main())
