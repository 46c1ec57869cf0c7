"""Riverton's alerts: the river rises and an update widens the area; one waits for its second approval; one was an exercise on paper.

By the verbs of the duty room: a press officer writes, a commander and an approver approve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from callbox.config.demo.messages import FORCE, NEWSROOM, TRAFFIC
from callbox.flows import alerting, publication
from callbox.intelligence.models import Event
from callbox.networks.connections.services import connect
from callbox.networks.deliveries import sending
from callbox.operations.cap.geometry import from_geojson
from callbox.operations.cap.vocabulary import Area, Content, Info
from callbox.operations.models import Alert
from callbox.operations.services import alerts
from callbox.people.models import Agency, Beat, User
from callbox.people.roles import Role

#: Where exercises go.
PRACTICE: Final = "paper:riverton-exercise"

#: Language -> event, headline, description, instruction, area; of the flood, then of its update.
FLOOD: Final = {
    "en": (
        "Flood",
        "River Aller floods the riverside from 18:00",
        "The river rises by half a metre until 18:00. Water will stand in Mill Lane and on the towpath.",
        "Go upstairs or to higher ground. Stay out of cellars and underpasses. Do not walk or drive through water.",
        "Riverside",
    ),
    "es": (
        "Inundación",
        "El río Aller inunda la ribera desde las 18:00",
        "El río sube medio metro hasta las 18:00. Habrá agua en Mill Lane y en el camino de sirga.",
        "Suba a un piso alto. No entre en sótanos ni pasos subterráneos. No cruce el agua a pie ni en coche.",
        "La ribera",
    ),
    "ar": (
        "فيضان",
        "نهر ألر يغمر ضفته ابتداءً من الساعة 18:00",
        "يرتفع النهر نصف متر حتى الساعة 18:00. سيقف الماء في شارع ميل لين وعلى الممشى.",
        "اصعدوا إلى طابق أعلى. ابتعدوا عن الأقبية والأنفاق. لا تعبروا الماء مشيًا أو بالسيارة.",
        "ضفة النهر",
    ),
}
WIDER: Final = {
    "en": (
        "Flood",
        "Flood: Old Town station underpass closed too",
        "The river rises faster than expected. The underpass at the station is under water, Mill Lane is closed.",
        "Stay out of cellars and underpasses. Leave cars where they are. Go upstairs if water reaches your door.",
        "Riverside and the streets around the station",
    ),
    "es": (
        "Inundación",
        "Inundación: cerrado también el paso de la estación",
        "El río sube más rápido. El paso subterráneo de la estación está bajo el agua; Mill Lane está cerrada.",
        "No entre en sótanos ni pasos subterráneos. Deje el coche. Suba si el agua llega a su puerta.",
        "La ribera y las calles de la estación",
    ),
    "ar": (
        "فيضان",
        "فيضان: أُغلق نفق المحطة أيضًا",
        "يرتفع النهر أسرع من المتوقع. نفق المحطة تحت الماء، وشارع ميل لين مغلق.",
        "ابتعدوا عن الأقبية والأنفاق. اتركوا السيارات مكانها. اصعدوا إذا وصل الماء إلى بابكم.",
        "ضفة النهر والشوارع حول المحطة",
    ),
}
AWAY: Final = {
    "en": (
        "Keep away",
        "Keep away from the gasworks site",
        "Diggers have found an old bomb. Experts take it away this evening. Gas Street is closed.",
        "Stay away from Gas Street. Who lives there gets word at the door.",
        "The gasworks site and Gas Street",
    )
}
SHELTER: Final = {
    "en": (
        "Stay inside",
        "Stay inside at the harbour school",
        "Practice with the school: an invented person with a weapon near the gate.",
        "Go inside now. Lock the door. Wait for word from us.",
        "The harbour school",
    )
}


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Let it happen. people: press officer, commander and approver."""
    room = _Room(agency, people, now)
    rings = room.beats()
    event = Event.objects.of(agency).filter(state="confirmed").order_by("pk").first()
    about = event.subject if event else ""
    flood = room.write(FLOOD, rings[:1], accounts=(FORCE, TRAFFIC, NEWSROOM), about=about)
    room.out(flood)
    room.send()
    update = alerting.follow(alert=flood, kind="Update", content=room.words(WIDER, rings[:2]), by=room.writer)
    room.out(update)
    room.send()
    waiting = room.write(AWAY, rings[-1:], accounts=(FORCE, NEWSROOM))
    alerting.submit(alert=waiting, by=room.writer)
    room.approve(waiting, room.commander)
    handle = PRACTICE.partition(":")[2]
    connect(agency=agency, kind="paper", details={"handle": handle}, secrets={}, by=room.writer)
    room.out(room.write(SHELTER, rings[:1], accounts=(PRACTICE,), exercise=True))
    room.send()


class _Room:
    """The people of the duty room at work."""

    def __init__(self, agency: Agency, people: Mapping[Role, User], now: datetime) -> None:
        self.agency = agency
        self.writer, self.commander, self.approver = (
            people[role] for role in (Role.PRESS_OFFICER, Role.COMMANDER, Role.APPROVER)
        )
        self.until = (now + timedelta(hours=10)).replace(minute=0, second=0, microsecond=0)

    def beats(self) -> list[tuple[tuple[float, float], ...]]:
        """Return the outlines of the force's beats, one each."""
        rows = Beat.objects.of(self.agency).standing().order_by("-code")
        return [from_geojson(row.shape, outlines=True)[0] for row in rows if row.shape]

    def words(self, said: Mapping[str, tuple[str, ...]], rings: list[tuple[tuple[float, float], ...]]) -> Content:
        """Return an alert in every language it is said in."""
        facts = Info(
            category=("Safety",),
            response=("Avoid",),
            urgency="Immediate",
            severity="Severe",
            certainty="Observed",
            expires=self.until,
        )
        return Content(
            tuple(
                replace(
                    facts,
                    language=language,
                    event=event,
                    headline=headline,
                    description=description,
                    instruction=instruction,
                    areas=(Area(place, tuple(rings)),),
                )
                for language, (event, headline, description, instruction, place) in said.items()
            )
        )

    def write(
        self,
        said: Mapping[str, tuple[str, ...]],
        rings: list[tuple[tuple[float, float], ...]],
        *,
        accounts: tuple[str, ...],
        exercise: bool = False,
        about: str = "",
    ) -> Alert:
        """Begin an alert."""
        return alerts.draft(
            agency=self.agency,
            content=self.words(said, rings),
            accounts=accounts,
            exercise=exercise,
            about=about,
            by=self.writer,
        )

    def approve(self, alert: Alert, *people: User) -> None:
        """Let each of them approve what stands there."""
        for each in people:
            alerting.approve(alert=alert, digest=alerting.bound_of(alert.newest).digest, by=each)

    def out(self, alert: Alert) -> None:
        """Submit, approve, publish."""
        alerting.submit(alert=alert, by=self.writer)
        self.approve(alert, self.commander, self.approver)
        alert.refresh_from_db()
        alerting.publish(alert=alert, by=self.writer)

    def send(self) -> None:
        """Let what is due leave, as the worker does."""
        sending.send_waiting()
        publication.settle_messages()
