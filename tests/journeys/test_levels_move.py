"""A level changes because the work changed, through the real services and nothing else moves.

Answers given in time raise T3 from its threshold; a post made outside Callbox without a description lowers V5; settled tips raise I4;
slow first words lower O1. Intelligence that is well run leads trust and collaboration by one level and no more.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from callbox.flows import arrival, publication
from callbox.intelligence.models import Match, Sighting
from callbox.maturity.models import Assessment
from callbox.maturity.scoring.profile import AreaResult
from callbox.maturity.services import assessments, evidence, measuring
from callbox.networks.connections import services as connections
from callbox.networks.deliveries import sending
from callbox.networks.items import collect
from callbox.networks.models import Connection, Delivery, Item
from callbox.networks.paper.files import Files
from callbox.networks.paper.network import PaperSession
from callbox.networks.vocabulary import Content
from callbox.operations.services import first_word, incidents
from callbox.people.models import User
from callbox.people.roles import Role
from callbox.trust.models import Conversation
from callbox.trust.services import answers
from callbox.trust.tips import desk, intake
from callbox.trust.tips.models import Tip
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.intelligence.watches.hands import allowed, make_room
from tests.people import Cast, person
from tests.trust.tips import keys

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: A Monday.
BEGIN = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def account(cast: Cast) -> Connection:
    return connections.connect(agency=cast.agency, kind="paper", details={"handle": "harbour"}, secrets={}, by=cast.bob)


def dropped(where: Connection, text: str, *, author: str, alt: str | None = None) -> None:
    """Put a post onto the network as somebody would with its own program."""
    media = [] if alt is None else [{"kind": "image", "alt": alt}]
    folder = Path(settings.DATA) / "paper"
    PaperSession(Files(folder, where.handle), where.handle).drop(text, author=author, media=media, at=timezone.now())


def asked_and_answered(cast: Cast, where: Connection, *, at: datetime, after: timedelta, who: str) -> None:
    with time_machine.travel(at, tick=False):
        dropped(where, f"@harbour when does the bridge open? {who}", author=who)
        collect.collect_due(arrival.arrived)
    with time_machine.travel(at + after, tick=False):
        answers.answer(conversation=Conversation.objects.get(person=f"paper:{who}"), text="At six.", by=cast.bob)
        sending.send_waiting()


def attested(cast: Cast, condition: str) -> None:
    claim = evidence.Claim(
        condition=condition,
        practice=condition.partition(".")[0],
        title="Written down",
        begins=timezone.now().date() - DAY,
        link="https://harbour.example/policy",
    )
    evidence.review(
        attestation=evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol), by=cast.alice
    )


def levels(cast: Cast) -> dict[str, int | None]:
    """Measure the agency's own record now and return the level that each practice shows."""
    assessment = Assessment.objects.filter(agency=cast.agency).first()
    if assessment is None:
        assessment = assessments.start_from_own_record(agency=cast.agency, title="Our record", by=cast.alice)
    else:
        assessments.measure_again(assessment=assessment, by=cast.alice)
    measuring.measure_waiting()
    profile = Assessment.objects.get(pk=assessment.pk).profile
    assert profile is not None
    return {practice.id: practice.shown for practice in profile.practices}


def area(cast: Cast, name: str) -> AreaResult:
    """Return what the last measured profile shows of an area."""
    profile = Assessment.objects.get(agency=cast.agency).profile
    assert profile is not None
    return next(each for each in profile.areas if each.id == name)


def moved(before: dict[str, int | None], after: dict[str, int | None]) -> dict[str, tuple[int | None, int | None]]:
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def test_answers_given_in_time_raise_the_time_to_the_first_reply_from_its_threshold(cast: Cast) -> None:
    with time_machine.travel(BEGIN, tick=False):
        where = account(cast)
    for number in range(5):
        asked_and_answered(
            cast, where, at=BEGIN + number * DAY, after=2 * HOUR + timedelta(minutes=1), who=f"slow{number}"
        )
    with time_machine.travel(BEGIN + 7 * DAY, tick=False):
        before = levels(cast)
    assert before["T3"] == 3  # a minute over the two hours of level 4
    for number in range(15):
        asked_and_answered(cast, where, at=BEGIN + (8 + number) * DAY, after=2 * HOUR, who=f"quick{number}")
    with time_machine.travel(BEGIN + 24 * DAY, tick=False):
        assert moved(before, levels(cast)) == {"T3": (3, 4)}
    assert Delivery.objects.filter(state="sent").count() == 20


def test_an_answer_that_never_leaves_raises_nothing(cast: Cast) -> None:
    with time_machine.travel(BEGIN, tick=False):
        where = account(cast)
    for number in range(5):
        with time_machine.travel(BEGIN + number * DAY, tick=False):
            dropped(where, "@harbour hello?", author=f"mia{number}")
            collect.collect_due(arrival.arrived)
            answers.answer(conversation=Conversation.objects.get(person=f"paper:mia{number}"), text="Yes?", by=cast.bob)
    with time_machine.travel(BEGIN + 7 * DAY, tick=False):
        before = levels(cast)
    assert before["T3"] == 1  # asked and labelled, and nothing could be read yet
    with time_machine.travel(BEGIN + 7 * DAY, tick=False):
        sending.send_waiting()
    with time_machine.travel(BEGIN + 8 * DAY, tick=False):
        assert moved(before, levels(cast)) == {}  # read a week later: too late for any level


def test_a_post_made_outside_callbox_without_a_description_is_collected_and_lowers_access(cast: Cast) -> None:
    with time_machine.travel(BEGIN, tick=False):
        where = account(cast)
        attested(cast, "V5.3.videos.unless")
    for number in range(30):
        with time_machine.travel(BEGIN + number * DAY, tick=False):
            dropped(where, "The new ferry", author="harbour", alt="A white ferry at the pier")
    with time_machine.travel(BEGIN + 30 * DAY, tick=False):
        collect.collect_due(arrival.arrived)
        before = levels(cast)
    assert before["V5"] == 3
    with time_machine.travel(BEGIN + 31 * DAY, tick=False):
        dropped(where, "Look at this", author="harbour", alt="")
        collect.collect_due(arrival.arrived)
        assert Item.objects.own_posts().count() == 31
        assert moved(before, levels(cast)) == {"V5": (3, 2)}


def test_tips_that_are_settled_raise_their_handling(cast: Cast) -> None:
    with time_machine.travel(BEGIN, tick=False):
        attested(cast, "I4.1.inbox")
        identity = pyrage.x25519.Identity.generate()
        keys.in_use(cast.agency, identity.to_public(), by=cast.bob)
        for number in range(32):
            intake.receive(agency=cast.agency, text=f"A van at the mill, {number}")
    with time_machine.travel(BEGIN + 2 * DAY, tick=False):
        for tip in Tip.objects.all():
            desk.read(agency=cast.agency, tip=tip, by=cast.alice)
    with time_machine.travel(BEGIN + 10 * DAY, tick=False):
        before = levels(cast)
    assert before["I4"] == 1
    with time_machine.travel(BEGIN + 10 * DAY, tick=False):
        for tip in Tip.objects.all():
            desk.settle(
                agency=cast.agency, tip=tip, outcome=Tip.Outcome.USEFUL, minutes=4 * 24 * 60, told=None, by=cast.alice
            )
        assert moved(before, levels(cast)) == {"I4": (1, 2)}


def told_of(cast: Cast, where: Connection, press: User, *, at: datetime, after: timedelta, number: int) -> None:
    """Open an incident at that time, and let the first official word be out some time after."""
    with time_machine.travel(at, tick=False):
        incident = incidents.open_incident(
            agency=cast.agency, title=f"A burst pipe, {number}", flagged_at=at, by=cast.bob
        )
    with time_machine.travel(at + after, tick=False):
        content = Content(text=f"Mill Road is closed, notice {number}.", title="Mill Road")
        message = messages.draft(agency=cast.agency, content=content, accounts=[where.account], by=press)
        publication.submit(message=message, by=press)
        publication.approve(
            message=Message.objects.get(pk=message.pk), digest=publication.bound_of(message.newest).digest, by=cast.bob
        )
        sending.send_waiting()
        first_word.choose(incident=incident, subject=message.subject, by=cast.bob)
        incidents.close(incident=incident, review="Mended.", by=cast.bob)


def test_slow_first_words_lower_the_first_official_word(cast: Cast) -> None:
    press = person("Nora", cast.agency, Role.PRESS_OFFICER)
    with time_machine.travel(BEGIN, tick=False):
        where = account(cast)
    for number in range(6):
        told_of(cast, where, press, at=BEGIN + number * DAY, after=timedelta(minutes=14), number=number)
    with time_machine.travel(BEGIN + 7 * DAY, tick=False):
        before = levels(cast)
    assert before["O1"] == 5
    for number in range(6, 26):
        told_of(cast, where, press, at=BEGIN + (number + 1) * DAY, after=timedelta(minutes=90), number=number)
    with time_machine.travel(BEGIN + 28 * DAY, tick=False):
        after = levels(cast)
    assert after["O1"] == 2
    assert {name: pair for name, pair in moved(before, after).items() if name.startswith("O")} == {"O1": (5, 2)}


def test_intelligence_cannot_outrun_trust(cast: Cast) -> None:
    papers = (
        *("I1.1.draft", "I1.1.off", "I1.2.elements", "I1.2.tiers", "I2.1.off", "I3.1.schedule", "I4.1.inbox"),
        *("I5.1.text", "I6.1.themes", "I6.2.report"),
    )
    with time_machine.travel(BEGIN, tick=False):
        room = make_room(cast)
        watch, now = allowed(room), timezone.now()
        kept = Sighting.objects.create(
            agency=cast.agency, source=room.source, key="a", pseudonym="p", text="The river rises.", at=now, seen_at=now,
            review_by=(now + 90 * DAY).date(),
        )  # fmt: skip
        Match.objects.create(watch=watch, sighting=kept, digest=watch.newest.digest, words=["river"], at=now)
        for condition in papers:
            attested(cast, condition)
        identity = pyrage.x25519.Identity.generate()
        keys.in_use(cast.agency, identity.to_public(), by=cast.bob)
        for number in range(32):
            tip = intake.receive(agency=cast.agency, text=f"A van at the mill, {number}")
            assert tip
        for row in Tip.objects.all():
            desk.read(agency=cast.agency, tip=row, by=cast.alice)
            desk.settle(
                agency=cast.agency, tip=row, outcome=Tip.Outcome.USEFUL, minutes=4 * 24 * 60, told=None, by=cast.alice
            )
    with time_machine.travel(BEGIN + 9 * DAY, tick=False):
        shown = levels(cast)
        by_itself = {name: shown[name] for name in ("I1", "I2", "I3", "I4", "I6")}
        assert min(level or 0 for level in by_itself.values()) >= 2, by_itself
        assert area(cast, "trust").shown == 0
        held = area(cast, "intelligence")
        assert held.shown == 1
        assert [reason.code for reason in held.reasons] == ["held_by_dependency"]
