"""The row of the page of subscribers in the matrix of matrix.py: counts alone, for those who answer for them."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import GET

OF_AGENCY = {
    "subscriptions": (GET, frozenset({Role.CHIEF, Role.PRESS_OFFICER, Role.AUDITOR, Role.RECORDS_OFFICER})),
}
