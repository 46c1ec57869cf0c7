"""Beginning a drill, letting what is due be said, ending it, and cleaning up after it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Event

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.log.sqlite import SqliteLog
from callbox.core.refusal import RefusedError
from callbox.flows import arrival
from callbox.flows.drill import ground, wiping
from callbox.flows.drill.ground import WORKER, Ground
from callbox.flows.drill.scenario import Said, Scenario, scenarios
from callbox.flows.drill.timing import observe
from callbox.governance.audit import Value
from callbox.intelligence.models import Source
from callbox.intelligence.pipeline import keeping
from callbox.intelligence.pipeline.listener import Listener
from callbox.intelligence.services import grouping, heartbeat, listening
from callbox.intelligence.services.permission import permissions
from callbox.networks.items.services import store
from callbox.networks.stream import Heard, PublicPost
from callbox.operations.models import Drill
from callbox.operations.services import drills
from callbox.people.models import Agency, User


def begin(*, agency: Agency, scenario: str, by: User) -> Drill:
    """Begin a drill: clean up after the one before, lay out its ground, let a watch be allowed, say the first words.

    Raises:
        RefusedError: there is no such scenario, one is running, the agency is itself one of drills, or `by` may not.
    """
    known = scenarios().get(scenario)
    if known is None or agency.exercise:
        raise RefusedError(_("Choose a scenario from the list. Nothing was begun."))
    drills.may(by, agency)
    if Drill.objects.of(agency).filter(state="running").exists():
        raise RefusedError(_("A drill is running. End it first, or break it off."))
    _sweep(agency, by=by)
    laid = ground.lay_out(agency)
    ground.listen(laid, known)
    made: dict[str, Value] = {"ground": laid.agency.slug, "played": 0}
    drill = drills.begin(agency=agency, scenario=scenario, title=known.title, made=made, by=by)
    play(drill, now=drill.began_at)
    return drill


def play_due() -> int:
    """Let every running drill say what is due, and write its times down; return how many things were said."""
    total = 0
    for drill in Drill.objects.filter(state="running", kind="replay").select_related("agency"):
        total += play(drill, now=timezone.now())
    return total


def play(drill: Drill, *, now: datetime | None = None) -> int:
    """Say what is due at `now`, everything where no time is given; return how many things that was."""
    scenario, twin = scenarios().get(drill.scenario), ground.find(drill.agency)
    if scenario is None or twin is None:
        return 0
    source = Source.objects.of(twin).open().select_related("agency").order_by("-pk").first()
    if source is None or not listening.claim(source, worker=WORKER):
        return 0
    heartbeat.heard(source, Heard((), source.cursor))  # it is no silent source: the drill has it in hand
    due = _take(drill, scenario, now)
    if due:
        laid = ground.lay_out(drill.agency)
        _hear(laid, source, [said for kind, said in due if kind == "post"])
        for kind, said in due:
            if kind == "comment":
                laid.paper.drop(said.text, author=said.author)
        if any(kind == "comment" for kind, _said in due):
            laid.account.refresh_from_db()
            arrival.arrived(store(connection=laid.account, batch=laid.paper.collect(laid.account.cursor)))
    observe(drill)
    return len(due)


@transaction.atomic
def _take(drill: Drill, scenario: Scenario, now: datetime | None) -> list[tuple[str, Said]]:
    """Return what is due and was not said yet, and count it as said: several workers never say it twice."""
    row = Drill.objects.select_for_update().get(pk=drill.pk)
    done = int(row.made.get("played", 0))
    ahead = scenario.lines[done:]
    due = [one for one in ahead if now is None or row.began_at + timedelta(seconds=one[1].after) <= now]
    if row.state != "running" or not due:
        return []
    drills.note(drill=row, steps={}, made={"played": done + len(due)}, incident=None)
    drill.refresh_from_db()
    return due


def _hear(laid: Ground, source: Source, said: list[Said]) -> None:
    """Let public posts go the way of every post: heard, matched, veiled, appended, fetched, kept, grouped."""
    if not said:
        return
    source.refresh_from_db()
    now = timezone.now()
    posts = tuple(
        PublicPost("feed", f"drill:{source.pk}:{each.after}:{each.author}", now, each.text, each.author, language="en")
        for each in said
    )
    with contextlib.closing(SqliteLog(ground.stream_file(laid.agency.slug))) as log:
        ears = Listener(source, _Nothing(), log, worker=WORKER, heard=_quietly, failed=_quietly)
        ears.allow(permissions(source, now))
        ears.take(Heard(posts, f"{source.pk}:{said[-1].after}", passed=len(posts)))
        while keeping.work(log):
            pass
    grouping.group_waiting()


class _Nothing:
    """A stream that is never asked: the drill says what is heard."""

    def listen(self, cursor: str, stop: Event) -> Iterator[Heard]:  # noqa: ARG002
        """Say nothing."""
        return iter(())


def _quietly(*_told: object) -> None:
    """Tell nobody: a drill's source is no source to watch over."""


def end(*, drill: Drill, by: User) -> None:
    """Look once more, then end it. What it made stays to be looked at until it is cleaned away, or the next one begins."""
    observe(drill)
    drills.end(drill=drill, by=by)
    _silence(drill)


def break_off(*, drill: Drill, by: User) -> None:
    """End it without its counting as one that was held."""
    observe(drill)
    drills.break_off(drill=drill, by=by)
    _silence(drill)


def _silence(drill: Drill) -> None:
    twin = ground.find(drill.agency)
    if twin is not None:
        ground.silence(twin)


def clean(*, drill: Drill, by: User) -> int:
    """Delete everything the drill made; its times stay. Return how many rows went.

    Raises:
        RefusedError: it is running, or `by` may not.
    """
    if drill.state == "running":
        raise RefusedError(_("It is running. End it first."))
    drills.may(by, drill.agency)
    return _sweep(drill.agency, by=by)


def _sweep(agency: Agency, *, by: User) -> int:
    """Delete what drills of this agency made: rows, files and the log."""
    twin, count = ground.find(agency), 0
    if twin is not None:
        with transaction.atomic():
            for held in Drill.objects.of(agency).exclude(incident=None):
                drills.let_go(drill=held, by=by)
            ground.leave(twin)
            count = wiping.wipe(twin)
    slug = ground.slug_of(agency)
    shutil.rmtree(settings.DATA / "paper" / slug, ignore_errors=True)
    for ending in ("", "-wal", "-shm"):
        ground.stream_file(slug).with_name(f"{slug}.sqlite3{ending}").unlink(missing_ok=True)
    grouping.forget()
    return count
