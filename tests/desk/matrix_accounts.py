"""The rows of the accounts page in the matrix of matrix.py."""

from __future__ import annotations

from callbox.people.roles import Role
from tests.desk.matrix import BOTH, GET
from tests.desk.matrix_assessments import ASSESSORS, READERS_OF_EVIDENCE

OF_AGENCY = {
    "accounts": (GET, READERS_OF_EVIDENCE),
    "state_account": (BOTH, ASSESSORS | {Role.PRESS_OFFICER}),
}
