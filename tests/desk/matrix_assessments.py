"""The rows of the assessments in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, EVERYONE, GET, POST

CHIEF = frozenset({Role.CHIEF})
ASSESSORS = frozenset({Role.CHIEF, Role.ASSESSOR})
OWNERS = ASSESSORS | {Role.EVIDENCE_OWNER}
REVIEWERS = ASSESSORS | {Role.REVIEWER}
READERS_OF_THE_RECORD = ASSESSORS | {Role.REVIEWER, Role.AUDITOR}
EXPORTERS = ASSESSORS | {Role.AUDITOR}
READERS_OF_EVIDENCE = EVERYONE - {Role.VIEWER}

OF_AGENCY = {
    "profile": (GET, EVERYONE),
    # practices
    "practices": (GET, EVERYONE),
    "practice": (GET, EVERYONE),
    "practise": (POST, ASSESSORS),
    "declare": (POST, ASSESSORS),
    "target": (POST, ASSESSORS),
    "clear_target": (POST, ASSESSORS),
    "ask_exemption": (POST, ASSESSORS),
    "decide_exemption": (POST, CHIEF),
    # evidence
    "evidence": (GET, READERS_OF_EVIDENCE),
    "attest": (BOTH, OWNERS),
    "attestation": (GET, READERS_OF_EVIDENCE),
    "document": (GET, READERS_OF_EVIDENCE),
    "review_evidence": (POST, REVIEWERS),
    "refuse_evidence": (POST, REVIEWERS),
    "withdraw_evidence": (POST, OWNERS),
    "restore_evidence": (POST, OWNERS),
    # assessments
    "assessments": (GET, EVERYONE),
    "upload": (BOTH, ASSESSORS),
    "own_record": (BOTH, ASSESSORS),
    "quick_check": (BOTH, ASSESSORS),
    "import_pack": (BOTH, ASSESSORS),
    "compare_assessments": (GET, EVERYONE),
    "assessment": (GET, EVERYONE),
    "progress": (GET, EVERYONE),
    "rejects": (GET, READERS_OF_THE_RECORD),
    "act": (POST, ASSESSORS),
    # review, signature, export
    "review": (GET, READERS_OF_EVIDENCE),
    "review_levels": (POST, REVIEWERS),
    "submit": (POST, ASSESSORS),
    "send_back": (POST, REVIEWERS),
    "freeze": (POST, CHIEF),
    "export": (GET, EVERYONE),
    "export_pack": (GET, EXPORTERS),
    "export_json": (GET, EXPORTERS),
    "export_pdf": (GET, EXPORTERS),
    "export_table": (GET, EXPORTERS),
    "grounds_of_levels": (GET, EVERYONE),
    # double coding
    "draw_sample": (POST, ASSESSORS),
    "coding": (GET, READERS_OF_THE_RECORD),
    "code": (POST, ASSESSORS),
}

_ROW: dict[str, object] = {"pk": 999_999}
_WITH_ROW = (
    *("attestation", "document", "review_evidence", "refuse_evidence", "withdraw_evidence", "restore_evidence"),
    *("assessment", "progress", "rejects", "review", "review_levels", "submit", "send_back", "freeze"),
    *("export", "export_pack", "export_json", "draw_sample", "coding", "code"),
)
ARGUMENTS: dict[str, dict[str, object]] = {
    **{name: {"practice": "V1"} for name in ("practice", "declare", "target", "clear_target", "ask_exemption")},
    **dict.fromkeys(_WITH_ROW, _ROW),
    "attest": {"condition": "V1.1.owner"},
    "decide_exemption": {**_ROW, "decision": "approve"},
    "act": {**_ROW, "verb": "withdraw"},
    "export_pdf": {**_ROW, "name": "report"},
    "export_table": {**_ROW, "name": "practices", "ending": "csv"},
}
