"""What the two watches of Riverton heard, and what became of it: one flood that is so, one rumour that is not, one event nobody looked at.

Invented posts go through the listener, the log and the worker that real ones go through, and people act by the verbs of the desk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Event as StopEvent
from typing import Any, Final

import yaml
from django.utils import timezone

from callbox.config.demo.watches import Listening
from callbox.core.log.sqlite import SqliteLog
from callbox.intelligence.models import Event, Sighting, Source
from callbox.intelligence.pipeline import keeping
from callbox.intelligence.pipeline.listener import Listener
from callbox.intelligence.services import events, findings, grouping, listening, reveals
from callbox.intelligence.services.findings import Finding
from callbox.networks.stream import Heard, PublicPost
from callbox.people.models import Agency, User
from callbox.people.roles import Role

_WORKER: Final = "demonstration"
_NETWORKS: Final = ("bluesky", "mastodon")


@cache
def written() -> dict[str, list[list[Any]]]:
    """Return what people wrote, by what it is about."""
    found: dict[str, list[list[Any]]] = yaml.safe_load(files(__package__).joinpath("events.yaml").read_text("utf-8"))
    return found


def build(agency: Agency, people: Mapping[Role, User], heard: Listening, *, now: datetime) -> Event:
    """Let the watches hear, group it and work on it; return the event that is confirmed. people: analyst and commander."""
    analyst, commander = people[Role.ANALYST], people[Role.COMMANDER]
    _hear(heard.sources, now)
    flood, rumour = _about(agency, "flood"), _about(agency, "rumour")
    events.take(event=flood, by=analyst)
    events.name(event=flood, title="Flood on Mill Lane", place="Mill Lane, from 12 to the bridge", by=analyst)
    findings.note(
        event=flood, finding=Finding("Two pictures show the wall at the bridge. Asked the control room."), by=analyst
    )
    findings.confirm(event=flood, finding=_FLOOD, by=analyst)
    events.take(event=rumour, by=commander)
    events.name(event=rumour, title="“The boy is in Lakeside hospital”", by=commander)
    findings.refute(event=rumour, finding=_RUMOUR, by=commander)
    in_danger = Sighting.objects.of(agency).get(event=flood, text__contains="in danger")
    reveals.ask(
        sighting=in_danger,
        reason="An old man in a cellar; the house number is missing and the writer may know it.",
        basis="life",
        reference="26-1153",
        by=analyst,
    )
    return flood


_FLOOD: Final = Finding(
    text="The river is over the wall at Mill Lane, from number 12 to the bridge, since about three hours. Cellars and the school gate.",
    source_grade="B",
    content_grade="1",
    corroboration="Control room: six calls. Patrol 12 at the bridge. Gauge of the river authority above 4.10 m.",
    checked=("happening", "danger", "place", "time", "first", "independent", "own"),
)
_RUMOUR: Final = Finding(
    text="All three posts repeat one that names no source. The hospital has no such patient; the search goes on.",
    source_grade="E",
    content_grade="5",
    corroboration="Lakeside hospital, by phone; Lakeside Police.",
    checked=("happening", "first", "independent", "contrary"),
)


def _hear(sources: tuple[Source, ...], now: datetime) -> None:
    """Let each source say what was written there, as its stream would, and keep what the watches match."""
    with tempfile.TemporaryDirectory(prefix="callbox-demo-") as folder:
        log = SqliteLog(Path(folder) / "log.sqlite3")
        for number, source in enumerate(sources[: len(_NETWORKS)]):
            listening.claim(source, worker=_WORKER)
            listener = Listener(source, _Nothing(), log, worker=_WORKER, heard=_ignore, failed=_ignore)
            listener.allow(listening.wanted(timezone.now()).get(source, ()))
            posts = _posts(number, now)
            listener.take(Heard(posts, cursor="", passed=len(posts)))
            listening.release(source, worker=_WORKER)
        while keeping.work(log):
            pass
        log.close()
    grouping.group_waiting()


def _posts(number: int, now: datetime) -> tuple[PublicPost, ...]:
    network = _NETWORKS[number]
    rows = [row for about in written().values() for row in about if row[1] == number]
    return tuple(
        PublicPost(
            network=network,
            remote_id=f"demonstration-{minutes}",
            at=now - timedelta(minutes=minutes),
            text=words,
            author=f"{who}@riverton.example",
            url=f"https://{network}.riverton.example/{minutes}",
            language="es" if words.startswith(("El ", "Inundación")) else "en",
        )
        for minutes, _number, who, words in rows
    )


def _about(agency: Agency, what: str) -> Event:
    """Return the event that holds the first post about something."""
    first = Sighting.objects.of(agency).filter(text=written()[what][0][3]).select_related("event__agency").get()
    if first.event is None:
        raise RuntimeError(f"nothing was grouped about {what}")
    return first.event


class _Nothing:
    """A stream nobody listens to: what it says is handed over by hand."""

    def listen(self, cursor: str, stop: StopEvent) -> Iterator[Heard]:
        """Say nothing, from wherever."""
        del cursor, stop
        yield from ()


def _ignore(*_told: object) -> None:
    """Source and sign of life: nobody watches over the demonstration's hearing."""
