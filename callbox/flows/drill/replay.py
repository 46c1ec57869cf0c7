"""A drill by script: invented people do the acts through the same verbs as the desk. Its times are those of the code, not of people."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from callbox.flows import alerting, escalation, publication
from callbox.flows.drill import ground, playing
from callbox.flows.drill.ground import Ground
from callbox.flows.drill.scenario import Handover, Scenario, Words, scenarios
from callbox.flows.drill.timing import observe
from callbox.intelligence.models import Event
from callbox.intelligence.services import events, findings
from callbox.intelligence.services.findings import Finding
from callbox.networks.deliveries import sending
from callbox.networks.vocabulary import Content
from callbox.operations.cap.vocabulary import Area, Circle
from callbox.operations.models import Alert, Drill, Gateway, Incident
from callbox.operations.services import escalations, first_word, incidents
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.trust.models import Conversation
from callbox.voice.models import Message
from callbox.voice.services import messages

type Say = Callable[[str], None]

#: What stands in place of a link to the desk: there is no desk in a replay.
LINK = "https://drill.invalid/"


def replay(*, agency: Agency, scenario: str, by: User, say: Say = lambda _line: None) -> Drill:
    """Hold a drill from beginning to end by script; return it, ended, with its times.

    Raises:
        RefusedError: there is no such scenario, one is running, or `by` may not.
        NotNoticedError: the pipeline did not find what was said; the drill is broken off.
    """
    drill = playing.begin(agency=agency, scenario=scenario, by=by)
    try:
        playing.play(drill)
        _Hands(drill, ground.lay_out(agency), scenarios()[scenario], say).act()
    except BaseException:
        playing.break_off(drill=drill, by=by)
        raise
    playing.end(drill=drill, by=by)
    drill.refresh_from_db()
    return drill


class NotNoticedError(Exception):
    """What was said did not become an event."""


@dataclass(frozen=True, slots=True)
class _Hands:
    """Invented people at work."""

    drill: Drill
    laid: Ground
    scenario: Scenario
    say: Say

    def act(self) -> None:
        """Verify, hand over, approve, publish, correct."""
        event = self._verify()
        incident = self._open(event)
        if self.scenario.escalate is not None:
            self._hand_over(self.scenario.escalate)
        message = self._publish(self.scenario.message)
        first_word.choose(incident=incident, subject=message.subject, by=self._who(Role.COMMANDER))
        if self.scenario.alert:
            self._alert(incident)
        self._correct(message, self.scenario.correction)
        incidents.close(incident=incident, review=self.scenario.says, by=self._who(Role.COMMANDER))
        observe(self.drill)

    def _who(self, role: Role) -> User:
        return self.laid.helpers[role]

    def _verify(self) -> Event:
        event = Event.objects.of(self.laid.agency).open().order_by("-size", "pk").first()
        if event is None:
            raise NotNoticedError(self.scenario.id)
        analyst = self._who(Role.ANALYST)
        events.take(event=event, by=analyst)
        events.name(event=event, title=self.scenario.incident.title, place=self.scenario.place, by=analyst)
        judge = findings.confirm if self.scenario.verdict == "confirmed" else findings.refute
        told = Finding(self.scenario.finding, "B", "2", corroboration=self.scenario.finding)
        judge(event=event, finding=told, by=analyst)
        event.refresh_from_db()
        self.say(f"verified: {event.title}, {event.size} posts, {self.scenario.verdict}")
        return event

    def _open(self, event: Event) -> Incident:
        opened = self.scenario.incident
        return escalation.open_incident(
            agency=self.laid.agency,
            subject=event.subject,
            title=opened.title,
            critical=opened.critical,
            by=self._who(Role.COMMANDER),
        )

    def _hand_over(self, told: Handover) -> None:
        """Send it to the gateway for exercises, where there is one, from the conversation of the one who needs help."""
        gateway = Gateway.objects.filter(agency=self.laid.agency, state="open", exercise=True).first()
        urgent = Conversation.objects.of(self.laid.agency).order_by("-urgent", "opened_at", "pk").first()
        if gateway is None or urgent is None:
            self.say("handed over: nothing, there is no gateway for exercises")
            return
        officer, subject = self._who(Role.OFFICER), f"conversation:{urgent.pk}"
        matter = escalation.matter(agency=self.laid.agency, subject=subject, by=officer)
        assert matter is not None  # it was just found  # noqa: S101
        content = escalation.content(
            matter, what=told.what, where=told.where, urgency=told.urgency, chosen=(), link=LINK
        )
        row = escalation.escalate(
            agency=self.laid.agency,
            subject=subject,
            gateway=gateway,
            told=content,
            seen=content.digest,
            key=uuid.uuid4(),
            by=officer,
        )
        escalations.send_lane(gateway.pk)
        escalations.wait_no_longer(escalation=row)
        if row.state == "lapsed":
            escalations.settle(escalation=row, outcome="Called in the drill.", by=officer)
            row.refresh_from_db()
        self.say(f"handed over: {row.state}")

    def _publish(self, words: Words) -> Message:
        message = messages.draft(
            agency=self.laid.agency,
            content=Content(words.text, title=words.title),
            accounts=[self.laid.account.account],
            by=self._who(Role.PRESS_OFFICER),
        )
        return self._out(message)

    def _correct(self, message: Message, words: Words) -> None:
        better = Content(words.text, title=words.title)
        self._out(publication.correct(message=message, content=better, by=self._who(Role.PRESS_OFFICER)))

    def _out(self, message: Message) -> Message:
        publication.submit(message=message, by=self._who(Role.PRESS_OFFICER))
        digest = publication.bound_of(message.newest).digest
        publication.approve(message=message, digest=digest, by=self._who(Role.APPROVER))
        self._send()
        message.refresh_from_db()
        self.say(f"published: {message.newest.written.title}")
        return message

    def _send(self) -> None:
        """What a worker does on the account of the drill, and on no other."""
        sending.send_lane(self.laid.account.pk)
        publication.settle_messages()
        observe(self.drill)

    def _alert(self, incident: Incident) -> None:
        """Draft a CAP alert from the incident, let two people approve it, publish it as an exercise."""
        writer = self._who(Role.PRESS_OFFICER)
        alert = alerting.draft_from(
            agency=self.laid.agency, subject=incident.subject, template=self.scenario.alert, by=writer
        )
        version = alert.newest
        words = replace(
            version.written.first,
            headline=f"{self.scenario.incident.title}",
            description=self.scenario.message.text,
            instruction=self.scenario.correction.text,
            areas=(Area(self.scenario.place, circles=(Circle(45.0, -93.0, 1.0),)),),
        )
        account = [self.laid.account.account]
        content = type(version.written)((words,))
        alerting.save(alert=alert, content=content, accounts=account, seen=version.number, by=writer)
        alerting.submit(alert=alert, by=writer)
        for role in (Role.APPROVER, Role.CHIEF):
            alert = Alert.objects.get(pk=alert.pk)
            digest = alerting.bound_of(alert.newest).digest
            alerting.approve(alert=alert, digest=digest, by=self._who(role))
        alert = Alert.objects.get(pk=alert.pk)
        alerting.publish(alert=alert, by=self._who(Role.COMMANDER))
        self._send()
        self.say(f"alerted: {Alert.objects.get(pk=alert.pk).identifier}")
