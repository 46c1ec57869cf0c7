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


def prepared() -> None:
    """Start, for a command that needs tables.

    Raises:
        ClickException: the settings are not usable, or `callbox admin prepare` was not run.
    """
    start()
    from django.db import DatabaseError, connection  # noqa: PLC0415

    try:
        ready = "people_agency" in connection.introspection.table_names()
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be reached: {str(error).strip()}{_PREPARE}") from None
    if not ready:
        raise click.ClickException(f"The database holds no tables yet, so nothing was done.{_PREPARE}")


_PREPARE = " Run `callbox admin prepare` first."


def migrate() -> None:
    """Bring the database to the schema of this version; an empty one gets it at once, without going through every version before.

    Raises:
        ClickException: the database cannot be reached or written.
    """
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError, connections  # noqa: PLC0415
    from django.db.migrations.recorder import MigrationRecorder  # noqa: PLC0415

    try:
        settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The data folder {settings.DATA} cannot be made: {error.strerror}.") from None
    try:
        for database in connections:
            if not MigrationRecorder(connections[database]).applied_migrations():
                _create(database)
            _make_way(database)
            call_command("migrate", database=database, interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        raise click.ClickException(f"The database cannot be prepared: {str(error).strip()}") from None
    _grant()


def _make_way(database: str) -> None:
    """Take the portal's policies off where tables are about to change; `_grant` puts them back."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    if not settings.PORTAL_ROLE:
        return
    executor = MigrationExecutor(connections[database])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        from callbox.portal import grants  # noqa: PLC0415

        grants.lift()


def _grant() -> None:
    """Give the portal's own role, where the settings name one, what it needs in this version."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    if not settings.PORTAL_ROLE:
        return
    from callbox.portal import grants  # noqa: PLC0415

    try:
        grants.apply(settings.PORTAL_ROLE)
    except DatabaseError as error:
        raise click.ClickException(
            f"The portal’s role “{settings.PORTAL_ROLE}” cannot be given its rights: {str(error).strip()}"
            " Create it first (docs/operate.md, The portal’s own role)."
        ) from None


def _create(database: str) -> None:
    """Create every table as the models are now, then note every migration as done, each in one transaction: cut off, it goes on.

    Django draws all models anew for each step of a migration, so the long way takes half a minute of processor time. A test holds the
    outcome of both against each other.
    """
    from django.apps import apps  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections, transaction  # noqa: PLC0415
    from django.db.migrations.recorder import MigrationRecorder  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415 - the one way Django offers to change a setting for a while

    told = {"database": database, "interactive": False, "verbosity": 0}
    if not set(connections[database].introspection.table_names()) - {"django_migrations"}:
        with override_settings(MIGRATION_MODULES={config.label: None for config in apps.get_app_configs()}):
            call_command("migrate", run_syncdb=True, **told)
    MigrationRecorder(connections[database]).ensure_schema()
    with transaction.atomic(using=database):
        call_command("migrate", fake=True, **told)
