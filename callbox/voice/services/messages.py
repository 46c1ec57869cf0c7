"""Writing a message: every saving is a new version, nobody's words are overwritten, and a change takes the permission to leave away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.plain import canonical
from callbox.core.refusal import RefusedError
from callbox.core.state import MovedMeanwhileError, move
from callbox.governance import approvals
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.networks.deliveries.models import Delivery
from callbox.networks.translations import source_of
from callbox.networks.vocabulary import Content, Media, Translation, without_unused
from callbox.people.models import Agency, User
from callbox.voice.models import Campaign, MediaFile, Message, Version

#: A message somebody may still change; any other has left, or is put away.
OPEN = frozenset({"draft", "submitted", "approved", "expired"})
#: A delivery in one of these states has not left and can be taken off.
UNSENT = ("waiting", "held", "late")


class SavedMeanwhileError(RefusedError):
    """Somebody saved a newer version meanwhile. newer: that version; what was typed is with whoever asked."""

    def __init__(self, newer: Version) -> None:
        super().__init__(
            _(
                "%(name)s saved this message while you were writing. Your words were not saved; they still stand in the form. "
                "Compare them with the newer version, then save again."
            )
            % {"name": newer.by.name}
        )
        self.newer = newer


def draft(
    *,
    agency: Agency,
    content: Content,
    accounts: Sequence[str],
    due: datetime | None = None,
    expires: datetime | None = None,
    campaign: Campaign | None = None,
    corrects: Message | None = None,
    by: User,
) -> Message:
    """Begin a message; anything may still be missing from it.

    Raises:
        RefusedError: it names a picture, campaign or message that is not of this agency.
    """
    _of_this_agency(agency, campaign, corrects)
    with transaction.atomic():
        now = timezone.now()
        message = Message.objects.create(
            agency=agency, campaign=campaign, corrects=corrects, by=by, at=now, changed_at=now
        )
        version = append(message=message, content=content, accounts=accounts, due=due, expires=expires, by=by)
        _tell(message, Audited.MESSAGE_DRAFTED, by=by, version=version.number, digest=version.digest)
    return message


def _of_this_agency(agency: Agency, *rows: Campaign | Message | None) -> None:
    if any(row is not None and row.agency_id != agency.pk for row in rows):
        raise RefusedError(_("That belongs to another agency. Nothing was saved."))


def save(
    *,
    message: Message,
    content: Content,
    accounts: Sequence[str],
    due: datetime | None,
    expires: datetime | None,
    seen: int,
    by: User,
) -> Version:
    """Save what `by` wrote as the next version and return it; without a difference the newest is returned and nothing is
    written, but that an expired message is a draft again.

    seen: number of the version `by` started from. A submitted, approved or expired message is a draft again, and its approval is void.

    Raises:
        SavedMeanwhileError: somebody saved after `seen`; nothing is overwritten.
        RefusedError: the message has left already, or was dropped.
    """
    with transaction.atomic():
        newest = lock(message)
        if newest.number != seen:
            raise SavedMeanwhileError(newest)
        written = _whole(message.agency, content)
        same = digest_of(written, accounts, due, expires) == newest.digest
        if same and message.state != "expired":
            return newest
        reopen(message=message, why=_("The message was changed."), by=by)
        if same:  # an expired one is taken up again as it stands
            _tell(message, Audited.MESSAGE_RESTORED, by=by, version=newest.number)
            return newest
        version = append(message=message, content=written, accounts=accounts, due=due, expires=expires, by=by)
        _tell(message, Audited.MESSAGE_SAVED, by=by, version=version.number, digest=version.digest)
    return version


def lock(message: Message) -> Version:
    """Lock the row of `message`, read its state anew, and return its newest version. Belongs into a transaction."""
    message.state = Message.objects.select_for_update().get(pk=message.pk).state
    return message.newest


def reopen(*, message: Message, why: str, by: User) -> None:
    """Make a locked message a draft again: its approval is void, what has not left is taken off.

    Raises:
        RefusedError: it has left, wholly or in part, or was put away.
    """
    if message.state not in OPEN:
        raise RefusedError(
            _("This message can no longer be changed. Nothing was saved; what you wrote still stands in the form.")
        )
    take_off(message=message, why=why, by=by)
    if message.state != "draft":
        move(message, "draft", why="", changed_at=timezone.now())


def take_off(*, message: Message, why: str, by: User) -> None:
    """Void the approval of a locked message and take its deliveries off, all or none.

    Raises:
        RefusedError: a part of it has left, or may have.
    """
    approvals.void(agency=message.agency, subject=message.subject, why=why, by=by)
    for delivery in (
        Delivery.objects.of(message.agency).about(message.subject).exclude(state__in=("given-up", "refused"))
    ):
        if delivery.state not in UNSENT:
            raise RefusedError(
                _(
                    "A part of this message has left already, so it was not changed. Publish a correction, or take it back."
                )
            )
        try:
            move(delivery, "given-up", said=why, settled_at=timezone.now())
        except MovedMeanwhileError:
            raise RefusedError(
                _("A part of this message is leaving at this moment, so it was not changed. Look again in a minute.")
            ) from None


def append(
    *,
    message: Message,
    content: Content,
    accounts: Sequence[str],
    due: datetime | None,
    expires: datetime | None,
    by: User,
) -> Version:
    """Write the next version of a message whose row is locked, without an event of its own."""
    written = _whole(message.agency, content)
    last = message.versions.order_by("-number").values_list("number", flat=True).first() or 0
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(changed_at=now)
    return Version.objects.create(
        message=message,
        number=last + 1,
        content=_plain(written),
        accounts=_accounts(accounts),
        due=due,
        expires=expires,
        digest=digest_of(written, accounts, due, expires),
        by=by,
        at=now,
    )


def _whole(agency: Agency, content: Content) -> Content:
    """Return `content` with what is known of its files; only what the author says of them is taken from the form."""
    wanted = {each.sha256 for each in content.media} | {each.captions for each in content.media if each.captions}
    kept = {file.sha256: file for file in MediaFile.objects.filter(agency=agency, sha256__in=wanted)}
    if wanted - set(kept):
        raise RefusedError(_("A picture or video of this message is not kept here. Add the file again, then save."))
    return replace(
        content,
        beats=tuple(sorted(set(content.beats))),
        translations=_translations(content),
        speaks={account: language for account, language in sorted(content.speaks.items()) if language},
        own={account: text for account, text in sorted(content.own.items()) if text.strip()},
        media=tuple(_media(kept[each.sha256], each) for each in content.media),
    )


def _translations(content: Content) -> tuple[Translation, ...]:
    """Return the translations that say something, by language; one that names no source was made from these words."""
    written = sorted((each for each in content.translations if each.text.strip()), key=lambda each: each.language)
    return tuple(replace(each, source=each.source or source_of(content)) for each in written)


def _media(file: MediaFile, said: Media) -> Media:
    return Media(
        sha256=file.sha256,
        kind="video" if file.kind == "video" else "image",
        type=file.type,
        size=file.size,
        alt=said.alt.strip(),
        captions=said.captions,
        width=file.width,
        height=file.height,
    )


def _plain(content: Content) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(
        json.dumps({**asdict(replace(content, own={}, speaks={})), "own": dict(content.own)})
    )
    plain["speaks"] = dict(content.speaks)
    return without_unused(plain)


def _accounts(accounts: Sequence[str]) -> list[str]:
    return sorted(set(accounts))


def digest_of(content: Content, accounts: Sequence[str], due: datetime | None, expires: datetime | None) -> str:
    """SHA-256 over all that a version holds."""
    hours = [hour.astimezone(UTC).isoformat() if hour else None for hour in (due, expires)]
    return hashlib.sha256(canonical([_plain(content), _accounts(accounts), hours])).hexdigest()


@transaction.atomic
def drop(*, message: Message, by: User) -> None:
    """Put a message away that has not left; its versions stay.

    Raises:
        RefusedError: it has left, or was put away already.
    """
    lock(message)
    if message.state not in OPEN:
        raise RefusedError(_("This message can no longer be put away: it has left, or was put away already."))
    take_off(message=message, why=_("The message was put away."), by=by)
    move(message, "dropped", changed_at=timezone.now())
    _tell(message, Audited.MESSAGE_DROPPED, by=by)


@transaction.atomic
def restore(*, message: Message, by: User) -> None:
    """Take a message up again that was put away, as a draft.

    Raises:
        RefusedError: it was not put away.
    """
    lock(message)
    if message.state != "dropped":
        raise RefusedError(_("This message was not put away."))
    move(message, "draft", changed_at=timezone.now())
    _tell(message, Audited.MESSAGE_RESTORED, by=by)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs. field: its name in `Content`, translation, accounts, due or expires.

    account: of a text in other words, or the language of a translation.
    """

    field: str
    before: Any
    after: Any
    account: str = ""


def differences(older: Version, newer: Version) -> list[Difference]:
    """Return what an approver who saw `older` has not seen yet in `newer`."""
    before, after = older.written, newer.written
    found = [
        Difference(name, getattr(before, name), getattr(after, name))
        for name in ("text", "title", "language", "link", "media", "urgent", "corrects", "beats")
    ]
    found += [
        Difference("own", before.own.get(account, ""), after.own.get(account, ""), account)
        for account in sorted({*before.own, *after.own})
    ]
    found += _by_key(
        "translation", *({each.language: _read(each) for each in side.translations} for side in (before, after))
    )
    found += _by_key("speaks", before.speaks, after.speaks)
    found += [Difference(name, getattr(older, name), getattr(newer, name)) for name in ("accounts", "due", "expires")]
    return [each for each in found if each.before != each.after]


def _by_key(field: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    return [Difference(field, before.get(key, ""), after.get(key, ""), key) for key in sorted({*before, *after})]


def _read(translation: Translation) -> str:
    return "\n".join(filter(None, [translation.title, translation.text]))


def _tell(message: Message, action: Audited, *, by: User, **data: Value) -> None:
    record(agency=message.agency, by=by, action=action, target=message.subject, data=data)
