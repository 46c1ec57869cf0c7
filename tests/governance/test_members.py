from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance import members
from callbox.governance.models import AuditEvent
from callbox.people.models import Agency, Invitation, Membership
from callbox.people.roles import Role
from tests.people import Cast


def test_an_invitation_makes_a_member_once(cast: Cast) -> None:
    _invitation, secret = members.invite(
        agency=cast.agency, email="Grace@Harbour.example", name="Grace", role=Role.VIEWER, by=cast.erin
    )
    membership = members.accept(secret=secret, name="Grace Okafor", password="a long enough secret")
    assert membership.user.email == "grace@harbour.example"
    assert membership.user.check_password("a long enough secret")
    with pytest.raises(RefusedError, match="used"):
        members.accept(secret=secret, name="Mallory", password="x")


def test_the_secret_is_not_kept(cast: Cast) -> None:
    invitation, secret = members.invite(
        agency=cast.agency, email="g@h.example", name="G", role=Role.VIEWER, by=cast.erin
    )
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert secret not in str(list(AuditEvent.objects.values()))


def test_an_old_or_withdrawn_invitation_does_not_open(cast: Cast) -> None:
    invitation, secret = members.invite(
        agency=cast.agency, email="g@h.example", name="G", role=Role.VIEWER, by=cast.erin
    )
    Invitation.objects.update(made=timezone.now() - timedelta(days=7, seconds=1))
    assert members.invitation_of(secret) is None
    invitation, secret = members.invite(
        agency=cast.agency, email="i@h.example", name="I", role=Role.VIEWER, by=cast.erin
    )
    members.withdraw(invitation=invitation, by=cast.erin)
    assert members.invitation_of(secret) is None


def test_who_may_no_longer_invite_cannot_come_back_by_a_link_they_kept(cast: Cast) -> None:
    members.change_role(membership=Membership.objects.get(user=cast.bob), role=Role.ADMINISTRATOR, by=cast.erin)
    _kept, secret = members.invite(
        agency=cast.agency, email="erin@home.example", name="E", role=Role.ADMINISTRATOR, by=cast.erin
    )
    assert members.invitation_of(secret) is not None
    members.remove_member(membership=Membership.objects.get(user=cast.erin), by=cast.bob)
    assert not members.open_invitations(cast.agency).exists()
    with pytest.raises(RefusedError, match="Ask your administrator"):
        members.accept(secret=secret, name="E", password="a long enough secret")


def test_an_invitation_withdrawn_while_it_is_used_lets_nobody_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation, secret = members.invite(
        agency=cast.agency, email="g@h.example", name="G", role=Role.VIEWER, by=cast.erin
    )
    found = members.invitation_of(secret)
    members.withdraw(invitation=invitation, by=cast.erin)
    monkeypatch.setattr(members, "invitation_of", lambda _secret: found)  # read a moment before
    with pytest.raises(RefusedError, match="withdrawn"):
        members.accept(secret=secret, name="G", password="a long enough secret")
    assert not Membership.objects.filter(user__email="g@h.example").exists()


def test_a_page_opened_earlier_does_not_take_the_last_administrator_away(cast: Cast) -> None:
    bob = Membership.objects.get(user=cast.bob)  # as one page saw him: no administrator
    members.change_role(membership=Membership.objects.get(user=cast.bob), role=Role.ADMINISTRATOR, by=cast.erin)
    members.remove_member(membership=Membership.objects.get(user=cast.erin), by=cast.bob)
    with pytest.raises(RefusedError, match="at least one administrator"):
        members.change_role(membership=bob, role=Role.VIEWER, by=cast.bob)
    with pytest.raises(RefusedError, match="at least one administrator"):
        members.remove_member(membership=bob, by=cast.bob)


def test_someone_removed_meanwhile_is_changed_and_removed_no_more(cast: Cast) -> None:
    seen = Membership.objects.get(user=cast.carol)
    members.remove_member(membership=Membership.objects.get(user=cast.carol), by=cast.erin)
    with pytest.raises(RefusedError, match="no longer a member"):
        members.change_role(membership=seen, role=Role.VIEWER, by=cast.erin)
    with pytest.raises(RefusedError, match="no longer a member"):
        members.remove_member(membership=seen, by=cast.erin)
    assert AuditEvent.objects.filter(action="member.removed").count() == 1


def test_a_second_invitation_closes_the_first(cast: Cast) -> None:
    _first, old = members.invite(agency=cast.agency, email="g@h.example", name="G", role=Role.VIEWER, by=cast.erin)
    _second, new = members.invite(agency=cast.agency, email="g@h.example", name="G", role=Role.CHIEF, by=cast.erin)
    assert members.invitation_of(old) is None
    assert members.invitation_of(new) is not None


def test_an_invitation_never_sets_the_password_of_someone_who_exists(cast: Cast) -> None:
    _invitation, secret = members.invite(
        agency=cast.agency, email=cast.dan.email, name="Dan", role=Role.VIEWER, by=cast.erin
    )
    with pytest.raises(RefusedError, match="Sign in"):
        members.accept(secret=secret, name="Dan", password="stolen account 1")
    with pytest.raises(RefusedError, match="another address"):
        members.accept(secret=secret, user=cast.carol)
    cast.dan.refresh_from_db()
    assert not cast.dan.check_password("stolen account 1")
    assert members.accept(secret=secret, user=cast.dan).agency == cast.agency  # the refusals did not use it up


def test_an_agency_keeps_an_administrator(cast: Cast) -> None:
    last = Membership.objects.get(user=cast.erin)
    with pytest.raises(RefusedError, match="at least one administrator"):
        members.change_role(membership=last, role=Role.VIEWER, by=cast.erin)
    with pytest.raises(RefusedError, match="at least one administrator"):
        members.remove_member(membership=last, by=cast.erin)
    members.change_role(membership=Membership.objects.get(user=cast.bob), role=Role.ADMINISTRATOR, by=cast.erin)
    members.remove_member(membership=last, by=cast.erin)
    assert cast.agency.role_of(cast.erin) is None


def test_every_change_leaves_one_event(cast: Cast) -> None:
    members.change_agency(agency=cast.agency, by=cast.erin, name="Harbour Police", size=cast.agency.size)
    members.change_role(membership=Membership.objects.get(user=cast.carol), role=Role.REVIEWER, by=cast.erin)
    members.remove_member(membership=Membership.objects.get(user=cast.carol), by=cast.erin)
    events = list(AuditEvent.objects.order_by("pk").values_list("action", "data"))
    assert [action for action, _data in events] == ["agency.changed", "role.changed", "member.removed"]
    assert events[0][1] == {"name": ["Harbour City Police", "Harbour Police"]}


def test_changing_nothing_leaves_no_event(cast: Cast) -> None:
    members.change_agency(agency=cast.agency, by=cast.erin, name=cast.agency.name)
    members.change_role(membership=Membership.objects.get(user=cast.bob), role=Role.CHIEF, by=cast.erin)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("fields", [{"accent": "red"}, {"time_zone": "Mars/Base"}, {"size": "huge"}, {"name": ""}])
def test_a_wrong_field_changes_nothing(cast: Cast, fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        members.change_agency(agency=cast.agency, by=cast.erin, **fields)  # type: ignore[arg-type]
    assert Agency.objects.get(pk=cast.agency.pk).name == "Harbour City Police"
    assert not AuditEvent.objects.exists()
