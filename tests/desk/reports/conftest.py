"""The measured agency of the assessments' tests."""

from tests.desk.assessments.conftest import measured

__all__ = ["measured"]
