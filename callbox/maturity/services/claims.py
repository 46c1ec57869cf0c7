"""What the agency claimed in public, whoever of its rooms said it: messages, alerts, and posts made past Callbox.

A claim's confirmer is whoever approved exactly its words before they left and did not write them; whether that person went and looked
is in no record. A message sent by one person alone has none, also when a second one reviewed it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl
from django.db.models import Min

from callbox.networks.models import Delivery
from callbox.operations.claim_tables import SCHEMAS
from callbox.operations.models import Alert
from callbox.people.models import Agency
from callbox.voice.models import Message

type _Row = tuple[datetime, bool | None, bool, bool, datetime | None]


def table(
    agency: Agency, *, posts: pl.DataFrame, releases: pl.DataFrame, alerts: pl.DataFrame, as_of: datetime
) -> pl.DataFrame:
    """Return the table `claims` until `as_of`. posts, releases, alerts: the live tables of the ledger until then."""
    carrying = set(Alert.objects.of(agency).exclude(message="").values_list("message", flat=True))
    found = [
        *_messages(agency, releases.filter(~pl.col("release").is_in(list(carrying))), carrying, as_of),
        *_alerts(alerts),
        *_past_callbox(posts),
    ]
    return pl.DataFrame(found, schema=SCHEMAS["claims"], orient="row").sort(list(SCHEMAS["claims"]), nulls_last=True)


def _messages(agency: Agency, releases: pl.DataFrame, carrying: set[str], as_of: datetime) -> Iterator[_Row]:
    """Yield one row for each message; those that carry an alert are counted with the alert."""
    corrections = _corrections(agency, carrying, as_of)
    each = releases.group_by("release").agg(pl.col("at").min(), pl.col("urgent").any(), pl.col("checked").all())
    for release, at, urgent, checked in each.iter_rows():
        yield at, urgent, checked, release in corrections, corrections.get(release)


def _corrections(agency: Agency, carrying: set[str], as_of: datetime) -> dict[str, datetime | None]:
    """Return by message when its first correction was out; None while one is only begun. An update of an alert corrects no error."""
    rows = Message.objects.of(agency).exclude(corrects=None).filter(at__lte=as_of)
    begun = rows.exclude(state__in=("dropped", "expired")).order_by("pk").values_list("pk", "corrects")
    numbers = {f"message:{number}": f"message:{wrong}" for number, wrong in begun}
    sent = Delivery.objects.of(agency).filter(subject__in=numbers, state="sent", settled_at__lte=as_of)
    out = dict(sent.order_by().values("subject").annotate(out=Min("settled_at")).values_list("subject", "out"))
    found: dict[str, datetime | None] = {}
    for subject, wrong in numbers.items():
        if subject not in carrying:
            times = [at for at in (found.get(wrong), out.get(subject)) if at is not None]
            found[wrong] = min(times, default=None)
    return found


def _alerts(alerts: pl.DataFrame) -> Iterator[_Row]:
    for at, approvers in alerts.filter(~pl.col("exercise")).select("at", "approvers").iter_rows():
        yield at, True, approvers > 0, False, None


def _past_callbox(posts: pl.DataFrame) -> Iterator[_Row]:
    """Yield the posts that no message of ours brought to their network."""
    own = posts.filter(pl.col("release").is_null() & pl.col("action").is_in(["post", "quote"]))
    for at in own["at"]:
        yield at, None, False, False, None
