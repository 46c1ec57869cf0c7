"""A week of the press office: what was said, corrected, planned and is being written, by the verbs its people use.

Everything goes to accounts on paper and to the force's own newsroom, so nothing leaves this machine.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from callbox.flows import publication
from callbox.governance import emergency
from callbox.governance.models import LoneApproval
from callbox.networks.connections.services import connect
from callbox.networks.contract import UnclearError
from callbox.networks.deliveries import outcome, sending
from callbox.networks.deliveries.models import Delivery
from callbox.networks.translations import translated
from callbox.networks.vocabulary import Content, Media, Translation
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import media, messages

#: Accounts of the force that write into files: the force, and its traffic desk. Its newsroom is its own page.
FORCE, TRAFFIC, NEWSROOM = "paper:riverton-police", "paper:riverton-traffic", "newsroom:riverton"


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Connect the accounts and let the week happen. people: a press officer, an officer or chief, and an approver."""
    keeper = people[Role.PRESS_OFFICER]
    for account in (FORCE, TRAFFIC):
        connect(agency=agency, kind="paper", details={"handle": account.partition(":")[2]}, secrets={}, by=keeper)
    connect(agency=agency, kind="newsroom", details={}, secrets={}, by=keeper)
    office = _Office(agency, people, now)
    office.out_and_corrected()
    office.out_with_an_image()
    office.planned()
    office.waiting_again()
    office.being_written()
    office.unclear()
    if Role.CHIEF in people:
        office.alone(people[Role.CHIEF])


class _Office:
    """The people of the press office at work."""

    def __init__(self, agency: Agency, people: Mapping[Role, User], now: datetime) -> None:
        self.agency, self.now = agency, now
        self.writer, self.approver = people[Role.PRESS_OFFICER], people[Role.APPROVER]

    def hour(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return an hour on the force's clocks, some days from today."""
        local = self.now.astimezone(ZoneInfo(self.agency.time_zone)) + timedelta(days=days)
        return local.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def write(self, content: Content, *accounts: str, due: datetime | None = None) -> Message:
        return messages.draft(agency=self.agency, content=content, accounts=accounts, due=due, by=self.writer)

    def approve(self, message: Message) -> None:
        """Hand it to the second person, who lets exactly this go."""
        publication.submit(message=message, by=self.writer)
        digest = publication.bound_of(message.newest).digest
        publication.approve(message=message, digest=digest, by=self.approver)

    def send(self) -> None:
        """Let what is due leave, as the worker does."""
        sending.send_waiting()
        publication.settle_messages()

    def out_and_corrected(self) -> None:
        said = (
            "Bridge Street is closed between Mill Lane and the station until 18:00. Buses 4 and 7 stop at the market."
        )
        spanish = Translation(
            "es",
            "Bridge Street está cerrada entre Mill Lane y la estación hasta las 18:00. Los autobuses 4 y 7 paran en el mercado.",
            "Bridge Street, cerrada",
        )
        arabic = Translation("ar", "شارع بريدج مغلق بين ميل لين والمحطة حتى الساعة 18:00.", "إغلاق شارع بريدج")
        content = Content(said, title="Bridge Street closed", translations=(spanish, arabic))
        message = self.write(content, FORCE, TRAFFIC, NEWSROOM)
        self.approve(message)
        self.send()
        message.refresh_from_db()
        renewed = Translation("es", spanish.text.replace("18:00", "20:00"), "Bridge Street, cerrada hasta las 20:00")
        kept = translated(message.newest.written, "ar")  # nobody had time for it: it is shown with that note
        better = Content(
            said.replace("18:00", "20:00"),
            title="Bridge Street closed until 20:00",
            translations=(renewed, *([kept] if kept else [])),
        )
        self.approve(publication.correct(message=message, content=better, by=self.writer))
        self.send()

    def out_with_an_image(self) -> None:
        words = "Found in River Park: a child's blue bicycle with a white basket. Is it yours? The front desk keeps it."
        alt = "A small blue bicycle with a white basket on its handlebars, leaning against a wall."
        content = Content(words, title="Found: a blue bicycle", media=(self.image("bicycle.png", alt),))
        self.approve(self.write(content, FORCE, NEWSROOM))
        self.send()

    def planned(self) -> None:
        words = "Bike marking on Saturday from 10:00 to 13:00 on Market Square. Bring your bicycle and something with your name on it."
        content = Content(
            words,
            title="Bike marking on Saturday",
            own={
                TRAFFIC: "Bike marking: Saturday 10:00 to 13:00, Market Square. Marked bicycles come back more often."
            },
        )
        self.approve(self.write(content, FORCE, TRAFFIC, due=self.hour(2, 17, 30)))

    def waiting_again(self) -> None:
        """Sent back once, so that the approver reads what is new."""
        first = Content(
            "Callers pretend to be from the police and ask for your bank card. We never do that. Hang up.",
            title="False police officers on the telephone",
        )
        due = self.hour(1, 9)
        message = self.write(first, FORCE, due=due)
        publication.submit(message=message, by=self.writer)
        publication.send_back(message=message, why="Say what people should do after they hang up.", by=self.approver)
        second = Content(
            "Callers pretend to be from the police and ask for your bank card or your PIN. We never do that. "
            "Hang up, then call us on the number you know.",
            title=first.title,
        )
        messages.save(message=message, content=second, accounts=[FORCE], due=due, expires=None, seen=1, by=self.writer)
        publication.submit(message=message, by=self.writer)

    def being_written(self) -> None:
        content = Content("The summer fair begins on Friday. Here is how to", media=(self.image("fair.png", ""),))
        self.write(content, FORCE, due=self.hour(4, 12))

    def unclear(self) -> None:
        """The line broke while one of two copies was sent."""
        words = "A water main has burst in Mill Lane. The road is closed for cars; on foot you get through."
        message = self.write(Content(words, title="Mill Lane closed"), FORCE, TRAFFIC)
        self.approve(message)
        broken = Delivery.objects.of(self.agency).about(message.subject).get(connection__account=TRAFFIC)
        claimed = sending.claim(broken.pk)
        if claimed is None:
            raise RuntimeError("the demonstration could not claim its delivery")
        sending.settle(claimed, outcome.of_error(UnclearError("the line broke before an answer came"), attempts=1))
        self.send()

    def alone(self, chief: User) -> None:
        """Two nights with one person on duty: one warning a second person has looked at since, one nobody has."""
        emergency.set_rule(
            agency=self.agency,
            roles=[Role.PRESS_OFFICER.value, Role.CHIEF.value],
            kinds=["public", "correction"],
            hours=24,
            why="At night one person is on duty. Decided after the gas leak, when a warning waited for forty minutes.",
            by=chief,
        )
        gas = "Gas leak in Foundry Road: leave the houses 2 to 40 now, leave lights as they are. Meet at the library."
        night = "Nobody else answered the telephone at half past two."
        reviewed = self.send_alone(Content(gas, title="Gas leak in Foundry Road", urgent=True), night)
        found = "The words came from the fire service's log. We now keep a second number for the night."
        emergency.review(row=reviewed, finding="right", said=found, by=self.approver)
        missing = "Missing since 21:00 from Elm Court: a man of 82 in a grey dressing gown, who may be confused. Seen him? Call 999."
        self.send_alone(
            Content(missing, title="Missing from Elm Court", urgent=True),
            "Below zero tonight, and the approver was on a train.",
        )

    def send_alone(self, content: Content, why: str) -> LoneApproval:
        message = self.write(content, FORCE, NEWSROOM)
        digest = publication.bound_of(message.newest).digest
        given = publication.send_alone(message=message, digest=digest, why=why, by=self.writer)
        self.send()
        return given

    def image(self, name: str, alt: str) -> Media:
        """Draw a picture and keep it as the desk does with an upload."""
        row = media.add(agency=self.agency, name=name, chunks=[_bicycle()], by=self.writer)
        return Media(row.sha256, "image", row.type, row.size, alt=alt, width=row.width, height=row.height)


def _bicycle() -> bytes:
    """Return a drawing of a bicycle as PNG."""
    picture = Image.new("RGB", (800, 500), "#e9e2d2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 400, 800, 500), fill="#c9bfa9")
    for x in (130, 450):
        pen.ellipse((x, 220, x + 200, 420), outline="#333333", width=10)
    for line in (
        (230, 320, 350, 200),
        (350, 200, 500, 200),
        (500, 200, 390, 320),
        (390, 320, 230, 320),
        (500, 180, 550, 320),
        (350, 200, 390, 320),
    ):
        pen.line(line, fill="#2b5fa8", width=14)
    pen.rectangle((500, 110, 600, 180), fill="#ffffff", outline="#999999", width=4)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
