"""From what happens to an alert, and from an alert to the public: the feed, the page, and a message on the accounts, under one approval.

The accounts show what two people saw: an alert's approval names the digest of every account's rendition, worked out from a message that
is not stored yet; publishing makes that very message and refuses when it would show anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callbox.collaboration.bundle import from_row
from callbox.collaboration.models import Arrival
from callbox.collaboration.services import arrivals
from callbox.core.refusal import RefusedError
from callbox.core.state import move
from callbox.core.text import SENTENCES
from callbox.flows import publication
from callbox.flows.escalation import KINDS
from callbox.flows.publication.notices import ENDS, UPDATES
from callbox.flows.publication.recipients import Recipients, addressed
from callbox.governance.actions import Audited
from callbox.governance.audit import Value, record
from callbox.governance.models import Approval
from callbox.governance.policy import Bound
from callbox.intelligence.models import Event
from callbox.networks.deliveries.models import Delivery
from callbox.networks.translations import source_of
from callbox.networks.vocabulary import Content, Preview, Translation
from callbox.operations.cap import checking, reading, vocabulary
from callbox.operations.cap.templates import begun, templates
from callbox.operations.models import Alert, AlertVersion, Incident
from callbox.operations.services import alert_messages, alerts, incidents
from callbox.people.models import Agency, User
from callbox.people.roles import can
from callbox.trust.models import Conversation
from callbox.voice.models import Message, Version
from callbox.voice.services import messages

#: Networks that show the title above the words, so the words need not begin with it.
_TITLED: Final = frozenset({"newsroom", "email"})
#: Problems of an account that shorter words heal.
_LONG: Final = frozenset({"too_long", "too_many_bytes"})
#: How long an alert holds at first.
_HOLDS: Final = timedelta(hours=6)


def draft_from(*, agency: Agency, subject: str, template: str = "", exercise: bool = False, by: User) -> Alert:
    """Begin an alert from `event:3`, `conversation:12`, `incident:4` or `arrival:5`: its title and place, words of a template where one
    is named. Of what a partner shared for the public, its words.

    Nothing a resident or a stranger wrote is copied. An exercise stays one. Pressed twice, it is one draft: one that `by` began from the
    same thing and nobody has saved anything in is the one to write in.

    Raises:
        RefusedError: there is no such thing in this agency, it was refuted or recalled, or `by` may not read it or write alerts.
    """
    kind, _colon, number = subject.partition(":")
    find = {"event": _event, "conversation": _conversation, "incident": _incident, "arrival": _arrival}.get(kind)
    if find is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise RefusedError(_("An alert is drafted from an event, a conversation or an incident."))
    if not can(by, KINDS[kind], agency):
        raise RefusedError(_("Your role may not read what this alert would be begun from. Nothing was begun."))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the second press waits for the first
        if kind == "arrival" and (begun_ := _untouched(agency, subject, by=by)):  # taken over by the first press
            return begun_
        seed, incident = find(agency, int(number))
        practice = exercise or agency.exercise or (incident is not None and incident.exercise)
        if not template and (begun_ := _untouched(agency, subject, exercise=practice, by=by)):
            return begun_
        content = _seeded(agency, seed, template)
        row = alerts.draft(agency=agency, content=content, exercise=practice, incident=incident, about=subject, by=by)
        if kind == "arrival":
            arrival = Arrival.objects.of(agency).get(pk=int(number))
            arrivals.taken(arrival=arrival, state="adapted", message=row.subject, by=by)
    return row


def _untouched(agency: Agency, subject: str, *, exercise: bool | None = None, by: User) -> Alert | None:
    rows = Alert.objects.of(agency).filter(about=subject, kind="Alert", state="draft", by=by)
    if exercise is not None:
        rows = rows.filter(exercise=exercise)
    return next((row for row in rows.order_by("-pk") if row.newest.number == 1), None)


def _event(agency: Agency, pk: int) -> tuple[dict[str, Any], Incident | None]:
    row = Event.objects.of(agency).filter(pk=pk).first()
    if row is None or row.state in {"refuted", "merged"}:
        raise RefusedError(_("There is no such event, or it was refuted or merged. Nothing was begun."))
    seed = {"certainty": "Likely" if row.state == "confirmed" else "Possible", "place": row.place}
    if row.named:  # a person gave the title; words that merely weigh most are no headline
        seed["headline"] = row.title
    return seed, incidents.open_of(agency, row.subject)


def _conversation(agency: Agency, pk: int) -> tuple[dict[str, Any], Incident | None]:
    row = Conversation.objects.of(agency).filter(pk=pk).first()
    if row is None:
        raise RefusedError(_("There is no such conversation. Nothing was begun."))
    return {"headline": row.topic}, incidents.open_of(agency, f"conversation:{row.pk}")


def _incident(agency: Agency, pk: int) -> tuple[dict[str, Any], Incident | None]:
    row = Incident.objects.of(agency).filter(pk=pk).first()
    if row is None:
        raise RefusedError(_("There is no such incident. Nothing was begun."))
    grave = {"severity": "Severe", "urgency": "Immediate"} if row.critical else {}
    return {"headline": row.title, "place": row.place, "certainty": "Observed", **grave}, row


def _arrival(agency: Agency, pk: int) -> tuple[dict[str, Any], Incident | None]:
    """Take the words of what a partner shared. What its newer versions say is written into the alert by hand."""
    row = Arrival.objects.of(agency).filter(pk=pk).first()
    if row is None:
        raise RefusedError(_("No partner has shared this. Nothing was begun."))
    row = arrivals.to_take(row)
    shown = from_row(row.bundle).shown
    if shown is None or any(each.message.startswith("alert:") for each in arrivals.older_than(row)):
        raise RefusedError(_("You have an alert of this already. Write an update of it; nothing was begun."))
    spoken = [each for each in agency.languages if each in shown.texts] or [next(iter(shown.texts))]
    said = {}
    for language in spoken:
        title = shown.title_in(language)
        said[language] = (title, shown.texts[language].removeprefix(f"{title}\n\n"))
    seed = {"said": said, "certainty": "Likely"}
    return seed, incidents.open_of(agency, row.subject)


def _seeded(agency: Agency, seed: Mapping[str, Any], template: str) -> vocabulary.Content:
    """Return the first words: of a template, or blank ones in the agency's first language, with what the subject knows.

    seed: `headline` and `place`, or `said`, language -> headline and description, for an alert in each of them.
    """
    said = seed.get("said", {})
    languages = list(said) or agency.languages or ["en"]
    now = timezone.now()
    if template in templates():
        content = begun(templates()[template], languages, now=now)
    else:
        kept = languages if said else languages[:1]
        content = vocabulary.Content(tuple(vocabulary.Info(language=each, expires=now + _HOLDS) for each in kept))
    facts = {name: seed[name] for name in ("severity", "urgency", "certainty") if seed.get(name)}
    said = said or {content.first.language: (seed.get("headline", ""), "")}
    infos = []
    for info in content.infos:
        headline, description = said.get(info.language, ("", ""))
        infos.append(
            replace(info, headline=headline or info.headline, description=description or info.description, **facts)
        )
    if seed.get("place"):
        infos[0] = replace(infos[0], areas=(vocabulary.Area(seed["place"]),))
    return vocabulary.Content(tuple(infos))


def follow(*, alert: Alert, kind: alerts.Follow, content: vocabulary.Content, by: User) -> Alert:
    """Begin an update or a cancel on every account that shows what it follows.

    Raises:
        RefusedError: nothing can follow it, or `by` may not.
    """
    return alerts.follow(alert=alert, kind=kind, content=content, accounts=_shown_on(alert), by=by)


def save(*, alert: Alert, content: vocabulary.Content, accounts: Sequence[str], seen: int, by: User) -> AlertVersion:
    """Save the next version. What follows an alert goes wherever that is shown, whatever was chosen.

    Raises:
        RefusedError: see `operations.services.alerts.save`.
    """
    shown = _shown_on(alert.follows) if alert.follows else []
    return alerts.save(alert=alert, content=content, accounts=[*accounts, *shown], seen=seen, by=by)


def _shown_on(alert: Alert) -> list[str]:
    before = _said_before(alert)
    if before is None:
        return []
    waiting = Delivery.objects.of(alert.agency).about(before.subject).exclude(state__in=("given-up", "refused"))
    accounts = waiting.values_list("connection__account", flat=True)
    return sorted({*publication.public_copies(before), *accounts})


def _said_before(alert: Alert) -> Message | None:
    """Return the newest message of the line that ends with `alert`."""
    for each in (alert, *reversed(alert.line)):
        if each.message:
            return Message.objects.of(alert.agency).get(pk=int(each.message.partition(":")[2]))
    return None


def as_message(version: AlertVersion) -> Version:
    """Return the message that takes a version to its accounts, not stored: what every account will show follows from it."""
    alert = version.alert
    corrects = _said_before(alert.follows) if alert.follows else None
    message = Message(agency=alert.agency, corrects=corrects)
    content = _said(version, corrects)
    return Version(
        message=message,
        number=1,
        content=asdict(content),
        accounts=version.accounts,
        expires=version.written.expires,
    )


def _said(version: AlertVersion, corrects: Message | None) -> Content:
    """Return the words for accounts: the whole where it fits, else as much of it as does; the newsroom has a title of its own.

    An account says the first language; the newsroom and letters, which show several, have the others as translations.
    """
    alert, info = version.alert, version.written.first
    title, bodies = texts_of(alert, info)
    texts = ["\n\n".join(filter(None, (title, body))) for body in bodies]
    urgent = not alert.exercise and any(each.newest.written.dangerous for each in (*alert.line, alert))
    content = Content(
        text=texts[0], title=title[:200], language=info.language, link=alert_messages.address(alert), urgent=urgent
    )
    own = {
        name: _fitting(alert.agency, name, content, bodies if name.partition(":")[0] in _TITLED else texts, corrects)
        for name in version.accounts
    }
    content = replace(content, own={name: text for name, text in sorted(own.items()) if text != texts[0]})
    return replace(content, translations=tuple(_translations(alert, version.written.infos[1:], content)))


def _translations(alert: Alert, infos: Sequence[vocabulary.Info], content: Content) -> Iterator[Translation]:
    """Yield what the other languages are told, in the order in which a message keeps its translations."""
    for info in sorted(infos, key=lambda each: each.language):
        title, bodies = texts_of(alert, info)
        yield Translation(info.language, bodies[0], title[:200], source_of(content))


def _fitting(agency: Agency, account: str, content: Content, texts: Sequence[str], corrects: Message | None) -> str:
    for text in texts:
        (shown,) = publication.previews(
            agency=agency, content=replace(content, text=text), accounts=[account], corrects=corrects
        )
        if not any(problem.code in _LONG for problem in shown.problems):
            return text
    return texts[-1]


def texts_of(alert: Alert, info: vocabulary.Info) -> tuple[str, list[str]]:
    """Return the title, and what follows it, from the longest to the shortest. The words of an exercise end with its mark, too."""
    heads = {"Update": UPDATES, "Cancel": ENDS}.get(alert.kind)
    tag = info.language.partition("-")[0].lower()
    title = f"{heads.get(tag, heads['en'])}: {info.headline}" if heads else info.headline
    where = "; ".join(area.description for area in info.areas)
    foot = [checking.mark(info.language)] if alert.exercise else []
    bodies: tuple[list[str], ...] = (
        [info.description, info.instruction, where],
        [info.description, info.instruction],
        [info.instruction or info.description],
        [info.event],
    )
    return title, ["\n\n".join(filter(None, [*body, *foot])) for body in bodies]


def previews_of(version: AlertVersion) -> list[Preview]:
    """Return what every account would show."""
    return publication.previews_of(as_message(version))


def bound_of(version: AlertVersion) -> Bound:
    """Return all that two people approve: the alert itself, and what every account shows of it."""
    return alerts.bound_of(version, parts_of(version))


def parts_of(version: AlertVersion) -> dict[str, str]:
    """Return account -> digest of what it would show and do."""
    return dict(publication.bound_of(as_message(version)).parts) if version.accounts else {}


def problems_of(version: AlertVersion) -> list[str]:
    """Return everything that stands in the way of a version, said for a person, each with its place."""
    found = alert_messages.problems_of(version)
    said = [alert_messages.said([each]) for each in found]
    if version.accounts and version.written.infos:
        said += [_(SENTENCES[each.code]) % dict(each.values) for each in publication.problems_of(as_message(version))]
    return list(dict.fromkeys(said))


def submit(*, alert: Alert, by: User) -> AlertVersion:
    """Hand a draft to the two people who approve.

    Raises:
        RefusedError: something stands in its way, on the accounts too; the sentence names all of it.
    """
    with transaction.atomic():
        version = alerts.lock(alert)
        found = problems_of(version)
        if found:
            raise RefusedError(_("It was saved but not submitted: %(problems)s.") % {"problems": "; ".join(found)})
        return alerts.submit(alert=alert, by=by)


def approve(*, alert: Alert, digest: str, by: User) -> Approval:
    """Let exactly what `by` saw go; the second approval makes it ready to be published.

    digest: `bound_of(version).digest` of the page `by` looked at.

    Raises:
        RefusedError: see `operations.services.alerts.approve`.
    """
    return alerts.approve(alert=alert, parts=parts_of(alert.newest), digest=digest, by=by)


def publish(*, alert: Alert, recipients: Recipients = addressed, by: User) -> Message | None:
    """Let an approved alert out: its bytes for good, the feed, the page, and a message on its accounts, in one transaction.

    Returns the message, None where no account was chosen.

    Raises:
        RefusedError: see `operations.services.alerts.publish`. Nothing left, nowhere.
    """
    signer = alerts.signer_of(alert.agency)
    with transaction.atomic():
        version = alerts.lock(alert)
        parts = parts_of(version)
        under = alerts.publish(alert=alert, parts=parts, signer=signer, by=by)
        _last_gate(alert, version)
        _take_off_older(alert, by)
        _write_in_log(alert, by)
        if not version.accounts:
            return None
        would = as_message(version)
        message = messages.draft(
            agency=alert.agency,
            content=would.written,
            accounts=would.accounts,
            expires=would.expires,
            corrects=would.message.corrects,
            by=by,
        )
        publication.carry(
            message=message, parts=parts, under=under, authors=alerts.authors_of(alert), recipients=recipients, by=by
        )
        Alert.objects.filter(pk=alert.pk).update(message=message.subject)
        alert.message = message.subject
    return message


def _last_gate(alert: Alert, version: AlertVersion) -> None:
    """Look once more at what really leaves, as it was kept: the status of the bytes, the marks of an exercise, its accounts."""
    kept = Alert.objects.get(pk=alert.pk)
    message = reading.read(kept.xml.encode())
    practice = kept.exercise or any(each.exercise for each in kept.line)
    wrong = message.status != ("Exercise" if practice else "Actual")
    if practice:
        marks = [info.headline.startswith(checking.mark(info.language)) for info in message.infos]
        wrong = wrong or not all(marks) or bool(alert_messages.strays(version))
    if wrong or kept.kind != message.kind or bool(message.references) != (kept.kind != "Alert"):
        raise RefusedError(_("The alert does not say what it is. Nothing left."))


def _write_in_log(alert: Alert, by: User) -> None:
    """Write what happened into the log of the incident it belongs to, whoever published it.

    Leading an incident is one right and publishing an alert another; that it went out is a fact of the record, not an act of leading.
    So the line is written with the publication itself, under the name of who published it.
    """
    if alert.incident is not None:
        said = {
            "Alert": _("Alert published: %(headline)s"),
            "Update": _("Update of the alert published: %(headline)s"),
            "Cancel": _("Alert cancelled: %(headline)s"),
        }
        text = said[alert.kind] % {"headline": alert.newest.written.first.headline}
        incidents.log(incident=alert.incident, subject=alert.subject, text=text, by=by)


def _take_off_older(alert: Alert, by: User) -> None:
    """Take off what has not left yet of the message before: an old warning never leaves after what is newer."""
    before = _said_before(alert.follows) if alert.follows else None
    if before is None:
        return
    waiting = list(Delivery.objects.of(alert.agency).about(before.subject).filter(state__in=messages.UNSENT))
    for each in waiting:
        move(each, "given-up", said=_("Something newer was published."), settled_at=timezone.now())
    if waiting:
        data: dict[str, Value] = {"why": alert.subject, "n": len(waiting)}
        record(agency=alert.agency, by=by, action=Audited.DELIVERIES_CANCELLED, target=before.subject, data=data)
