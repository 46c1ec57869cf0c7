"""Writes on places: beats and the address list, each with its audit event. Here and not in `people`, because the trail lies above it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.core.plain import canonical
from callbox.core.refusal import RefusedError
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.beats.folding import fold
from callbox.people.beats.ground import Ground
from callbox.people.beats.shapes import Drawn
from callbox.people.beats.streets import Stretch
from callbox.people.models import Agency, Beat, Street, User

#: What a file of beats says of one.
_FIELDS: Final = ("name", "shape", "team", "hours", "public_contact", "meetings", "priorities")


@dataclass(frozen=True, slots=True)
class Changes:
    """What saving a file of beats would do. changed: code -> names of its fields.  ends: beats the file does not hold.

    overlaps: pairs of the file that share ground; told, not refused.  seen: digest of how the beats stood when this was worked out.
    """

    new: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    unchanged: tuple[str, ...]
    ends: tuple[str, ...]
    overlaps: tuple[tuple[str, str], ...]
    seen: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether there is something to save."""
        return bool(self.new or self.changed or self.ends)


def changes(agency: Agency, drawn: Sequence[Drawn]) -> Changes:
    """Return what saving `drawn` would change; writes nothing."""
    stand = {beat.code: beat for beat in Beat.objects.of(agency).standing()}
    given = {each.code: _values(each) for each in drawn}
    differs = {
        code: tuple(name for name in _FIELDS if values[name] != getattr(stand[code], name))
        for code, values in given.items()
        if code in stand
    }
    names = {code: beat.name for code, beat in stand.items()} | {each.code: each.name for each in drawn}
    return Changes(
        new=tuple(code for code in given if code not in stand),
        changed={code: fields for code, fields in differs.items() if fields},
        unchanged=tuple(code for code, fields in differs.items() if not fields),
        ends=tuple(code for code in stand if code not in given),
        overlaps=tuple(Ground({each.code: each.shape for each in drawn}).overlaps()),
        seen=_digest(stand),
        names=names,
    )


def _values(drawn: Drawn) -> dict[str, Any]:
    return {
        "name": drawn.name,
        "shape": dict(drawn.shape),
        "team": [dict(each) for each in drawn.team],
        "hours": drawn.hours,
        "public_contact": drawn.contact,
        "meetings": [dict(each) for each in drawn.meetings],
        "priorities": list(drawn.priorities),
    }


def _digest(stand: Mapping[str, Beat]) -> str:
    plain = [[code, *(getattr(beat, name) for name in _FIELDS)] for code, beat in sorted(stand.items())]
    return hashlib.sha256(canonical(plain)).hexdigest()


def import_beats(*, agency: Agency, drawn: Sequence[Drawn], seen: str, by: User) -> Changes:
    """Make the agency's beats those of a file, all or nothing: new ones, changed ones, and those it does not hold are ended.

    seen: `changes(...).seen` of the page that was looked at.

    Raises:
        RefusedError: the beats changed since, or the file holds none.
    """
    if not drawn:
        raise RefusedError(_("The file holds no beat. Nothing was changed."))
    with transaction.atomic():
        rows = {beat.code: beat for beat in _locked(agency)}
        found = changes(agency, drawn)
        if found.seen != seen:
            raise RefusedError(_("Somebody changed the beats meanwhile. Look at the changes again; nothing was saved."))
        now = timezone.now()
        for each in drawn:
            if each.code in found.new or each.code in found.changed:
                row = rows.get(each.code) or Beat(agency=agency, code=each.code)
                row.at, row.ended_at = now, None
                for name, value in _values(each).items():
                    setattr(row, name, value)
                row.save()
        Beat.objects.of(agency).filter(code__in=found.ends).update(ended_at=now, at=now)
        if found.any:
            record(
                agency=agency,
                by=by,
                action=Audited.BEATS_IMPORTED,
                target="beats",
                data={
                    "new": list(found.new),
                    "changed": {code: list(fields) for code, fields in found.changed.items()},
                    "ended": list(found.ends),
                },
            )
    return found


def _locked(agency: Agency) -> QuerySet[Beat]:
    return Beat.objects.of(agency).select_for_update(of=("self",)).order_by("pk")


def import_streets(*, agency: Agency, stretches: Sequence[Stretch], by: User) -> int:
    """Replace the address list by another, all or nothing; return the number of its lines.

    Raises:
        RefusedError: a line names a beat that is not there any more.
    """
    with transaction.atomic():
        beats = {beat.code: beat for beat in _locked(agency).filter(ended_at=None)}
        unknown = {each.beat for each in stretches} - set(beats)
        if unknown:
            raise RefusedError(
                _("These beats were ended meanwhile: %(codes)s. Nothing was changed.")
                % {"codes": ", ".join(sorted(unknown))}
            )
        before, _parts = Street.objects.filter(beat__agency=agency).delete()
        Street.objects.bulk_create(
            [
                Street(
                    beat=beats[each.beat],
                    name=each.street,
                    folded=fold(each.street)[:200],
                    first=each.first,
                    last=each.last,
                    side=each.side,
                )
                for each in stretches
            ],
            batch_size=1000,
        )
        record(
            agency=agency,
            by=by,
            action=Audited.STREETS_IMPORTED,
            target="streets",
            data={"lines": len(stretches), "before": before},
        )
    return len(stretches)


def change_beat(
    *,
    beat: Beat,
    by: User,
    team: Sequence[Mapping[str, str]],
    hours: str,
    public_contact: str,
    meetings: Sequence[Mapping[str, str]],
    priorities: Sequence[str],
) -> None:
    """Write down who works a beat, when, how residents reach them, and what they work on; without a difference nothing is written.

    Raises:
        RefusedError: the beat was ended.
    """
    fresh = {
        "team": [dict(each) for each in team],
        "hours": hours,
        "public_contact": public_contact,
        "meetings": [dict(each) for each in meetings],
        "priorities": list(priorities),
    }
    with transaction.atomic():
        row = _standing(beat)
        changed = [name for name, value in fresh.items() if getattr(row, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(row, name, fresh[name])
        row.at = timezone.now()
        row.save(update_fields=[*changed, "at"])
        record(
            agency=row.agency,
            by=by,
            action=Audited.BEAT_CHANGED,
            target=f"beat:{row.pk}",
            data={"code": row.code, "fields": changed},
        )


def end_beat(*, beat: Beat, by: User) -> None:
    """Take a beat off the public pages. What refers to it stays: questions, subscriptions and the trail.

    Raises:
        RefusedError: it was ended already.
    """
    with transaction.atomic():
        row = _standing(beat)
        row.ended_at = row.at = timezone.now()
        row.save(update_fields=["ended_at", "at"])
        record(agency=row.agency, by=by, action=Audited.BEAT_ENDED, target=f"beat:{row.pk}", data={"code": row.code})


def _standing(beat: Beat) -> Beat:
    row = Beat.objects.select_for_update(of=("self",)).select_related("agency").get(pk=beat.pk)
    if row.ended_at is not None:
        raise RefusedError(_("This beat was ended. Nothing was changed; import it again to take it up."))
    return row
