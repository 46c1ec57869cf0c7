"""How an agency posted, from the kept ledger of an assessment: counted once, then remembered."""

from __future__ import annotations

import hashlib

from django.core.cache import cache as store

from callbox.core.plain import from_plain, to_plain
from callbox.maturity.activity import activity
from callbox.maturity.models import Assessment
from callbox.maturity.report.inputs import Activity
from callbox.maturity.services import ledgers
from callbox.maturity.services.measuring import ledger_folder


def posting(assessment: Assessment) -> Activity | None:
    """Return the weeks and hours of an assessment's record in the agency's time zone; None where no record is kept here."""
    posts = ledger_folder(assessment) / "posts.parquet"
    if assessment.as_of is None or not assessment.measured or not posts.exists():
        return None
    written, zone = posts.stat(), assessment.agency.time_zone
    content = f"{posts} {written.st_mtime_ns} {written.st_size} {assessment.as_of.isoformat()} {zone}"
    key = f"activity:{hashlib.sha256(content.encode()).hexdigest()}"
    kept = store.get(key)
    if kept is None:
        ledger = ledgers.load(posts.parent, agency=assessment.agency.name, as_of=assessment.as_of)
        kept = to_plain(activity(ledger, zone=zone))
        store.set(key, kept, timeout=None)
    return from_plain(Activity, kept)
