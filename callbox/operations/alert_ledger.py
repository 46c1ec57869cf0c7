"""From published alerts to the ledger. Whether one is valid is read from the bytes that left, not from what we meant."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from callbox.governance.models import Approval
from callbox.governance.policy import TWO_APPROVERS
from callbox.operations.alert_tables import SCHEMAS
from callbox.operations.cap.checking import valid
from callbox.operations.models import Alert
from callbox.people.models import Agency


def messages(agency: Agency) -> dict[str, str]:
    """Return by the name of each alert that is no exercise the message that took it to the accounts; one without accounts has none."""
    rows = Alert.objects.of(agency).published().real().exclude(message="")
    return {row.subject: row.message for row in rows.only("pk", "message")}


def ledger(agency: Agency, *, as_of: datetime) -> dict[str, pl.DataFrame]:
    """Return the table `alerts` until `as_of`: one row for each message that was published."""
    rows = Alert.objects.of(agency).published().filter(sent__lte=as_of).order_by("sent", "pk")
    approvers: dict[str, set[int]] = {}
    given = Approval.objects.of(agency).filter(rule=TWO_APPROVERS, subject__startswith="alert:").standing()
    for subject, person in given.values_list("subject", "by"):
        approvers.setdefault(subject, set()).add(person)
    found = [
        (
            row.sent,
            row.kind,
            row.exercise,
            row.newest.written.first.severity,
            len(approvers.get(row.subject, ())),
            valid(row.xml.encode()),
            row.expires,
        )
        for row in rows.iterator()
    ]
    return {"alerts": pl.DataFrame(found, schema=SCHEMAS["alerts"], orient="row")}
