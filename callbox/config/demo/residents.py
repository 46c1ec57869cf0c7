"""What reaches Riverton: residents on a paper account and on the public page, officers who answer, and what still waits.

By the verbs of residents, collector, officers and sender; then the hours of four weeks are set back, so that they can be looked at today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings

from callbox.config.demo.messages import FORCE
from callbox.flows import arrival
from callbox.networks.connections import services as connections
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import sending
from callbox.networks.items.collect import collect_due
from callbox.networks.models import Delivery
from callbox.networks.paper.files import Files
from callbox.networks.paper.network import PaperSession
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.trust.models import Conversation, Line
from callbox.trust.services import answers, conversations, hearing

#: Who answers in turn.
ANSWERING = (Role.OFFICER, Role.PRESS_OFFICER, Role.APPROVER)


@cache
def written() -> dict[str, list[list[Any]]]:
    """Return what residents wrote and what was answered."""
    text = files(__package__).joinpath("residents.yaml").read_text(encoding="utf-8")
    found: dict[str, list[list[Any]]] = yaml.safe_load(text)
    return found


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Let residents write, officers answer and some wait. people: those of ANSWERING. The messages of the week are out already."""
    connection = Connection.objects.get(agency=agency, account=FORCE)
    paper = _paper(connection)
    at: dict[str, datetime] = {}
    for days, hour, handle, words, *_answer in (*written()["answered"], *written()["thanks"]):
        at[words] = _hour(agency, now, days, hour)
        paper.drop(words, author=handle, at=at[words])
    for minutes, handle, words, about in written()["waiting"]:
        paper.drop(words, author=handle, parent=_post_about(connection, about), at=now - timedelta(minutes=minutes))
    collect_due(arrival.arrived)
    for number, (_days, _time, _handle, words, _minutes, answer) in enumerate(written()["answered"]):
        _answer_on_paper(agency, words, answer, people[ANSWERING[number % len(ANSWERING)]])
    sending.send_waiting()
    for _days, _time, _handle, words, minutes, _answer in written()["answered"]:
        _set_back(_about(agency, words), replied=at[words] + timedelta(minutes=minutes))
    for _days, _time, _handle, words in written()["thanks"]:
        conversations.close(conversation=_about(agency, words), answerable=False, by=people[Role.PRESS_OFFICER])
    for hours, topic, words, answer in written()["asked"]:
        _ask(agency, topic, words, answer, asked=now - timedelta(hours=hours), by=people[Role.OFFICER])
    _work_on_one(agency, people)


def _paper(connection: Connection) -> PaperSession:
    place = connections.place_of(connection.agency, connection.account, connection.pk)
    handle = connection.details["handle"]
    return PaperSession(Files(place.folder / "paper", handle), handle)


def _hour(agency: Agency, now: datetime, days: int, hour: str) -> datetime:
    local = now.astimezone(ZoneInfo(agency.time_zone)) - timedelta(days=days)
    clock = [int(part) for part in hour.split(":")]
    return local.replace(hour=clock[0], minute=clock[1], second=0, microsecond=0)


def _post_about(connection: Connection, word: str) -> str:
    """Return the id of our own post that holds the word; empty for none."""
    if not word:
        return ""
    sent = Delivery.objects.filter(connection=connection, state="sent", operation="publish")
    return next(each.remote_id for each in sent if word in each.shown.text)


def _about(agency: Agency, words: str) -> Conversation:
    return Conversation.objects.of(agency).get(lines__text=words, lines__kind=Line.Kind.RESIDENT)


def _answer_on_paper(agency: Agency, words: str, answer: str, by: User) -> None:
    conversation = conversations.claim(conversation=_about(agency, words), by=by)
    answers.answer(conversation=conversation, text=answer, by=by)


def _set_back(conversation: Conversation, *, replied: datetime) -> None:
    """Give an answer of today the hour at which it was given in the invented weeks: on our side and in the files."""
    line = conversation.lines.select_related("delivery__connection").get(kind=Line.Kind.ANSWER)
    Line.objects.filter(pk=line.pk).update(at=replied)
    times = {"claimed_at": replied - timedelta(minutes=3), "replied_at": replied, "last_at": replied}
    Conversation.objects.filter(pk=conversation.pk).update(**times)
    delivery = line.delivery
    if delivery is None:
        return
    Delivery.objects.filter(pk=delivery.pk).update(
        due=replied, made=replied, claimed_at=replied, called_at=replied, settled_at=replied
    )
    folder = Files(settings.DATA / "paper", delivery.connection.details["handle"])
    with folder.turn():
        post = folder.read(delivery.remote_id)
        if post is not None:
            folder.write(replace(post, at=replied.isoformat()))


def _ask(agency: Agency, topic: str, words: str, answer: str, *, asked: datetime, by: User) -> None:
    """Ask on the public page; the answer, where there is one, came two hours later."""
    conversation, _secret = hearing.enquire(agency=agency, text=words, topic=topic, language="en")
    conversation.lines.update(at=asked)
    Conversation.objects.filter(pk=conversation.pk).update(opened_at=asked, last_at=asked, waits_since=asked)
    if answer:
        answers.answer(conversation=conversation, text=answer, by=by)
        _set_back(conversation, replied=asked + timedelta(hours=2))


def _work_on_one(agency: Agency, people: Mapping[Role, User]) -> None:
    """Leave one conversation in an officer's hands, with a note for colleagues."""
    words = next(words for _minutes, _handle, words, about in written()["waiting"] if about == "bicycle")
    found = conversations.claim(conversation=_about(agency, words), by=people[Role.OFFICER])
    note = "The basket has a name in it. I ask the front desk which one before we say yes."
    conversations.note(conversation=found, text=note, by=people[Role.OFFICER])
