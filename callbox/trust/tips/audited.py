"""A change of tips and its audit event, which may lie in two databases: the event is committed first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction

from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import Agency, User


@contextmanager
def audited(
    *, agency: Agency, by: User | str, action: Audited, target: str, data: Mapping[str, Any] | None = None
) -> Iterator[None]:
    """Change tips inside. An error in it leaves neither change nor event.

    Where tips have a database of their own, a process that dies between the two commits leaves an event of something that did not happen,
    never a change that nobody wrote down. Both databases are locked in the order in which the nightly purge locks them.
    """
    with ExitStack() as main:
        main.enter_context(transaction.atomic())
        with transaction.atomic(using=settings.TIPS_DATABASE):
            yield
            record(agency=agency, by=by, action=action, target=target, data=data)
            if settings.TIPS_DATABASE != DEFAULT_DB_ALIAS:
                main.close()
