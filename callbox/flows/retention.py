"""Which area keeps the rows of which retention class, written out in the order in which they are purged, and the nightly run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from callbox.collaboration.retention import AGREEMENTS, ARRIVALS, PARTNERS, SHARES
from callbox.governance.retention import purge, services
from callbox.governance.retention.keeping import Keeper
from callbox.governance.retention.own import APPROVALS, INVITATIONS
from callbox.intelligence.aside_retention import SET_ASIDE
from callbox.intelligence.event_retention import ALONE, EVENTS, REVEALS, SETTLED, SIGHTINGS, UNJUDGED
from callbox.intelligence.retention import SILENCES, SOURCES, UNALLOWED, WATCHES
from callbox.maturity.retention import RECORD_FILES
from callbox.networks.deliveries.retention import DELIVERIES, LETTERS
from callbox.networks.items.retention import OWN_POSTS, RESIDENTS
from callbox.operations.alert_retention import ALERTS
from callbox.operations.incident_retention import DRILLS, ESCALATIONS, INCIDENTS
from callbox.operations.retention import CASE_UPDATES
from callbox.operations.staffing_retention import SHIFTS
from callbox.people.models import Agency
from callbox.trust.conversation_retention import CONVERSATIONS, ENQUIRIES
from callbox.trust.moderation_retention import MODERATION
from callbox.trust.retention import SUBSCRIPTIONS, UNCONFIRMED
from callbox.trust.tips.retention import TIPS
from callbox.voice.retention import DRAFTS, MEDIA, PUBLISHED

#: What refers to something goes before it: conversations before the letters that answered in them, deliveries before the
#: messages and approvals they carried out, files last.
KEEPERS: Final[tuple[Keeper, ...]] = (
    CONVERSATIONS,
    ENQUIRIES,
    LETTERS,
    DELIVERIES,
    PUBLISHED,
    DRAFTS,
    APPROVALS,
    MODERATION,
    CASE_UPDATES,
    SHIFTS,
    ALERTS,
    DRILLS,
    INCIDENTS,
    ESCALATIONS,
    SETTLED,
    SET_ASIDE,
    SIGHTINGS,
    ALONE,
    REVEALS,
    UNJUDGED,
    EVENTS,
    WATCHES,
    UNALLOWED,
    SILENCES,
    SOURCES,
    RESIDENTS,
    OWN_POSTS,
    MEDIA,
    SHARES,
    ARRIVALS,
    AGREEMENTS,
    PARTNERS,
    RECORD_FILES,
    INVITATIONS,
    UNCONFIRMED,
    SUBSCRIPTIONS,
    TIPS,
)


def purge_tonight() -> int:
    """Purge what is due now in every agency; return how many rows went."""
    return purge.purge(KEEPERS, now=timezone.now())


def forecast() -> Iterator[tuple[Agency, Keeper, purge.Standing]]:
    """Yield what every class of every agency holds, and what a purge would take now; changes nothing."""
    now = timezone.now()
    for agency in Agency.objects.order_by("pk"):
        days, holds = services.days_of(agency), services.subjects_on_hold(agency)
        for keeper in KEEPERS:
            yield agency, keeper, purge.standing(keeper, agency, now=now, days=days[keeper.id], holds=holds)
