"""From a ledger to every measure the model asks for, and the further figures that are shown and never scored. Written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from callbox.collaboration import measures as collaboration
from callbox.core.measure import Measure, Window, hidden
from callbox.core.text import Reason
from callbox.intelligence import measures as intelligence
from callbox.intelligence import product_measures as products
from callbox.maturity.model.catalogue import CATALOGUE, WINDOW_DAYS, Spec, key
from callbox.maturity.tables import SCHEMAS
from callbox.networks.ledger import Ledger
from callbox.networks.measures import access, accounts, cadence, dialogue, languages, mix, reach
from callbox.operations import alert_measures as alerts
from callbox.operations import claim_measures as claims
from callbox.operations import incident_measures as incidents
from callbox.operations import measures as operations
from callbox.operations import staffing_measures as staffing
from callbox.operations import update_measures as updates
from callbox.trust import beat_measures as beats
from callbox.trust import measures as trust
from callbox.trust import rule_measures as rules

type Probe = Callable[[Ledger, Window], Measure]
type TimedProbe = Callable[[Ledger, Window, timedelta], Measure]

#: What computes each measure of the catalogue, by its name there. What is not here waits for its tables.
SCORED: Final[dict[str, Probe]] = {
    "accounts_linked": accounts.accounts_linked,
    "accounts_secured": accounts.accounts_secured,
    "posts_per_week": cadence.posts_per_week,
    "longest_gap": cadence.longest_gap,
    "engagement_steady": cadence.engagement_steady,
    "useful_share": mix.useful_share,
    "described_images": access.described_images,
    "captioned_videos": access.captioned_videos,
    "undescribed_media": access.undescribed_media,
    "urgent_language_reach": languages.urgent_language_reach,
    "unchecked_translations": languages.unchecked_translations,
    "answerable_labelled": dialogue.answerable_labelled,
    "replied_in_day": dialogue.replied_in_day,
    "two_way_share": dialogue.two_way_share,
    "moderation_logged": trust.moderation_logged,
    "viewpoint_terms": rules.viewpoint_terms,
    "late_appeals": trust.late_appeals,
    "tips_past_limit": trust.tips_past_limit,
    "tips_settled_in_week": trust.tips_settled_in_week,
    "tips_settled_in_72h": trust.tips_settled_in_72h,
    "tips_outcome_returned": trust.tips_outcome_returned,
    "products_rated": products.products_rated,
    "watches_and_searches": intelligence.watches_and_searches,
    "searches_with_purpose": intelligence.searches_with_purpose,
    "unresolved_exceptions": intelligence.unresolved_exceptions,
    "records_late": intelligence.records_late,
    "late_records": intelligence.late_records,
    "intelligence_past_limit": intelligence.intelligence_past_limit,
    "notified_in_day": operations.notified_in_day,
    "exclusion_breaches": operations.exclusion_breaches,
    "claims_confirmed": claims.claims_confirmed,
    "unconfirmed_safety_claims": claims.unconfirmed_safety_claims,
    "update_gap": updates.update_gap,
    "update_gap_peak": updates.update_gap_peak,
    "cap_valid": alerts.cap_valid,
    "incidents_recorded": incidents.incidents_recorded,
    "freezes_in_time": incidents.freezes_in_time,
    "exercises": incidents.exercises,
    "months_tested": incidents.months_tested,
    "joint_exercises": incidents.joint_exercises,
    "actions_closed": incidents.actions_closed,
    "partner_sectors": collaboration.partner_sectors,
    "amplified_share": collaboration.amplified_share,
    "reachable_beats": beats.reachable_beats,
    "items_in_staffed_hours": staffing.items_in_staffed_hours,
    "staffing_model_error": staffing.staffing_model_error,
}

#: Measures of the catalogue with one figure a limit: `first_reply@24h`.
TIMED: Final[dict[str, TimedProbe]] = {
    "first_reply": dialogue.first_reply,
    "threat_triage": trust.threat_triage,
    "first_official_word": incidents.first_official_word,
    "correction_time": claims.correction_time,
}

#: Shown beside the profile, never scored.
SHOWN: Final[dict[str, Probe]] = {
    "inform_share": mix.inform_share,
    "engage_share": mix.engage_share,
    "gather_share": mix.gather_share,
    "languages_stated": languages.languages_stated,
    "repost_share": reach.repost_share,
    "reposts_per_post": reach.reposts_per_post,
    "channels": cadence.channels,
    "thread_share": cadence.thread_share,
    "posting_hours": cadence.posting_hours,
}

#: No measure looks further back than this: the engagement of the window before is the furthest.
LOOKBACK_DAYS: Final = 2 * WINDOW_DAYS

#: The columns of posts that measures read, so that a window is read from its file once. The id is read only beside codings.
_POSTS: Final = tuple(column for column in SCHEMAS["posts"] if column not in ("post", "thread"))


def measure_all(ledger: Ledger) -> dict[str, Measure]:
    """Return every figure by its key: those of the catalogue in its order, then those that are only shown.

    Each is taken over its own trailing window, which ends at the ledger's `as_of` (model rule 2).
    """
    recent = Window.trailing(ledger.as_of, days=WINDOW_DAYS)
    ledger.kept("posts", recent, *_POSTS)
    figures: dict[str, Measure] = {}
    for spec in CATALOGUE.values():
        window = Window.trailing(ledger.as_of, days=spec.window_days)
        if spec.name in TIMED:
            timed = TIMED[spec.name]
            figures |= {key(spec.name, limit): timed(ledger, window, timedelta(minutes=limit)) for limit in spec.limits}
        elif spec.name in SCORED:
            figures[spec.name] = SCORED[spec.name](ledger, window)
        else:
            figures |= {name: _waiting(name, spec, window) for name in spec.keys}
    return figures | {name: probe(ledger, recent) for name, probe in SHOWN.items()}


@cache
def tables() -> Mapping[str, frozenset[str]]:
    """Return by key of a figure the ledger tables it reads. That does not depend on the record: an empty one tells."""
    nothing = Ledger("", datetime(2000, 1, 1, tzinfo=UTC))
    return {name: frozenset(figure.tables) for name, figure in measure_all(nothing).items()}


def _waiting(name: str, spec: Spec, window: Window) -> Measure:
    """Return a figure that no record of this version can carry, saying what is not written down anywhere."""
    return hidden(name, spec.statistic, window, Reason(spec.missing), unit=spec.unit, tables=spec.tables)
