"""Builds the demonstration agency: its people, its record, two earlier assessments that are frozen and signed, and the one of today.

It uses the same verbs as the desk: nothing here writes a row that a person could not have made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import yaml

from callbox.config.demo import (
    alerts,
    archives,
    beats,
    coding,
    drills,
    events,
    incidents,
    messages,
    moderation,
    partners,
    peers,
    purpose,
    residents,
    roster,
    subscribers,
    tips,
    watches,
)
from callbox.config.demo import record as invented
from callbox.governance.members import add_member, create_agency
from callbox.maturity import queries
from callbox.maturity.models import Assessment, Attestation
from callbox.maturity.roadmap.proposal import one_level_up
from callbox.maturity.services import (
    accounts,
    assessments,
    comparing,
    evidence,
    measuring,
    planning,
    review,
    statements,
)
from callbox.maturity.services.comment_policy import POLICY
from callbox.networks.accounts.services import Details
from callbox.people.models import Agency, User
from callbox.people.roles import Role

#: The password of everybody in the demonstration, which only serves this machine.
PASSWORD = "callbox-demo"  # noqa: S105 - printed on the sign-in page of the demonstration
BY = "system: demonstration"
#: Who works here: role, name and address.
PEOPLE = (
    (Role.CHIEF, "Ellen Marsh", "chief@riverton.example"),
    (Role.ASSESSOR, "Sam Okafor", "press@riverton.example"),
    (Role.EVIDENCE_OWNER, "Mina Haddad", "records@riverton.example"),
    (Role.REVIEWER, "Paul Lindqvist", "reviewer@riverton.example"),
    (Role.AUDITOR, "Judith Amsel", "auditor@riverton.example"),
    (Role.VIEWER, "Tom Becker", "council@riverton.example"),
    (Role.ADMINISTRATOR, "Rosa Marín", "admin@riverton.example"),
    (Role.PRESS_OFFICER, "Nora Quist", "news@riverton.example"),
    (Role.APPROVER, "Amir Doyle", "inspector@riverton.example"),
    (Role.OFFICER, "Luis Ferro", "officer@riverton.example"),
    (Role.ANALYST, "Hanna Weiss", "analyst@riverton.example"),
    (Role.RECORDS_OFFICER, "Grace Obi", "keeper@riverton.example"),
    (Role.COMMANDER, "Viktor Lang", "commander@riverton.example"),
    (Role.LEGAL_ADVISER, "Ines Duarte", "counsel@riverton.example"),
)
#: When the force looked at itself: days before today, and what the assessment is called.
ROUNDS = ((364, "First assessment"), (182, "Half-year review"), (0, "Today's record"))
#: What the force states of its accounts from the second and from the third assessment on: administrators, linked from its website.
ACCOUNTS = {
    2: {"x:RivertonPolice": (1, True), "facebook:rivertonpolice": (2, True)},
    3: {"x:RivertonPolice": (2, True), "mastodon:police@social.riverton.example": (1, True)},
}
#: What the force states of the accounts that Callbox itself serves, once they are connected: whether they are official.
SERVED = {messages.FORCE: True, messages.TRAFFIC: True, messages.NEWSROOM: True, alerts.PRACTICE: False}
#: The assessment from which on two people label a sample of posts.
CODED_FROM = 2
#: What the force says of itself, beside what is measured.
DECLARED = {"V1": 3, "V2": 3, "V3": 4, "V5": 4, "T1": 3, "T2": 3, "T4": 3, "C1": 2, "C6": 2, "I1": 2, "O3": 2, "O4": 2}
#: Targets: practice, level, days from today.
TARGETS = (("V2", 3, 120), ("V5", 3, 90), ("T1", 3, 180), ("T2", 3, 150), ("C1", 2, 120), ("O4", 3, 200))


#: Hours a month the force gives to its plan.
BUDGET = 60


class Evidence(NamedTuple):
    """One document of the force. since: number of the assessment from which on it existed."""

    condition: str
    title: str
    since: int


@dataclass(frozen=True)
class Cast:
    """The agency and its people by role."""

    agency: Agency
    people: dict[Role, User]


@cache
def documents() -> tuple[Evidence, ...]:
    """Return the documents of the force."""
    text = files(__package__).joinpath("evidence.yaml").read_text(encoding="utf-8")
    return tuple(Evidence(*row) for row in yaml.safe_load(text))


def build(*, now: datetime, say: Callable[[str], None] = lambda _line: None) -> Agency:
    """Build the agency into an empty database and return it. now: the end of its record.

    say: called with each thing that begins.
    """
    say("Inventing a police force and its people")
    cast = _people()
    record = invented.make(until=now.astimezone(UTC))
    statements.declare(
        agency=cast.agency, levels=DECLARED, by=cast.people[Role.ASSESSOR], note="Annual self-description"
    )
    for number, (days, title) in enumerate(ROUNDS, start=1):
        moment = now - timedelta(days=days)
        say(f"{title}: two people and the record as of {moment.date()}")
        _attest(cast, number, moment.date())
        _state_accounts(cast, number)
        found = _assess(cast, record.before(moment), title, live=days == 0)
        if number >= CODED_FROM:
            coders = (cast.people[Role.ASSESSOR], cast.people[Role.CHIEF])
            coding.double_code(found, record.before(moment), *coders)
        if days > 0:
            _freeze(cast, found)
    for practice, level, days in TARGETS:
        statements.set_target(
            agency=cast.agency,
            practice=practice,
            level=level,
            due=(now + timedelta(days=days)).date(),
            by=cast.people[Role.CHIEF],
        )
    _loose_ends(cast, now.date())
    say("A week of the press office")
    messages.build(cast.agency, cast.people, now=now)
    purpose.build(cast.agency, cast.people, now=now)
    beats.build(cast.agency, cast.people, now=now)
    subscribers.build(cast.agency)
    say("Residents write, officers answer, tips come in")
    residents.build(cast.agency, cast.people, now=now)
    tips.build(cast.agency, cast.people[Role.ANALYST], now=now)
    moderation.build(cast.agency, cast.people, now=now)
    say("What may be listened for")
    events.build(cast.agency, cast.people, watches.build(cast.agency, cast.people, now=now), now=now)
    roster.build(cast.agency, cast.people, now=now)
    say("A main bursts, and a drill is held")
    incidents.build(cast.agency, cast.people, now=now)
    drills.build(cast.agency, cast.people, now=now)
    say("Millbrook next door is a partner")
    partners.build(cast.agency, cast.people, now=now)
    say("The river rises: an alert with its update, and an exercise")
    alerts.build(cast.agency, cast.people, now=now)
    say("The record, with what the desk wrote down itself")
    _measure_today(cast)
    _plan_and_peers(cast, now)
    return cast.agency


def _people() -> Cast:
    agency = create_agency(
        slug="riverton",
        by=BY,
        name="Riverton Police",
        size="25-99",
        time_zone="Europe/London",
        languages=["en", "es", "ar"],
        phone="555 0100",
    )
    people = {
        role: add_member(agency=agency, email=email, name=name, role=role, password=PASSWORD, by=BY).user
        for role, name, email in PEOPLE
    }
    other = create_agency(slug="lakeside", by=BY, name="Lakeside Police", size="under-25")
    add_member(
        agency=other, email="chief@lakeside.example", name="Dan Whitlock", role=Role.CHIEF, password=PASSWORD, by=BY
    )
    return Cast(agency, people)


def _attest(cast: Cast, number: int, day: date) -> None:
    """Add or renew the evidence that existed at one assessment; a second person reviews it."""
    folder = files(__package__)
    earlier = {row.condition: row for row in Attestation.objects.of(cast.agency).filter(state="reviewed")}
    for document in documents():
        if document.since > number:
            continue
        text = f"{document.title}\n\nRiverton Police, invented for the demonstration of Callbox.\n"
        if document.condition == POLICY:
            text = folder.joinpath("comment_policy.txt").read_text(encoding="utf-8")
        row = evidence.propose(
            agency=cast.agency,
            claim=evidence.Claim(
                condition=document.condition,
                practice=document.condition.partition(".")[0],
                title=document.title,
                begins=day - timedelta(days=20),
            ),
            owner=cast.people[Role.EVIDENCE_OWNER],
            by=cast.people[Role.EVIDENCE_OWNER],
            document=(f"{document.condition}.txt", [text.encode()]),
            replaces=earlier.get(document.condition),
        )
        evidence.review(attestation=row, by=cast.people[Role.REVIEWER])


def _state_accounts(cast: Cast, number: int) -> None:
    for account, (admins, linked) in ACCOUNTS.get(number, {}).items():
        accounts.state(
            agency=cast.agency,
            account=account,
            details=Details(
                official=True, owner="Sam Okafor", admins=admins, second_factor=True, linked=linked, shown=True
            ),
            by=cast.people[Role.ASSESSOR],
        )


def _assess(cast: Cast, record: invented.Record, title: str, *, live: bool) -> Assessment:
    with tempfile.TemporaryDirectory(prefix="callbox-demo-") as folder:
        paths = archives.write(Path(folder), record)
        found = assessments.start_from_files(
            agency=cast.agency,
            title=title,
            files=[assessments.Incoming(path.name, [path.read_bytes()]) for path in paths],
            by=cast.people[Role.ASSESSOR],
            live=live,
        )
    measuring.measure_waiting()
    found = Assessment.objects.get(pk=found.pk)
    if found.state != "measured":
        raise RuntimeError(f"the demonstration could not be measured: {found.why}")
    return found


def _measure_today(cast: Cast) -> None:
    """Measure today's record anew: what the desk wrote down since is part of it."""
    for account, official in SERVED.items():
        details = Details(official=official, owner="Sam Okafor", admins=2, second_factor=True, linked=official)
        accounts.state(agency=cast.agency, account=account, details=details, by=cast.people[Role.ASSESSOR])
    newest = queries.current(cast.agency)
    if newest is None:
        raise RuntimeError("the demonstration has no assessment to measure anew")
    assessments.measure_again(assessment=newest, by=cast.people[Role.ASSESSOR])
    measuring.measure_waiting()


def _freeze(cast: Cast, found: Assessment) -> None:
    found = Assessment.objects.get(pk=found.pk)
    review.submit(assessment=found, by=cast.people[Role.ASSESSOR])
    levels = [practice.id for practice in review.to_confirm(found)]
    review.review_levels(assessment=found, confirmed=levels, questioned={}, by=cast.people[Role.REVIEWER])
    review.freeze(assessment=found, by=cast.people[Role.CHIEF])


def _plan_and_peers(cast: Cast, now: datetime) -> None:
    """Choose a roadmap from today's assessment, and merge what seven invented agencies have shared."""
    assessment = queries.current(cast.agency)
    profile = assessment.profile if assessment else None
    if assessment is None or profile is None:
        raise RuntimeError("the demonstration has no profile to plan from")
    plan = planning.choose(
        assessment=assessment,
        wish=one_level_up(profile),
        budget=BUDGET,
        begins=now.date(),
        by=cast.people[Role.CHIEF],
    )
    for step, role in zip(plan.steps.all(), (Role.ASSESSOR, Role.EVIDENCE_OWNER, Role.CHIEF), strict=False):
        planning.assign(step=step, owner=cast.people[role], by=cast.people[Role.CHIEF])
    comparing.receive(
        agency=cast.agency, incoming=peers.files(band=profile.band, now=now), by=cast.people[Role.ASSESSOR]
    )


def _loose_ends(cast: Cast, today: date) -> None:
    """What waits on somebody's desk: evidence for the second person, an exemption for the chief."""
    evidence.propose(
        agency=cast.agency,
        claim=evidence.Claim(
            condition="V2.3.leavers",
            practice="V2",
            title="Checklist for people who leave",
            begins=today - timedelta(days=5),
            link="https://intranet.riverton.example/leavers",
        ),
        owner=cast.people[Role.EVIDENCE_OWNER],
        by=cast.people[Role.EVIDENCE_OWNER],
    )
    statements.ask_exemption(
        agency=cast.agency,
        practice="V6",
        why="The translation contract starts in spring",
        ends=today + timedelta(days=150),
        by=cast.people[Role.ASSESSOR],
    )
