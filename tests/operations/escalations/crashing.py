"""Kills a worker at chosen points of sending, acknowledging and lapsing, each in a process of its own, and says what is left afterwards.

Run as a program with an empty folder; writes one JSON line a point. Its own process, because pytest's has threads and must not fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402 - models are there once Django is set up
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.utils import timezone  # noqa: E402

from callbox.core.refusal import RefusedError  # noqa: E402
from callbox.governance import audit  # noqa: E402
from callbox.operations.gateways import webhook  # noqa: E402
from callbox.operations.models import Escalation  # noqa: E402
from callbox.operations.services import escalations  # noqa: E402
from callbox.people.models import Agency  # noqa: E402
from callbox.people.roles import Role  # noqa: E402
from tests.crash import point  # noqa: E402
from tests.operations.escalations.desk import Desk, ready_again  # noqa: E402
from tests.people.cast import person  # noqa: E402
from tests.servers.dispatch import dispatch  # noqa: E402


def _die(*_args: object, **_kwargs: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path) -> None:
    """Try every point and print what became of it."""

    point.enter(folder)
    settings.MIGRATION_MODULES = dict.fromkeys(
        app.label for app in apps.get_app_configs()
    )  # tables as the models say, in a second
    call_command("migrate", run_syncdb=True, verbosity=0)

    with dispatch(webhook.new_secret()) as centre:
        settings.PRIVATE_HOSTS = [centre.place]
        agency = Agency.objects.create(slug="harbour", name="Harbour")
        desk = Desk.open(agency, person("Carla", agency, Role.COMMANDER, second_factor=False), centre)
        for name, kill in _points().items():
            centre.calls.clear()
            centre.incidents.clear()
            row = desk.ask(subject=f"conversation:{uuid.uuid4().int % 10**9}")
            connections.close_all()
            died = _in_child(kill)
            after = Escalation.objects.get(pk=row.pk).state
            past = Escalation.objects.filter(state="sending")
            past.update(claimed_at=timezone.now() - escalations.LEASE - timedelta(seconds=1))
            ready_again()
            escalations.send_due()
            with suppress(RefusedError):
                escalations.acknowledge(key=row.key, answer=webhook.Answer("acknowledged", by="Ortiz"))
            end = Escalation.objects.get(pk=row.pk)
            audit.seal()
            told: dict[str, Any] = {"point": name, "died": died, "after": after, "end": end.state}
            told |= {"calls": len(centre.calls), "incidents": len(centre.incidents), "trail": audit.verify().whole}
            print(json.dumps(told), flush=True)


def _points() -> dict[str, Callable[[], None]]:
    """Return by its name what arms a point: where a worker is killed."""

    real = webhook.call
    commit = BaseDatabaseWrapper.commit

    def before_commit(number: int) -> None:
        seen = [0]

        def dying(self: BaseDatabaseWrapper) -> None:
            seen[0] += 1
            if seen[0] == number:
                _die()
            commit(self)

        BaseDatabaseWrapper.commit = dying  # type: ignore[method-assign]

    def after_call(**given: Any) -> webhook.Answer:
        real(**given)
        _die()
        raise AssertionError

    def arm(owner: Any, name: str, value: object) -> Callable[[], None]:
        return lambda: setattr(owner, name, value)

    return {
        "before it is taken": arm(escalations, "claim", _die),
        "while it is taken": arm(escalations, "move", _die),
        "taken, not called": arm(webhook, "call", _die),
        "called, not written down": arm(webhook, "call", after_call),
        "before the answer is written": arm(escalations, "answered", _die),
        "at the first commit": lambda: before_commit(1),
        "at the second commit": lambda: before_commit(2),
        "at the third commit": lambda: before_commit(3),
        "as its event is written": arm(escalations, "record", _die),
    }


def _in_child(arm: Callable[[], None]) -> bool:
    """Let a worker run in a process of its own in which `arm` has set its point; return whether it was killed there."""

    pid = os.fork()
    if pid == 0:
        try:
            arm()
            escalations.sweep()
            for gateway in list(escalations._gateways_with_work()):
                escalations.send_lane(gateway)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    connections.close_all()
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
