"""The rows of the reports in the matrix of matrix.py."""

from __future__ import annotations

from tests.desk.matrix import EVERYONE, GET
from tests.desk.matrix_assessments import EXPORTERS, READERS_OF_EVIDENCE

OF_AGENCY = {
    "reports": (GET, EVERYONE),
    "report_chief": (GET, EVERYONE),
    "report_full": (GET, READERS_OF_EVIDENCE),
    "report_json": (GET, EXPORTERS),
}

_ROW: dict[str, object] = {"pk": 999_999}
ARGUMENTS: dict[str, dict[str, object]] = {
    "report_chief": _ROW,
    "report_full": _ROW,
    "report_json": {**_ROW, "name": "full"},
}
