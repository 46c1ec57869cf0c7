"""The way of an alert: versions, two people, publishing once, following; and what the database itself refuses."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.core.signing import parse_public
from callbox.flows import alerting
from callbox.governance import freezing
from callbox.governance.models import Approval
from callbox.operations.cap import reading
from callbox.operations.cap.templates import ended
from callbox.operations.cap.vocabulary import Content
from callbox.operations.models import Alert
from callbox.operations.services import alerts
from callbox.people.models import Membership
from callbox.people.roles import Role
from tests.operations.alerts.duty import SQUARE, Duty, words

pytestmark = pytest.mark.django_db


def test_an_alert_that_two_people_approved_goes_out_signed_byte_for_byte(duty: Duty) -> None:
    alert = duty.out()
    message = reading.read(alert.xml.encode())
    assert (message.identifier, message.status, message.kind) == (alert.identifier, "Actual", "Alert")
    assert message.infos[0].areas[0].polygons == (SQUARE,)
    assert message.infos[0].sender_name == "Harbour City Police"
    assert "-00:00</sent>" in alert.xml
    assert "Z</" not in alert.xml
    assert alert.expires == message.infos[0].expires
    key = parse_public(alert.signer)
    assert key.verifies(base64.b64decode(alert.signature), alert.xml.encode())
    assert not key.verifies(base64.b64decode(alert.signature), alert.xml.replace("gas", "gaz").encode())


def test_one_approval_is_not_enough_and_neither_are_two_by_one_person(duty: Duty) -> None:
    alert = duty.draft()
    alerting.submit(alert=alert, by=duty.wendy)
    duty.approve(alert, duty.kim)
    with pytest.raises(RefusedError, match="Another person"):
        duty.approve(alert, duty.kim)
    alert.refresh_from_db()
    assert alert.state == "submitted"
    with pytest.raises(RefusedError, match="two people"):
        alerting.publish(alert=alert, by=duty.wendy)
    duty.approve(alert, duty.bob)
    alert.refresh_from_db()
    assert alert.state == "approved"


def test_nobody_who_wrote_a_version_of_it_approves_it(duty: Duty) -> None:
    alert = duty.draft(by=duty.kim)
    alerting.save(alert=alert, content=words(headline="Other words"), accounts=[], seen=1, by=duty.abe)
    alerting.submit(alert=alert, by=duty.wendy)
    for author in (duty.kim, duty.abe):
        with pytest.raises(RefusedError, match="own words"):
            duty.approve(alert, author)


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "Keep away from the harbour bridge."},
        {"description": "Something else."},
        {"severity": "Extreme"},
        {"areas": "moved"},
        {"expires": "later"},
    ],
)
def test_any_change_voids_every_approval(duty: Duty, change: dict[str, object]) -> None:
    alert = duty.ready(duty.draft())
    info = alert.newest.written.first
    if "areas" in change:
        moved = tuple((lat + 0.01, lon) for lat, lon in SQUARE)
        change = {"areas": (replace(info.areas[0], polygons=(moved,)),)}
    if "expires" in change:
        change = {"expires": info.expires + timedelta(minutes=1) if info.expires else None}
    content = Content((replace(info, **change),))  # type: ignore[arg-type]
    alerting.save(alert=alert, content=content, accounts=[], seen=1, by=duty.wendy)
    assert not Approval.objects.filter(subject=alert.subject).standing().exists()
    alert.refresh_from_db()
    assert alert.state == "draft"
    with pytest.raises(RefusedError):
        alerting.publish(alert=alert, by=duty.wendy)


def test_a_page_that_is_out_of_date_approves_nothing(duty: Duty) -> None:
    alert = duty.draft()
    digest = alerting.bound_of(alert.newest).digest
    alerting.save(alert=alert, content=words(headline="Newer"), accounts=[], seen=1, by=duty.wendy)
    alerting.submit(alert=alert, by=duty.wendy)
    with pytest.raises(RefusedError, match="look again"):
        alerting.approve(alert=alert, digest=digest, by=duty.kim)
    with pytest.raises(RefusedError, match="compare"):
        alerting.save(alert=alert, content=words(headline="Older"), accounts=[], seen=1, by=duty.wendy)


def test_an_approver_who_lost_the_role_meanwhile_does_not_count(duty: Duty) -> None:
    alert = duty.ready(duty.draft())
    Membership.objects.filter(user=duty.kim).update(role=Role.VIEWER)
    with pytest.raises(RefusedError, match="no longer what two people approved"):
        alerting.publish(alert=alert, by=duty.wendy)


def test_only_those_who_may_do_each_thing(duty: Duty) -> None:
    for stranger in (duty.olu, duty.dan):
        with pytest.raises(RefusedError):
            duty.draft(by=stranger)
    alert = duty.draft()
    alerting.submit(alert=alert, by=duty.wendy)
    for stranger in (duty.olu, duty.dan, duty.wendy):
        with pytest.raises(RefusedError):
            duty.approve(alert, stranger)
    with pytest.raises(RefusedError):
        alerts.send_back(alert=alert, why="No", by=duty.wendy)
    alerts.send_back(alert=alert, why="Say how long", by=duty.abe)
    alert.refresh_from_db()
    assert (alert.state, alert.why) == ("draft", "Say how long")


def test_what_stands_in_the_way_is_named_with_its_place_and_everything_is_kept(duty: Duty) -> None:
    bowtie = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0])
    area = replace(words().first.areas[0], polygons=(bowtie,))
    alert = duty.draft(words(areas=(area,), headline="", expires=timezone.now()))
    with pytest.raises(RefusedError) as refused:
        alerting.submit(alert=alert, by=duty.wendy)
    said = str(refused.value)
    assert "info en, area 1, polygon 1: the outline crosses" in said
    assert "info en: headline is missing" in said
    assert "expires before it could be sent" in said
    assert alert.newest.written.first.areas[0].polygons == (bowtie,)


def test_what_is_out_never_changes_and_is_never_put_away(duty: Duty) -> None:
    alert = duty.out()
    with pytest.raises(RefusedError, match="update"):
        alerting.save(alert=alert, content=words(headline="Other"), accounts=[], seen=1, by=duty.wendy)
    with pytest.raises(RefusedError, match="cancel"):
        alerts.drop(alert=alert, by=duty.wendy)
    with pytest.raises(RefusedError):
        alerting.publish(alert=alert, by=duty.wendy)
    dropped = duty.draft()
    alerts.drop(alert=dropped, by=duty.wendy)
    dropped.refresh_from_db()
    assert dropped.state == "dropped"


def test_an_update_and_a_cancel_name_the_whole_line_exactly(duty: Duty) -> None:
    first = duty.out()
    update = duty.ready(alerting.follow(alert=first, kind="Update", content=words(headline="Wider"), by=duty.wendy))
    alerting.publish(alert=update, by=duty.wendy)
    update.refresh_from_db()
    over = ended(words(), now=timezone.now())
    over = Content((replace(over.first, description="The bridge is open again."),))
    cancel = alerting.follow(alert=update, kind="Cancel", content=over, by=duty.wendy)
    duty.ready(cancel)
    alerting.publish(alert=cancel, by=duty.wendy)
    cancel.refresh_from_db()
    message = reading.read(cancel.xml.encode())
    known = [reading.read(each.xml.encode()) for each in (first, update)]
    assert message.kind == "Cancel"
    assert message.references == tuple(each.reference for each in known)
    for each in (first, update):
        sent = each.xml.partition("<sent>")[2].partition("</sent>")[0]
        assert f"harbour@{each.xml.partition('harbour@')[2].partition('<')[0]},{each.identifier},{sent}" in cancel.xml
    assert list(Alert.objects.of(duty.agency).newest()) == [cancel]
    with pytest.raises(RefusedError, match="cancelled"):
        alerting.follow(alert=cancel, kind="Update", content=words(), by=duty.wendy)


def test_of_two_that_follow_the_same_alert_one_goes_out(duty: Duty) -> None:
    first = duty.out()
    one, other = (
        duty.ready(alerting.follow(alert=first, kind="Update", content=words(headline=f"New {n}"), by=duty.wendy))
        for n in (1, 2)
    )
    alerting.publish(alert=one, by=duty.wendy)
    with pytest.raises(RefusedError, match="Something newer"):
        alerting.publish(alert=other, by=duty.wendy)
    with pytest.raises(RefusedError, match="Something newer"):
        alerting.follow(alert=first, kind="Cancel", content=words(), by=duty.wendy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=other.pk).update(state="published", xml=one.xml, sent=one.sent, signature=one.signature)


def test_who_publishes_in_the_same_moment_reads_why_nothing_left(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> None:
    first = duty.out()
    one, other = (
        duty.ready(alerting.follow(alert=first, kind="Update", content=words(headline=f"New {n}"), by=duty.wendy))
        for n in (1, 2)
    )
    alerting.publish(alert=one, by=duty.wendy)
    monkeypatch.setattr(alerts, "_may_follow", lambda _alert: None)  # it looked before the other had gone out
    with pytest.raises(RefusedError, match="Something newer"):
        alerting.publish(alert=other, by=duty.wendy)
    assert list(Alert.objects.of(duty.agency).newest()) == [one]


def test_there_is_no_way_to_a_cancel_that_follows_nothing(duty: Duty) -> None:
    draft, out = duty.draft(), duty.out()
    other = Alert.objects.create(
        agency=duty.agency, kind="Alert", identifier="x", by=duty.wendy, at=timezone.now(), changed_at=timezone.now()
    )
    for kind in ("Cancel", "Update", "Alerts", "Ack"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=other.pk).update(kind=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=other.pk).update(follows=out)
    with pytest.raises(RefusedError, match="Only a published alert"):
        alerting.follow(alert=draft, kind="Cancel", content=words(), by=duty.wendy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(
            agency=duty.agency,
            kind="Cancel",
            identifier="y",
            by=duty.wendy,
            at=timezone.now(),
            changed_at=timezone.now(),
        )


def test_nothing_leaves_while_everything_stands_still_but_what_two_people_approve_knowing_of_it(duty: Duty) -> None:
    before = duty.ready(duty.draft())
    freezing.press(agency=duty.agency, why="An officer was shot", by=duty.bob)
    with pytest.raises(RefusedError, match="Everything stands still"):
        alerting.publish(alert=before, by=duty.wendy)
    small = duty.ready(duty.draft(words(severity="Minor")))
    with pytest.raises(RefusedError, match="Everything stands still"):
        alerting.publish(alert=small, by=duty.wendy)
    after = duty.ready(duty.draft())
    alerting.publish(alert=after, by=duty.wendy)
    practice = duty.ready(duty.draft(exercise=True))
    with pytest.raises(RefusedError, match="Everything stands still"):
        alerting.publish(alert=practice, by=duty.wendy)
