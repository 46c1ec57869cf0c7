"""Handing out files: tables by their one door, and texts that were signed."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from callbox.desk.access import counted
from callbox.maturity.report.table import Table


def hand_out(table: Table, ending: str, *, prefix: str) -> HttpResponse:
    """Return `table` as a file to keep.

    Raises:
        Http404: another ending than csv and json.
    """
    if ending == "csv":
        found = attached(table.csv(), f"{prefix}-{table.name}.csv", "text/csv; charset=utf-8")
        return counted(found, len(table.rows))
    if ending == "json":
        return counted(attached(table.json(), f"{prefix}-{table.name}.json", "application/json"), len(table.rows))
    raise Http404


def attached(body: bytes | str, name: str, kind: str = "application/json") -> HttpResponse:
    """Return `body` as a file to keep. name: plain letters, digits, dots and dashes."""
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
