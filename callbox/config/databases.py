"""Which database holds which rows: sealed tips may have one of their own, everything else is in the main one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model

TIPS = "tips"


class TipsRouter:
    """Sends the rows of sealed tips where the settings say they live."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:  # noqa: ARG002 - Django's signature
        """Return the database of `model`."""
        return settings.TIPS_DATABASE if model._meta.app_label == TIPS else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:  # noqa: ARG002
        """Return whether the tables of an application belong into `db`."""
        return db == (settings.TIPS_DATABASE if app_label == TIPS else "default")
