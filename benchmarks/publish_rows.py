"""What `benchmarks.publish` runs in processes of their own: deliveries, made at once and approved as the desk would; the look at what
became of them; and the plain loop of the peer.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import uuid
from datetime import timedelta
from itertools import batched
from typing import Any

ACCOUNTS = 6


def words(number: int) -> str:
    """Return a message of usual length."""
    return f"Harbour Street is closed at Mill Bridge until 18:00, notice {number}. Please use Mill Road; buses stop at the market."


def loop(url: str, count: int, threads: int) -> float:
    """Send `count` messages with the library alone; return milliseconds of processor time for one."""
    from mastodon import Mastodon  # noqa: PLC0415

    clients = []
    for number in range(ACCOUNTS):
        client = Mastodon(api_base_url=url, version_check_mode="none", mastodon_version="4.0.0")
        client.access_token = f"station-{number}"
        clients.append(client)

    def send(mine: range) -> None:
        for number in mine:
            clients[number % ACCOUNTS].status_post(
                words(number), visibility="public", language="en", idempotency_key=f"{number:032x}"
            )

    before = _processor()
    running = [threading.Thread(target=send, args=(range(each, count, threads),)) for each in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return round((_processor() - before) * 1000 / count, 2)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def build(url: str, count: int) -> None:
    """Make an agency with its accounts and `count` deliveries that may leave at once; each message has one approval for all accounts."""
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()
    from django.utils import timezone  # noqa: PLC0415

    from benchmarks.loopback import DOMAIN  # noqa: PLC0415
    from callbox.governance.members import add_member, create_agency  # noqa: PLC0415
    from callbox.governance.models import Approval  # noqa: PLC0415
    from callbox.governance.policy import TWO_PERSONS, Bound  # noqa: PLC0415
    from callbox.networks.connections.models import Connection  # noqa: PLC0415
    from callbox.networks.connections.services import vault  # noqa: PLC0415
    from callbox.networks.deliveries.models import Delivery  # noqa: PLC0415
    from callbox.networks.vocabulary import Rendition  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415

    agency, now = (
        create_agency(slug="harbour", name="Harbour City Police", phone="555 0100", by="bench"),
        timezone.now(),
    )
    person = add_member(
        agency=agency, email="p@harbour.example", name="Pia", role=Role.APPROVER, password=None, by="bench"
    ).user
    accounts = [
        Connection.objects.create(
            agency=agency, account=f"mastodon:station-{number}@{DOMAIN}", details={"server": url}, by=person, at=now,
            sealed=vault().seal({"token": f"station-{number}"}), collected_at=now + timedelta(hours=1),
        )
        for number in range(ACCOUNTS)
    ]  # fmt: skip
    for part in batched(batched(range(count), ACCOUNTS), 200):
        approvals, deliveries = [], []
        for numbers in part:
            subject = f"message:{numbers[0] // ACCOUNTS + 1}"
            shown = [
                Rendition(account=account.account, text=words(numbers[0]))
                for account, _ in zip(accounts, numbers, strict=False)
            ]
            bound = Bound(subject, {each.account: each.digest for each in shown}, None)
            approval = Approval(
                agency=agency,
                subject=subject,
                digest=bound.digest,
                parts=dict(bound.parts),
                rule=TWO_PERSONS,
                by=person,
                at=now,
            )
            approvals.append(approval)
            deliveries += [
                Delivery(agency=agency, connection=account, subject=subject, rendition=each.plain(), approval=approval,
                         key=uuid.uuid4().hex, due=now, made=now)
                for account, each in zip(accounts, shown, strict=False)
            ]  # fmt: skip
        Approval.objects.bulk_create(approvals)
        Delivery.objects.bulk_create(deliveries)


def check() -> dict[str, Any]:
    """Return how many deliveries stand as sent, how many have exactly one event of it, and every key."""
    from callbox.cli.django import start  # noqa: PLC0415

    start()
    from django.db.models import Count  # noqa: PLC0415

    from callbox.governance.models import AuditEvent  # noqa: PLC0415
    from callbox.networks.deliveries.models import Delivery  # noqa: PLC0415

    told = AuditEvent.objects.filter(action="delivery.sent").order_by().values("target").annotate(n=Count("pk"))
    return {
        "sent": Delivery.objects.filter(state="sent").exclude(remote_id="").count(),
        "events": told.filter(n=1).count(),
        "keys": list(Delivery.objects.values_list("key", flat=True)),
    }


def main() -> None:
    """Do what was asked and print what is told, as JSON."""
    match sys.argv[1:]:
        case ["loop", url, count, threads]:
            print(json.dumps(loop(url, int(count), int(threads))))
        case ["build", url, count]:
            build(url, int(count))
        case _:
            print(json.dumps(check()))


if __name__ == "__main__":
    main()
