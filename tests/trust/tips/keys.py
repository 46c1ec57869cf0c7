"""A key of tips that two people have brought into use."""

from __future__ import annotations

from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.trust.tips import keys
from callbox.trust.tips.models import Key
from tests.people import person


def in_use(agency: Agency, recipient: object, *, by: User) -> Key:
    """Bring a key as `by`, whatever their role, and let it in as a commander, who is hired for it where there is none yet."""
    second = User.objects.filter(memberships__agency=agency, memberships__role=Role.COMMANDER).exclude(pk=by.pk).first()
    key = keys.propose(agency=agency, recipient=str(recipient), by=by)
    second = second or person("Wendy", agency, Role.COMMANDER)
    Key.objects.filter(pk=key.pk).update(allowed=key.added, allowed_by_id=second.pk)
    key.refresh_from_db()
    return key
