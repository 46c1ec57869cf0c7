"""Numbered checks of a running installation; `callbox check` prints them. What no program should start with is refused in settings."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections


@register(Tags.files)
def data_folder_is_writable(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Find out before the first upload that nothing can be stored."""
    folder = settings.DATA
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK):
        return []
    hint = "Give the user that runs Callbox the right to write there, or set CALLBOX_DATA to another folder."
    return [Error(f"The data folder {settings.DATA} cannot be written.", hint=hint, id="callbox.E001")]


@register(Tags.security, deploy=True)
def mail_goes_somewhere(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Say that letters stay in the data folder."""
    if not settings.MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend"):
        return []
    hint = "Set CALLBOX_MAIL_URL, for example smtp://user:password@mail.example:587. Until then nobody can reset a password."
    return [
        CheckWarning("Letters are written into the data folder, nobody receives them.", hint=hint, id="callbox.W002")
    ]


@register(Tags.database)
def postgresql_role_is_plain(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Refuse to run as a PostgreSQL superuser: it may silently rewrite the audit trail."""
    connection = connections["default"]
    if "default" not in (databases or []) or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        powerful = cursor.fetchone()[0]
    if not powerful:
        return []
    hint = "Create a plain role that owns only Callbox's database and put it into CALLBOX_DATABASE_URL."
    return [CheckWarning("Callbox is connected as a PostgreSQL superuser.", hint=hint, id="callbox.W003")]


@register(Tags.database)
def sqlite_survives_a_power_cut(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Notice a file system on which write-ahead logging does not work (network drives)."""
    connection = connections["default"]
    if "default" not in (databases or []) or connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if mode == "wal":
        return []
    hint = "Put CALLBOX_DATA on a local disk; network drives lose data under SQLite."
    return [Error(f"SQLite keeps its journal as “{mode}” instead of “wal” here.", hint=hint, id="callbox.E004")]
