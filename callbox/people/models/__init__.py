"""The rows of this room: agencies, people, places. `visible_to(user)` is the only door to a row; a stranger finds nothing."""

from callbox.people.models.members import (
    Agency,
    AgencyQuerySet,
    Invitation,
    Membership,
    OfAgencyQuerySet,
    Person,
    SizeBand,
    User,
    UserManager,
    invitation_secret,
    valid_time_zone,
)
from callbox.people.models.places import Beat, Street

__all__ = [
    "Agency",
    "AgencyQuerySet",
    "Beat",
    "Invitation",
    "Membership",
    "OfAgencyQuerySet",
    "Person",
    "SizeBand",
    "Street",
    "User",
    "UserManager",
    "invitation_secret",
    "valid_time_zone",
]
