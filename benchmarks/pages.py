"""`callbox bench pages`: server time of every desk page of an agency with 100 assessments. There is no peer; the goal is 100 ms.

The demonstration agency is built anew in a folder of its own, its newest assessment is copied until there are 100, and every page
is asked for through Django's own test client: middleware, permission, database and template are in the figure, the network, the
proxy and the browser are not. Processor time beside it is what a quiet machine would take.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

#: Requests a page; the first is not counted (templates are compiled, charts are drawn and kept).
RUNS = 7
GOAL_MS = 100.0
PAGES = (
    "profile/", "practices/", "practices/V5/", "practices/T1/", "evidence/", "assessments/", "assessments/compare/",
    "assessments/quick-check/", "assessments/upload/", "assessments/{pk}/", "assessments/{pk}/export/", "assessments/{pk}/review/",
    "roadmap/", "compare/", "people/", "audit/",
)  # fmt: skip


def run(rows: Sequence[int] = (100,)) -> dict[str, Any]:
    """Measure with each number of assessments, in a process of its own because Django is set up once."""
    results = []
    for count in rows:
        with tempfile.TemporaryDirectory(prefix="callbox-bench-") as folder:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.pages", str(count)],
                env={**os.environ, "CALLBOX_DATA": folder, "CALLBOX_DEMO": "1"},
                stdout=subprocess.PIPE, check=True, text=True,
            )  # fmt: skip
            results.append(json.loads(done.stdout.splitlines()[-1]))
    return {"bench": "pages", "what": __doc__, "runs": RUNS, "goal_ms": GOAL_MS, "results": results}


def describe(result: dict[str, Any]) -> str:
    """Return the result as lines to read."""
    lines = [f"Server time of a page, median of {result['runs']} requests, goal {result['goal_ms']:.0f} ms"]
    for one in result["results"]:
        lines.append(f"\n{one['assessments']} assessments")
        lines += [
            f"  {page['path']:34} {page['median_ms']:7.1f} ms   slowest {page['slowest_ms']:7.1f}   "
            f"processor {page['processor_ms']:6.1f}   {page['queries']:3} queries"
            for page in one["pages"]
        ]
    return "\n".join(lines)


def _measure(count: int) -> dict[str, Any]:
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from callbox.config.demo.build import PASSWORD, PEOPLE, build  # noqa: PLC0415
    from callbox.maturity.models import Assessment  # noqa: PLC0415

    agency = build(now=datetime.now(UTC).replace(microsecond=0))
    newest = Assessment.objects.of(agency).scored()[0]
    keep = newest.pk
    made = Assessment.objects.of(agency).count()
    for number in range(count - made):
        newest.pk = None
        newest.title = f"Copy {number}"
        newest.as_of = newest.as_of - timedelta(days=3) if newest.as_of else None
        newest.save()
    client = Client(HTTP_HOST="localhost")
    client.post("/account/login/", {"login": PEOPLE[0][2], "password": PASSWORD})
    pages = []
    for page in PAGES:
        path = f"/a/{agency.slug}/{page.format(pk=keep)}"
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
        times, used = [], []
        for _run in range(RUNS):
            begun, worked = time.perf_counter(), time.process_time()
            client.get(path)
            times.append((time.perf_counter() - begun) * 1000)
            used.append((time.process_time() - worked) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        pages.append({"path": path, "status": 200, "median_ms": round(statistics.median(times), 1),
                      "slowest_ms": round(max(times), 1), "processor_ms": round(statistics.median(used), 1),
                      "queries": len(queries)})  # fmt: skip
    return {"assessments": count, "pages": pages}


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
