"""The rows of roadmap, what-if, trend and comparison in the matrix of matrix.py."""

from __future__ import annotations

from tests.desk.matrix import BOTH, EVERYONE, GET, POST
from tests.desk.matrix_assessments import ASSESSORS, EXPORTERS

OF_AGENCY = {
    "roadmap": (GET, EVERYONE),
    "way": (GET, EVERYONE),
    "choose_plan": (POST, ASSESSORS),
    "end_plan": (POST, ASSESSORS),
    "plan_step": (POST, ASSESSORS),
    "hours": (GET, EVERYONE),
    "practice_hours": (GET, EVERYONE),
    "save_hours": (POST, ASSESSORS),
    "export_roadmap": (GET, EXPORTERS),
    "what_if": (GET, EVERYONE),
    "trend": (GET, EVERYONE),
    "export_trend": (GET, EXPORTERS),
    "compare": (GET, EVERYONE),
    "export_compare": (GET, EXPORTERS),
    "share": (BOTH, ASSESSORS),
    "receive": (POST, ASSESSORS),
    "pool": (POST, ASSESSORS),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    "end_plan": {"pk": 999_999},
    "plan_step": {"pk": 999_999},
    "practice_hours": {"practice": "V5"},
    "save_hours": {"practice": "V5"},
    "export_roadmap": {"name": "gaps", "ending": "csv"},
    "export_trend": {"ending": "csv"},
    "export_compare": {"name": "published", "ending": "csv"},
}
