"""The agency's keys of tips: an officer brings one, a second person lets it be used, anybody who may do that ends it.

Whoever brings a key reads every tip from then on, so nobody brings one alone. The private half is made on the officer's machine and is
never here: there is nothing to export, and a lost one cannot be recovered, only replaced by a key that a second person allows.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.people.models import Agency, Membership, User
from callbox.people.roles import ALLOWED, Action, can
from callbox.trust.tips import envelope
from callbox.trust.tips.audited import audited
from callbox.trust.tips.models import Key


def propose(*, agency: Agency, recipient: str, by: User) -> Key:
    """Bring a key. Nothing is sealed to it before a second person has allowed it; tips that came before stay as they were sealed.

    Raises:
        RefusedError: this is not an age public key, or it was brought before.
    """
    try:
        recipient = envelope.check_recipient(recipient)
    except envelope.NoKeyError:
        raise RefusedError(
            _("This is not a public key. It begins with “age1”; the private one never leaves your machine.")
        ) from None
    try:
        with audited(agency=agency, by=by, action=Audited.TIP_KEY_ADDED, target=f"tip-key:{recipient}"):
            return Key.objects.create(agency_id=agency.pk, owner_id=by.pk, recipient=recipient, added=_today())
    except IntegrityError:
        raise RefusedError(_("This key was added before. Make a new one.")) from None


def allow(*, agency: Agency, key: Key, by: User) -> None:
    """Let tips be sealed to a key that somebody else brought.

    Raises:
        RefusedError: `by` brought it or may not, its owner reads tips no more, or it was decided meanwhile.
    """
    _may(agency, by)
    if key.owner_id == by.pk:
        raise RefusedError(_("Nobody lets their own key in. Ask a colleague to compare it and to allow it."))
    if key.owner_id not in readers(agency):
        raise RefusedError(
            _("Whoever brought this key may not read tips any more. Refuse it; nothing is sealed to it.")
        )
    with audited(agency=agency, by=by, action=Audited.TIP_KEY_ALLOWED, target=f"tip-key:{key.recipient}"):
        _decide(agency, key, allowed=_today(), allowed_by_id=by.pk)


def refuse(*, agency: Agency, key: Key, by: User) -> None:
    """Let nothing be sealed to a key that waits; whoever brought it takes it back this way.

    Raises:
        RefusedError: `by` may not, or it was decided meanwhile.
    """
    _may(agency, by)
    with audited(agency=agency, by=by, action=Audited.TIP_KEY_REFUSED, target=f"tip-key:{key.recipient}"):
        _decide(agency, key, ended=_today())


def end(*, agency: Agency, key: Key, by: User) -> None:
    """Seal nothing to this key any more. One person is enough: a stolen machine does not wait for a second one.

    Raises:
        RefusedError: `by` may not, it was ended meanwhile, or it is the last one in use; without a key no tip could be taken.
    """
    _may(agency, by)
    with audited(agency=agency, by=by, action=Audited.TIP_KEY_ENDED, target=f"tip-key:{key.recipient}"):
        # all of them, always in the same order: two people who end the last two keys wait for each other
        in_use = set(Key.objects.select_for_update().of(agency).in_use().values_list("pk", flat=True))
        if in_use == {key.pk}:
            raise RefusedError(_("This is the last key. Add another one first, or no tip can be taken."))
        if key.pk not in in_use:
            raise RefusedError(_("Somebody decided about this key a moment ago. Nothing was changed."))
        Key.objects.filter(pk=key.pk).update(ended=_today())


def readers(agency: Agency) -> set[int]:
    """Return the ids of those who may read tips now; a key in use of anybody else is to be ended."""
    rows = Membership.objects.filter(agency=agency, role__in=ALLOWED[Action.READ_TIPS], user__is_active=True)
    return set(rows.values_list("user_id", flat=True))


def _decide(agency: Agency, key: Key, **changes: object) -> None:
    if not Key.objects.of(agency).waiting().filter(pk=key.pk).update(**changes):
        raise RefusedError(_("Somebody decided about this key a moment ago. Nothing was changed."))


def _may(agency: Agency, by: User) -> None:
    if not can(by, Action.ALLOW_TIP_KEY, agency):
        raise RefusedError(_("Your role may not decide about keys of tips. Nothing was changed."))


def _today() -> date:
    return datetime.now(UTC).date()
