"""Partners of Riverton, and Millbrook, the town next to it: a second agency in the demonstration, with people of its own.

They share one message that Millbrook adapted and published. Riverton has corrected it since; Millbrook has not, so both see what is
outstanding. Everything goes through the verbs of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from callbox.collaboration.models import Arrival, Partner
from callbox.collaboration.services import agreements, arrivals, handover, partners
from callbox.config.demo.messages import FORCE, NEWSROOM
from callbox.flows import publication, sharing
from callbox.governance.members import add_member, create_agency
from callbox.networks.connections.services import connect
from callbox.networks.deliveries import sending
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages

BY: Final = "system: demonstration"
#: Who works in Millbrook: role, name and address.
PEOPLE: Final = (
    (Role.CHIEF, "Amara Whitfield", "chief@millbrook.example"),
    (Role.COMMANDER, "Jonas Reed", "commander@millbrook.example"),
    (Role.PRESS_OFFICER, "Leila Brandt", "news@millbrook.example"),
    (Role.APPROVER, "Peter Nowak", "sergeant@millbrook.example"),
)
ACCOUNT: Final = "paper:millbrook-police"
PURPOSE: Final = "Warn the residents of both towns of the same danger, and search for the same missing people."
WORDS: Final = "The river may reach the lower car park in Mill Lane tonight. Move your car before 20:00 and stay away from the banks."
THERE: Final = "The river may flood the lower meadows of Millbrook tonight. Move your car before 20:00 and stay away from the banks."
BETTER: Final = WORDS.replace("20:00", "18:00")


class Known(NamedTuple):
    """A partner that has no Callbox. spoken: days ago, None for never."""

    name: str
    sector: str
    person: str
    reaches: str
    languages: tuple[str, ...]
    role: str
    spoken: int | None


#: Whom Riverton knows besides; nobody yet for critics and language groups, and nobody has called the chamber of trade for long.
KNOWN: Final = (
    Known("Riverton School", "schools", "Ada Lindholm", "Parents of 1,150 pupils", ("en", "es"), "Sends our warnings to parents.", 12),
    Known("St Anne’s and the Hill Mosque", "faith", "Yusuf Karim", "Two congregations", ("en", "ar"), "Reads notices out.", 40),
    Known("Riverton Chamber of Trade", "business", "Bea Holm", "Shops of the old town", ("en",), "", 160),
    Known("Safe House Riverton", "victims", "Ruth Adler", "", ("en", "es"), "Reads what we write about victims before it leaves.", 25),
    Known("Riverton Gazette", "media", "Ned Farrow", "About 9,000 readers", ("en",), "Has our night number.", 6),
    Known("Riverton Fire and Rescue", "emergency", "Carl Mbeki", "", ("en",), "One joint call each Monday.", 3),
)  # fmt: skip


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Let Riverton and Millbrook share."""
    today = agreements.today(agency)
    keeper = people[Role.PRESS_OFFICER]
    for one in KNOWN:
        row = partners.add(
            agency=agency, name=one.name, sector=one.sector, person=one.person, reaches=one.reaches,
            languages=list(one.languages), role=one.role, clearance="green", by=keeper,
        )  # fmt: skip
        if one.spoken is not None:
            partners.note_contact(partner=row, on=today - timedelta(days=one.spoken), how="called", by=keeper)
    town, staff = _millbrook()
    there = _partner(agency, town, people, "Leila Brandt", now=now)
    _partner(town, agency, staff, "Nora Quist", now=now)
    partners.note_contact(
        partner=there, on=today - timedelta(days=9), how="met", about="Flood plan of both towns", by=keeper
    )
    _share(agency, people, there, town, staff)


def _millbrook() -> tuple[Agency, dict[Role, User]]:
    town = create_agency(
        slug="millbrook", by=BY, name="Millbrook Police", size="under-25", time_zone="Europe/London", languages=["en"]
    )
    from callbox.config.demo.build import PASSWORD  # noqa: PLC0415 - it imports this module

    staff = {
        role: add_member(agency=town, email=email, name=name, role=role, password=PASSWORD, by=BY).user
        for role, name, email in PEOPLE
    }
    connect(
        agency=town,
        kind="paper",
        details={"handle": ACCOUNT.partition(":")[2]},
        secrets={},
        by=staff[Role.PRESS_OFFICER],
    )
    connect(agency=town, kind="newsroom", details={}, secrets={}, by=staff[Role.PRESS_OFFICER])
    return town, staff


def _partner(agency: Agency, other: Agency, people: Mapping[Role, User], person: str, *, now: datetime) -> Partner:
    row = partners.add(
        agency=agency, local=other, name=other.name, sector="police", person=person, clearance="amber",
        reaches=f"Residents who follow {other.name}", languages=["en"], by=people[Role.PRESS_OFFICER],
    )  # fmt: skip
    agreement = agreements.draft(
        partner=row, purpose=PURPOSE, scope=["message", "alert", "event"], label="amber", document="MOU 2026-4",
        starts=(now - timedelta(days=60)).date(), ends=(now + timedelta(days=305)).date(), by=people[Role.CHIEF],
    )  # fmt: skip
    agreements.sign(agreement=agreement, by=people[Role.COMMANDER])
    return row


def _share(
    agency: Agency, people: Mapping[Role, User], there: Partner, town: Agency, staff: Mapping[Role, User]
) -> None:
    """Offer, adapt, publish there; correct here, and leave the correction outstanding there."""
    writer = people[Role.PRESS_OFFICER]
    content = Content(WORDS, title="High water tonight")
    message = messages.draft(agency=agency, content=content, accounts=[FORCE, NEWSROOM], by=writer)
    _publish(message, writer, people[Role.APPROVER])
    sharing.offer_message(message=message, partners=[there], label="clear", by=writer)
    handover.hand_over_waiting()
    arrival = Arrival.objects.of(town).select_related("agency", "partner").get()
    editor = staff[Role.PRESS_OFFICER]
    arrivals.opened(arrival=arrival, by=editor)
    copy = sharing.take_over(arrival=arrival, accounts=[ACCOUNT, "newsroom:millbrook"], adapted=True, by=editor)
    newest = copy.newest
    messages.save(
        message=copy, content=replace(newest.written, text=THERE), accounts=newest.accounts, due=None, expires=None,
        seen=newest.number, by=editor,
    )  # fmt: skip
    _publish(copy, editor, staff[Role.APPROVER])
    better = publication.correct(message=message, content=replace(content, text=BETTER), by=writer)
    _publish(better, writer, people[Role.APPROVER])
    sharing.follow_up()
    handover.hand_over_waiting()


def _publish(message: Message, writer: User, approver: User) -> None:
    """Let a second person approve it and the worker send it; tell partners what became of it."""
    publication.submit(message=message, by=writer)
    publication.approve(message=message, digest=publication.bound_of(message.newest).digest, by=approver)
    sending.send_waiting()
    publication.settle_messages()
    message.refresh_from_db()
    sharing.settle_arrivals()
    handover.hand_over_waiting()
