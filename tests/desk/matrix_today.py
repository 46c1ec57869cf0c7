"""The row of the first page in the matrix of matrix.py: everybody has a day."""

from __future__ import annotations

from tests.desk.matrix import EVERYONE, GET

OF_AGENCY = {"today": (GET, EVERYONE)}
