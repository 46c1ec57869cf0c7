"""The rows of the retention pages in the matrix of matrix.py, and which addresses of the whole desk hand out files."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET, POST

READERS = frozenset({Role.ADMINISTRATOR, Role.CHIEF, Role.RECORDS_OFFICER, Role.AUDITOR})
KEEPER = frozenset({Role.RECORDS_OFFICER})

OF_AGENCY = {
    "retention": (GET, READERS),
    "holds": (GET, READERS),
    "place_hold": (BOTH, KEEPER),
    "release_hold": (BOTH, KEEPER),
    "disposals": (GET, READERS),
    "export_disposals": (GET, READERS),
    "retention_class": (GET, READERS),
    "set_retention": (POST, KEEPER),
    "clear_retention": (POST, KEEPER),
}

#: Addresses of the whole desk that hand out files; each leaves an event (tests/desk/governance/test_exports.py).
EXPORTS = {
    "audit_export",
    "document",
    "export_compare",
    "export_disposals",
    "export_json",
    "export_pack",
    "export_pdf",
    "export_roadmap",
    "export_table",
    "export_trend",
    "pool",
    "rejects",
    "report_json",
    "share",
}

ARGUMENTS: dict[str, dict[str, object]] = {
    "release_hold": {"pk": 999_999},
    "export_disposals": {"ending": "csv"},
    "retention_class": {"class_id": "residents"},
    "set_retention": {"class_id": "residents"},
    "clear_retention": {"class_id": "residents"},
}
