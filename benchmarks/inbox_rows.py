"""What `benchmarks.inbox` runs in processes of their own: conversations, made at once, and the requests."""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import batched
from typing import Any, Final

#: Requests of each kind; the first one is not counted.
RUNS: Final = 40
STATES: Final = {"new": 5, "claimed": 2, "answered": 55, "closed": 38}
DOORS: Final = {"mention": 55, "comment": 30, "enquiry": 15}
STREETS: Final = (
    "Harbour Street",
    "Mill Road",
    "Market Square",
    "Station Way",
    "Church Lane",
    "Bridge Street",
    "Dock Road",
)
MATTERS: Final = (
    "When will {} be open again?", "Somebody broke into our cellar in {} last night, whom do I tell?", "Cars race along {} every night.",
    "Is the market in {} safe on Saturday?", "I lost my wallet near {}.", "Thank you for the quick help in {}!",
    "Why was there a helicopter over {}?", "Who is my officer for {}?", "The lights at {} are broken again.",
)  # fmt: skip


def build(count: int) -> None:
    """Make two agencies; the first gets `count` conversations with three lines each, the other a tenth."""
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from callbox.networks.connections.models import Connection  # noqa: PLC0415
    from callbox.networks.connections.services import vault  # noqa: PLC0415
    from callbox.people.models import Agency  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415
    from tests.people.cast import person  # noqa: PLC0415

    dice, now = random.Random(17), timezone.now()  # the same rows every time
    for slug, many in (("harbour", count), ("valley", count // 10)):
        agency = Agency.objects.create(slug=slug, name=f"{slug.title()} Police")
        people = [person(f"{name}-{slug}", agency, Role.PRESS_OFFICER) for name in ("Pia", "Paul", "Petra")]
        accounts = [
            Connection.objects.create(
                agency=agency, account=f"mastodon:{slug}-{number}@social.example", details={"server": "https://social.example"},
                sealed=vault().seal({"token": "none"}), by=people[0], at=now,
            )
            for number in range(3)
        ]  # fmt: skip
        for numbers in batched(range(many), 1000):
            with transaction.atomic():
                _some(numbers, agency, people, accounts, dice, now)
    with connection.cursor() as cursor:  # as every database does by itself in time
        cursor.execute("ANALYZE")


def _some(numbers: Any, agency: Any, people: Any, accounts: Any, dice: random.Random, now: Any) -> None:
    from callbox.networks.items.models import Item  # noqa: PLC0415
    from callbox.trust.models import Conversation, Line  # noqa: PLC0415

    rows, items, lines = [], [], []
    for number in numbers:
        state, door = _one(STATES, dice), _one(DOORS, dice)
        account = None if door == "enquiry" else dice.choice(accounts)
        at = now - timedelta(
            minutes=dice.randrange(700_000) if state in {"answered", "closed"} else dice.randrange(20_000)
        )
        waits = state in {"new", "claimed"}
        row = Conversation(
            agency=agency, connection=account, thread=f"thread-{number}", door=door, topic=_words(dice),
            person=f"resident{number % 40_000}@social.example" if account else "", language="en", state=state,
            owner=None if state == "new" else dice.choice(people), urgent=waits and dice.random() < 0.03, opened_at=at,
            last_at=at + timedelta(minutes=dice.randrange(3000)), waits_since=at if waits else None,
            replied_at=None if waits else at + timedelta(minutes=dice.randrange(1000)),
        )  # fmt: skip
        rows.append(row)
        item = None
        if waits and account:
            item = Item(
                agency=agency,
                connection=account,
                remote_id=f"status-{number}",
                author=row.person,
                text=row.topic,
                at=at,
                seen_at=at,
            )
            items.append(item)
        spoken = ("resident", "note", "resident") if waits else ("resident", "answer", "resident")
        lines += [
            Line(
                conversation=row, kind=kind, text=row.topic if kind == "resident" else "We will look into it and write again.",
                by=None if kind == "resident" else people[0], item=item if place == 0 else None, at=at + timedelta(minutes=place),
            )
            for place, kind in enumerate(spoken)
        ]  # fmt: skip
    Conversation.objects.bulk_create(rows)
    Item.objects.bulk_create(items)
    Line.objects.bulk_create(lines)


def _one(shares: dict[str, int], dice: random.Random) -> str:
    return dice.choices(list(shares), list(shares.values()))[0]


def _words(dice: random.Random) -> str:
    return dice.choice(MATTERS).format(f"{dice.choice(STREETS)} {dice.randrange(200)}")


def measure() -> list[dict[str, Any]]:
    """Ask for every page, claim and answer; return the times of each."""
    from callbox.cli.django import start  # noqa: PLC0415

    start()
    from django.test import Client  # noqa: PLC0415

    from callbox.people.models import User  # noqa: PLC0415
    from callbox.trust.models import Conversation  # noqa: PLC0415

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(email="pia-harbour@harbour.example"))
    free = Conversation.objects.filter(agency__slug="harbour", state="new").order_by("pk")
    pks = list(free.values_list("pk", flat=True)[: RUNS * 2])
    home = "/a/harbour/inbox/"
    pages = {
        "waiting": lambda _: client.get(home),
        "waiting, page 20": lambda _: client.get(f"{home}?page=20"),
        "claimed by me": lambda _: client.get(f"{home}?show=mine"),
        "answered": lambda _: client.get(f"{home}?show=answered"),
        "answered, page 900": lambda _: client.get(f"{home}?show=answered&page=900"),
        "closed": lambda _: client.get(f"{home}?show=closed"),
        "all": lambda _: client.get(f"{home}?show=all"),
        "words, many found": lambda _: client.get(f"{home}?show=all&words=harbour"),
        "words, few found": lambda number: client.get(f"{home}?show=all&words=Mill Road {number}"),
        "words, none found": lambda number: client.get(f"{home}?show=all&words=nowhere{number}"),
        "a conversation": lambda number: client.get(f"{home}{pks[number]}/"),
        "claim": lambda number: client.post(f"{home}{pks[number]}/claim/"),
        "answer": lambda number: client.post(
            f"{home}{pks[number]}/answer/", {"text": "We will look into it and write again."}
        ),
    }
    return [{"what": name, **_times(ask)} for name, ask in pages.items()]


def _times(ask: Callable[[int], Any]) -> dict[str, Any]:
    times = []
    for number in range(RUNS + 1):
        begun = time.perf_counter()
        answer = ask(number)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code not in {200, 302}:
            raise SystemExit(f"{answer.request['PATH_INFO']} answers {answer.status_code}")
    found = statistics.quantiles(times[1:], n=20, method="inclusive")
    return {"p50_ms": round(found[9], 1), "p95_ms": round(found[18], 1), "runs": RUNS}


def main() -> None:
    """Do what was asked and print what is told, as JSON."""
    match sys.argv[1:]:
        case ["build", count]:
            build(int(count))
        case _:
            print(json.dumps(measure()))


if __name__ == "__main__":
    main()
