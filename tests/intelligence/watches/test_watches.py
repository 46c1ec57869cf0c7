"""A watch is written, checked, signed, allowed by somebody else, and ended; every other way is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.core.state import UndeclaredMoveError
from callbox.governance.models import Approval, AuditEvent
from callbox.intelligence.models import SignOff, Watch, WatchVersion
from callbox.intelligence.services import watches
from callbox.people.models import Membership
from callbox.people.roles import Role
from tests.intelligence.watches.hands import Room, add_source, allowed, said
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def _draft(room: Room, query: str = "flood (river OR bridge)", **changes: Any) -> Watch:
    return watches.draft(agency=room.agency, said=said(room, query, **changes), by=room.hanna)


def test_a_harmless_watch_waits_for_a_second_person_and_then_listens(room: Room) -> None:
    watch = _draft(room)
    assert watch.state == "draft"
    watches.submit(watch=watch, by=room.hanna)
    assert (watch.state, watches.permits(watch, timezone.now())) == ("submitted", None)
    watches.allow(watch=watch, by=room.viktor)
    permission = watches.permits(watch, timezone.now())
    assert permission is not None
    assert permission.query == "flood (river OR bridge)"
    assert permission.sources == {room.source.pk}
    assert watches.permissions(room.source, timezone.now()) == [permission]
    actions = AuditEvent.objects.filter(target=watch.subject).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["watch.drafted", "watch.submitted", "approval.given", "watch.allowed"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "says its name"),
        ("purpose", "flood", "in a sentence"),
        ("area", "", "says its name"),
        ("query", "", "says its name"),
        ("query", "(flood", "cannot be read"),
        ("query", "NOT drill", "cannot be read"),
        ("basis", "curiosity", "lawful bases"),
        ("sources", [], "one source"),
        ("title", "x" * 121, "At most"),
    ],
)
def test_what_every_watch_must_say_is_asked_for_before_anything_is_kept(
    room: Room, field: str, value: Any, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        _draft(room, **{"query": "flood river", field: value})
    assert not Watch.objects.exists()


def test_a_basis_bounds_the_span_and_may_ask_for_a_case_number(room: Room) -> None:
    with pytest.raises(RefusedError, match="30 days at most"):
        _draft(room, days=31)
    with pytest.raises(RefusedError, match="case or plan number"):
        _draft(room, basis="crime")
    assert _draft(room, basis="crime", reference="26-1147", days=89).state == "draft"
    now = timezone.now()
    with pytest.raises(RefusedError, match="end after it begins"):
        _draft(room, starts=now, ends=now)
    with pytest.raises(RefusedError, match="last hour has passed"):
        _draft(room, starts=now - timedelta(days=2), ends=now - timedelta(days=1))


def test_a_source_of_another_agency_cannot_be_chosen(room: Room, cast: Cast) -> None:
    theirs = add_source(cast.other, person("Theo", cast.other, Role.ANALYST))
    with pytest.raises(RefusedError, match="at least one source"):
        _draft(room, sources=[theirs])


def test_protected_words_stop_it_until_a_legal_adviser_signs(room: Room) -> None:
    watch = _draft(room, "flood OR protest")
    watches.submit(watch=watch, by=room.hanna)
    assert watch.state == "stopped"
    assert "Protest and assembly" in watch.why
    with pytest.raises(RefusedError, match="does not wait for permission"):
        watches.allow(watch=watch, by=room.viktor)
    watches.sign_off(
        watch=watch, lawful=True, reason="Flood help is organised under this tag, see memo 7.", by=room.ines
    )
    assert watch.state == "submitted"
    watches.allow(watch=watch, by=room.viktor)
    assert watches.permits(watch, timezone.now()) is not None


def test_protected_words_in_the_purpose_stop_it_too(room: Room) -> None:
    watch = _draft(room, "square station", purpose="See who comes to the demonstration on Saturday.")
    watches.submit(watch=watch, by=room.hanna)
    assert watch.state == "stopped"


def test_a_legal_no_refuses_and_its_reason_stays(room: Room) -> None:
    watch = _draft(room, "mosque fire")
    watches.submit(watch=watch, by=room.hanna)
    with pytest.raises(RefusedError, match="Say why"):
        watches.sign_off(watch=watch, lawful=False, reason=" ", by=room.ines)
    watches.sign_off(watch=watch, lawful=False, reason="No threat is documented.", by=room.ines)
    assert (watch.state, watch.why) == ("refused", "No threat is documented.")


def test_a_named_person_is_refused_and_no_signature_changes_that(room: Room) -> None:
    watch = _draft(room, '"Anna Berg" river')
    watches.submit(watch=watch, by=room.hanna)
    assert watch.state == "refused"
    assert "Anna Berg" in watch.why
    with pytest.raises(RefusedError, match="does not wait for a legal adviser"):
        watches.sign_off(watch=watch, lawful=True, reason="Please", by=room.ines)
    trail = AuditEvent.objects.filter(target=watch.subject)
    assert "Anna" not in repr(list(trail.values_list("data", flat=True)))


def test_no_author_of_any_version_may_allow(room: Room) -> None:
    both = person("Otto", room.agency, Role.ANALYST)
    watch = _draft(room)
    watches.save(watch=watch, said=said(room, "flood river"), by=both)
    watches.submit(watch=watch, by=room.hanna)
    for author in (room.hanna, both):
        Membership.objects.filter(user=author).update(role=Role.COMMANDER)
        with pytest.raises(RefusedError, match="own words"):
            watches.allow(watch=watch, by=author)
    assert watch.state == "submitted"
    assert not Approval.objects.exists()


def test_a_legal_adviser_does_not_sign_their_own_words(room: Room) -> None:
    watch = _draft(room, "protest river")
    watches.submit(watch=watch, by=room.hanna)
    Membership.objects.filter(user=room.hanna).update(role=Role.LEGAL_ADVISER)
    with pytest.raises(RefusedError, match="own words"):
        watches.sign_off(watch=watch, lawful=True, reason="Fine by me", by=room.hanna)


def test_a_new_version_voids_what_was_signed(room: Room) -> None:
    watch = _draft(room, "flood OR protest")
    watches.submit(watch=watch, by=room.hanna)
    watches.sign_off(watch=watch, lawful=True, reason="Memo 7 explains it.", by=room.ines)
    watches.save(watch=watch, said=said(room, "flood OR protest OR strike"), by=room.hanna)
    assert watch.state == "draft"
    watches.submit(watch=watch, by=room.hanna)
    assert watch.state == "stopped"
    assert SignOff.objects.count() == 1


def test_the_same_words_need_no_second_signature(room: Room) -> None:
    watch = _draft(room, "flood OR protest")
    watches.submit(watch=watch, by=room.hanna)
    watches.sign_off(watch=watch, lawful=True, reason="Memo 7 explains it.", by=room.ines)
    watches.send_back(watch=watch, why="Wait until Monday.", by=room.viktor)
    assert (watch.state, watch.why) == ("draft", "Wait until Monday.")
    watches.submit(watch=watch, by=room.hanna)
    assert watch.state == "submitted"


def test_what_is_allowed_is_ended_and_never_edited(room: Room) -> None:
    watch = allowed(room)
    with pytest.raises(RefusedError, match="write a new one"):
        watches.save(watch=watch, said=said(room, "flood"), by=room.hanna)
    watches.end(watch=watch, why="The water has gone down.", by=room.hanna)
    assert watch.state == "ended"
    assert watches.permits(watch, timezone.now()) is None
    assert not Approval.objects.standing().exists()
    with pytest.raises(UndeclaredMoveError):
        watches.end(watch=watch, why="Again", by=room.hanna)


def test_refusing_needs_a_reason_and_the_author_may_write_it_anew(room: Room) -> None:
    watch = _draft(room)
    watches.submit(watch=watch, by=room.hanna)
    with pytest.raises(RefusedError, match="Say why"):
        watches.refuse(watch=watch, why="", by=room.viktor)
    watches.refuse(watch=watch, why="Too wide.", by=room.viktor)
    assert watch.state == "refused"
    watches.save(watch=watch, said=said(room, "flood river bridge"), by=room.hanna)
    assert (watch.state, watch.why) == ("draft", "")


def test_roles_hold_for_every_verb(room: Room, cast: Cast) -> None:
    watch = _draft(room)
    for who in (room.viktor, room.ines, cast.frank, cast.dan, cast.alice):
        with pytest.raises(RefusedError, match="role"):
            watches.draft(agency=room.agency, said=said(room), by=who)
        with pytest.raises(RefusedError, match="role"):
            watches.save(watch=watch, said=said(room), by=who)
        with pytest.raises(RefusedError, match="role"):
            watches.submit(watch=watch, by=who)
    watches.submit(watch=watch, by=room.hanna)
    for who in (room.hanna, room.ines, cast.frank, cast.dan):
        with pytest.raises(RefusedError, match="role"):
            watches.allow(watch=watch, by=who)
    for who in (room.hanna, room.viktor, cast.dan):
        with pytest.raises(RefusedError, match="role"):
            watches.sign_off(watch=watch, lawful=True, reason="Because", by=who)
    for who in (cast.frank, cast.dan, cast.erin):
        with pytest.raises(RefusedError, match="role"):
            watches.refuse(watch=watch, why="No", by=who)
        with pytest.raises(RefusedError, match="role"):
            watches.end(watch=watch, why="No", by=who)
    assert WatchVersion.objects.count() == 1


def test_the_clock_ends_what_is_past_its_end_once(room: Room) -> None:
    watch = allowed(room)
    later = timezone.now() + timedelta(days=21)
    assert watches.expire() == 0
    Watch.objects.filter(pk=watch.pk).update(ends=timezone.now() - timedelta(seconds=1))
    assert watches.expire() == 1
    assert watches.expire() == 0
    watch.refresh_from_db()
    assert watch.state == "ended"
    assert AuditEvent.objects.get(action="watch.expired").by_name == "system: clock"
    assert watches.permits(watch, later) is None


def test_a_watch_without_open_source_cannot_be_submitted(room: Room) -> None:
    watch = _draft(room)
    type(room.source).objects.update(rights_until=timezone.now().date())
    with pytest.raises(RefusedError, match="renew its terms"):
        watches.submit(watch=watch, by=room.hanna)
