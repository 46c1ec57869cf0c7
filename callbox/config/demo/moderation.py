"""Two comments that Riverton hid: one stays hidden, about the other its author objected and was right. And three callers who look up how
their report stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from callbox.config.demo.messages import TRAFFIC
from callbox.flows import arrival
from callbox.networks.connections.models import Connection
from callbox.networks.deliveries import sending
from callbox.networks.items.services import store
from callbox.networks.models import Delivery
from callbox.networks.paper.files import Files
from callbox.networks.paper.network import PaperSession
from callbox.operations.models import Case
from callbox.operations.services import cases
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.trust.models import Hiding, Line
from callbox.trust.services import appeals, conversations, moderation

#: Handle, words, ground and what in them falls under it.
HOME: Final = (
    "rob.k",
    "The one who closed the bridge lives at 14 Mill Lane, blue door.",
    "private-data",
    "Street, number and door.",
)
PUMPS: Final = (
    "otts.yard",
    "Pumps to rent while the bridge is closed, at Ott’s yard.",
    "illegal-commerce",
    "An advertisement.",
)
OBJECTION: Final = "I wrote it once, to help neighbours whose cellars are wet because of the works."
REASON: Final = "One offer, and about the closure itself: that is no spam. Your comment is back. We are sorry."


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Let two comments be hidden and three reports be looked up. people: press officer, approver and officer."""
    _hide(agency, people[Role.PRESS_OFFICER], *HOME)
    wrong = _hide(agency, people[Role.PRESS_OFFICER], *PUMPS)
    assert wrong.notice is not None  # it was just sent  # noqa: S101
    secret = wrong.notice.text.rstrip("/").rsplit("/", 1)[1]
    objected = appeals.object_to(agency=agency, secret=secret, text=OBJECTION)
    assert objected is not None  # the address is theirs  # noqa: S101
    appeals.decide(hiding=objected, uphold=False, why=REASON, by=people[Role.APPROVER])
    moderation.ask_network(hiding=objected, by=people[Role.APPROVER])
    _callers(agency, people[Role.OFFICER], now)


def _hide(agency: Agency, by: User, handle: str, words: str, ground: str, why: str) -> Hiding:
    connection = Connection.objects.select_related("agency").get(agency=agency, account=TRAFFIC)
    name = connection.details["handle"]
    paper = PaperSession(Files(settings.DATA / "paper", name), name)
    ours = Delivery.objects.filter(connection=connection, state="sent", operation="publish").first()
    paper.drop(words, author=handle, parent=ours.remote_id if ours else "")
    arrival.arrived(store(connection=connection, batch=paper.collect(connection.cursor)))
    line = Line.objects.select_related("item__connection__agency", "item__agency", "conversation").get(
        conversation__agency=agency, text=words
    )
    assert line.item is not None  # it was collected  # noqa: S101
    row = moderation.hide(item=line.item, ground=ground, why=why, by=by)
    row = moderation.ask_network(hiding=row, by=by)
    appeals.tell_in_thread(hiding=row, by=by)
    sending.send_waiting()
    appeals.note_told()
    conversations.close(conversation=line.conversation, answerable=False, by=by)
    return row


def _callers(agency: Agency, by: User, now: datetime) -> None:
    """Register a burglary whose caller waits, a theft with word, and a collision that is closed."""

    def register(reference: str, kind: str, **ago: float) -> Case:
        at = now - timedelta(**ago)
        return cases.register(agency=agency, reference=reference, kind=kind, reported_at=at, by=by)[0]

    register("RV-26-2207", "burglary", minutes=26)
    theft = register("RV-26-2198", "theft", hours=19)
    cases.write(case=theft, text="We have your report. An officer reads it within 2 working days.", by=by)
    collision = register("RV-26-2203", "collision", hours=4)
    for text in (
        "An officer is on the way. It takes longer than usual, about 30 minutes. If it is safe, move the cars off the road.",
        "The report of the collision is ready. Your insurer can ask for it with your number.",
    ):
        cases.write(case=collision, text=text, by=by)
    cases.close(case=collision, by=by)
