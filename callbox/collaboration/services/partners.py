"""Partners: added, changed, their keys compared, spoken with, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration.keys import key_of
from callbox.collaboration.models import Contact, Partner
from callbox.collaboration.services import authority
from callbox.core.refusal import RefusedError
from callbox.core.signing import SigningError, parse_public
from callbox.core.state import move
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.people.models import Agency, User
from callbox.people.roles import Action

#: What a person may write about a partner.
FIELDS: Final = (
    "name", "sector", "languages", "reaches", "role", "person", "email", "phone", "accounts", "clearance",
    "address", "short_name", "public_key",
)  # fmt: skip
#: How people speak with each other.
WAYS: Final = ("met", "called", "wrote", "shared")


def add(*, agency: Agency, by: User, local: Agency | None = None, **fields: Any) -> Partner:
    """Add a partner. local: an agency of this installation, whose key needs no comparing.

    Raises:
        RefusedError: the name is taken, a field is not valid, it is the agency itself, one of them exists for a drill alone, or `by` may
            not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, agency)
    if agency.exercise or (local is not None and local.exercise):
        raise RefusedError(
            _("This agency exists for a drill alone, and nothing of a drill leaves it. Nothing was saved.")
        )
    now = timezone.now()
    partner = Partner(agency=agency, local=local, by=by, at=now, **_known(fields))
    if local is not None:
        if local.pk == agency.pk:
            raise RefusedError(_("That is your own agency. Nothing was saved."))
        partner.short_name, partner.public_key = local.slug, key_of(local).public.text
        partner.key_checked_by, partner.key_checked_at = by, now
    with transaction.atomic():
        _keep(partner)
        data: dict[str, Value] = {"name": partner.name, "sector": partner.sector, "key": partner.public_key}
        _tell(partner, Audited.PARTNER_ADDED, by=by, **data)
    return partner


def change(*, partner: Partner, by: User, **fields: Any) -> None:
    """Change what is known of a partner; without a difference nothing is written. Another key must be compared anew.

    Raises:
        RefusedError: the name is taken, a field is not valid, or `by` may not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, partner.agency)
    with transaction.atomic():
        row = Partner.objects.select_for_update().get(pk=partner.pk)
        if row.local_id is not None:
            fields = {
                name: value for name, value in fields.items() if name not in {"address", "short_name", "public_key"}
            }
        changed = sorted(name for name, value in _known(fields).items() if getattr(row, name) != value)
        if not changed:
            return
        for name in changed:
            setattr(row, name, fields[name])
        if "public_key" in changed:
            row.key_checked_by = row.key_checked_at = None
        _keep(row)
        _tell(row, Audited.PARTNER_CHANGED, by=by, fields=changed)


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in FIELDS if name in fields}


def _keep(partner: Partner) -> None:
    try:
        if partner.public_key:
            partner.public_key = parse_public(partner.public_key).text
    except SigningError as error:
        raise RefusedError(_("The public key cannot be read. It is one word that begins with “ed25519:”.")) from error
    if partner.address:
        partner.address = _origin(partner.address)
    others = Partner.objects.of(partner.agency).exclude(pk=partner.pk)
    if others.filter(name=partner.name).exists():
        raise RefusedError(_("You have a partner of this name already."))
    if partner.public_key and others.filter(public_key=partner.public_key).exists():
        raise RefusedError(_("Another partner of yours has this key already. One agency is one partner."))
    try:
        partner.full_clean(exclude=["agency", "by", "local", "key_checked_by", "key_checked_at"])
    except ValidationError as error:
        raise RefusedError("; ".join(error.messages)) from error
    partner.save()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise RefusedError(_("The address of the partner’s Callbox looks like https://callbox.millbrook.example"))
    return f"{parts.scheme}://{parts.netloc.lower()}"


def check_key(*, partner: Partner, heard: str, by: User) -> None:
    """Write down that `by` compared the key with the partner over another way. heard: the fingerprint as it was read out.

    Raises:
        RefusedError: there is no key, what was heard is not its fingerprint, or `by` may not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, partner.agency)
    with transaction.atomic():
        row = Partner.objects.select_for_update().get(pk=partner.pk)
        if not row.public_key:
            raise RefusedError(_("There is no key to compare yet. Ask the partner for its public key first."))
        try:
            same = parse_public(row.public_key).is_stated(heard)
        except SigningError:
            same = False
        if not same:
            raise RefusedError(
                _(
                    "That is not the fingerprint of the key that stands here, so nothing is shared. Ask the partner to read it "
                    "out again; if it still differs, the key came from somebody else."
                )
            )
        row.key_checked_by, row.key_checked_at = by, timezone.now()
        row.save(update_fields=["key_checked_by", "key_checked_at"])
        _tell(row, Audited.PARTNER_KEY_CHECKED, by=by, key=row.public_key)


@transaction.atomic
def end(*, partner: Partner, why: str, by: User) -> None:
    """End a partnership: nothing more is offered or taken. Recalls still pass, both ways.

    Raises:
        RefusedError: no reason is given, it ended already, or `by` may not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, partner.agency)
    if not why.strip():
        raise RefusedError(_("Say in a few words why it ends. It stands in the record."))
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if row.state != "standing":
        raise RefusedError(_("This partnership has ended already."))
    move(row, "ended")
    _tell(row, Audited.PARTNER_ENDED, by=by, why=why.strip()[:300])


@transaction.atomic
def take_up(*, partner: Partner, by: User) -> None:
    """Take an ended partnership up again, with the agreements that still stand.

    Raises:
        RefusedError: it has not ended, or `by` may not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, partner.agency)
    row = Partner.objects.select_for_update().get(pk=partner.pk)
    if row.state != "ended":
        raise RefusedError(_("This partnership has not ended."))
    move(row, "standing")
    _tell(row, Audited.PARTNER_TAKEN_UP, by=by)


@transaction.atomic
def note_contact(*, partner: Partner, on: date, how: str, about: str = "", by: User) -> Contact:
    """Write down that the agency and a partner spoke.

    Raises:
        RefusedError: an unknown way, a day to come, or `by` may not.
    """
    authority.ask(by, Action.CHANGE_PARTNER, partner.agency)
    if how not in WAYS:
        raise RefusedError(_("Say how you spoke: met, called, wrote or shared."))
    if on > timezone.localdate():
        raise RefusedError(_("That day has not come yet. Note it when you have spoken."))
    row = Contact.objects.create(partner=partner, on=on, how=how, about=about.strip()[:300], by=by, at=timezone.now())
    _tell(partner, Audited.PARTNER_CONTACTED, by=by, on=on.isoformat(), how=how)
    return row


def _tell(partner: Partner, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=partner.agency, by=by, action=action, target=partner.subject, data=data)
