"""Starts Django for the commands that need the database; every mistake in the settings is one plain sentence."""

from __future__ import annotations

import os

import click


def start() -> None:
    """Load settings and applications once.

    Raises:
        ClickException: the settings are not usable; the message says which and why.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callbox.config.settings")
    import django  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from None


def migrate() -> None:
    """Bring the database to the schema of this version.

    Raises:
        ClickException: the database cannot be reached or written.
    """
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError, connections  # noqa: PLC0415

    try:
        for database in connections:
            call_command("migrate", database=database, interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be prepared: {str(error).strip()}") from None
