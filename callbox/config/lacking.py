"""What an installation lacks: each check says what, why it matters and what to do. `callbox check` prints them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connection
from django.utils import timezone

from callbox.config import backup
from callbox.governance.models import AuditEvent
from callbox.portal import grants, render

#: A backup, or a copy of the public pages, older than this is too old for a bad day.
STALE: Final = timedelta(days=2)
#: Events are sealed within a second; unsealed for this long, nobody seals.
UNSEALED: Final = timedelta(minutes=10)
#: Rights of a file that let others read it, and of a folder that let others in.
_OTHERS: Final = 0o077


def _warning(number: int, what: str, do: str) -> CheckWarning:
    return CheckWarning(what, hint=do, id=f"callbox.W{number:03}")


@register(Tags.security, deploy=True)
def https_is_told(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001 - Django's signature
    """Notice a proxy that nobody believes, and addresses in letters that are not secure."""
    found: list[CheckMessage] = []
    if settings.HTTPS and not settings.PROXIES:
        what = "No proxy is believed (CALLBOX_PROXIES is 0), so every page sends the browser to HTTPS for ever."
        do = "Set CALLBOX_PROXIES to the number of your proxies; they must set X-Forwarded-For and X-Forwarded-Proto."
        found.append(_warning(5, what, do))
    if settings.HTTPS and not settings.PORTAL_URL.startswith("https://"):
        what = "Links in feeds, letters and receipts are not secure, and no letter can be ended with one click."
        found.append(_warning(6, what, "Set CALLBOX_PORTAL_URL to the https address that residents type."))
    return found


@register(Tags.security, deploy=True)
def letters_have_a_sender(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Notice letters that nobody can answer and most servers refuse."""
    if not settings.HTTPS or not settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return []
    what = f"Letters come from {settings.DEFAULT_FROM_EMAIL}, which other mail servers refuse."
    return [_warning(7, what, "Set CALLBOX_MAIL_FROM to an address of yours that people may answer.")]


@register(Tags.security, deploy=True)
def keys_are_apart_and_private(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Notice one key that does everything, and files that others on this machine can read."""
    found: list[CheckMessage] = []
    if settings.HTTPS and settings.SECRET_KEY in {*settings.TOKEN_KEYS, settings.RECEIPT_KEY}:
        what = "CALLBOX_SECRET_KEY also seals tokens or hashes receipts: whoever must change it loses receipts or connections."
        do = "On a new installation set CALLBOX_TOKEN_KEYS and CALLBOX_RECEIPT_KEY too; later give them today's CALLBOX_SECRET_KEY first."
        found.append(_warning(8, what, do))
    for place in sorted(_private()):
        if place.exists() and place.stat().st_mode & _OTHERS:
            right = "700" if place.is_dir() else "600"
            what = f"Others on this machine can look into {place}, which holds secrets or what residents wrote."
            found.append(_warning(9, what, f"chmod {right} {place}"))
    return found


def _private() -> Iterator[Path]:
    yield settings.DATA
    for name, value in os.environ.items():
        if name.startswith("CALLBOX_") and name.endswith("_FILE") and value:
            yield Path(value)


@register(Tags.security, deploy=True)
def the_witness_is_elsewhere(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Notice checkpoints of the trail that lie beside what they bear witness of."""
    if settings.DEMO or settings.PLANE == "portal" or settings.DATA not in settings.AUDIT_WITNESS.parents:
        return []
    what = "Checkpoints of the audit trail lie beside the database: who can rewrite one can rewrite the other."
    return [
        _warning(10, what, "Set CALLBOX_AUDIT_WITNESS to a file on another machine's disk, or copy it there daily.")
    ]


@register(Tags.files, deploy=True)
def something_is_kept_for_bad_days(**kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Notice a missing or old backup, and a missing or old copy of the public pages."""
    if settings.DEMO or settings.PLANE == "portal":
        return []
    found: list[CheckMessage] = []
    if _old(backup.marker()):
        what = "No backup was made here in the last two days: a broken disk would take everything."
        found.append(
            _warning(11, what, "Run `callbox backup FILE` nightly with a timer, and keep the keys apart from it.")
        )
    if settings.COPY is None:
        what = "No copy of the public pages is written, so nobody can read them while Callbox is down."
        do = "Set CALLBOX_COPY to a folder the proxy reads (docs/nginx.conf); the worker writes the copy every hour."
        found.append(_warning(12, what, do))
    elif _old(settings.COPY / render.CURRENT):
        what = f"The copy of the public pages in {settings.COPY} is missing or older than two days."
        found.append(
            _warning(12, what, "Look whether a worker runs, and what its log says of “write the copy for bad days”.")
        )
    return found


def _old(place: Path) -> bool:
    return not place.exists() or time.time() - place.stat().st_mtime > STALE.total_seconds()


@register(Tags.database, deploy=True)
def somebody_seals_the_trail(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Notice that no worker runs."""
    if "default" not in (databases or []) or settings.PLANE == "portal":
        return []
    try:
        waits = AuditEvent.objects.filter(sequence=None, at__lt=timezone.now() - UNSEALED).exists()
    except DatabaseError:  # no tables yet
        return []
    what = "Events of the audit trail have waited for ten minutes to be sealed: no worker runs, so nothing is sent or collected."
    return [_warning(13, what, "Start `callbox worker`, and keep it running as a service.")] if waits else []


@register(Tags.database)
def the_portal_is_apart(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Hold what the portal's role may do in PostgreSQL against the list of what it needs."""
    if "default" not in (databases or []) or connection.vendor != "postgresql" or settings.DEMO:
        return []
    portal = settings.PLANE == "portal"
    role = connection.settings_dict["USER"] if portal else settings.PORTAL_ROLE
    if not role:
        what = "The portal works under the desk's role: who breaks into it can read staff, tokens and the trail."
        return [_warning(14, what, "Make a role of its own and set CALLBOX_PORTAL_DATABASE_URL (docs/operate.md).")]
    try:
        found = grants.difference(role)
    except DatabaseError as error:
        what = f"The portal's role “{role}” cannot be looked at: {str(error).strip()}."
        return [
            Error(
                what,
                hint="Create it as docs/operate.md says, then run `callbox portal role --apply`.",
                id="callbox.E015",
            )
        ]
    return list(_judged(role, found))


def _judged(role: str, found: grants.Difference) -> Iterator[CheckMessage]:
    if found.beyond:
        what = f"The portal's role “{role}” may do more than it needs in {len(found.beyond)} tables ({_some(found.beyond)})."
        yield _warning(
            16, what, "Run `callbox portal role --apply` as the desk, and let the portal use no role that owns tables."
        )
    if found.missing:
        what = f"The portal's role “{role}” lacks what its pages need in {_some(found.missing)}: they will fail."
        yield Error(what, hint="Run `callbox portal role --apply` as the desk, or start the desk.", id="callbox.E017")


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
