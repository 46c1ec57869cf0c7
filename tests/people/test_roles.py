import pytest
from django.contrib.auth.models import AnonymousUser

from callbox.people.models import Agency, Invitation, Membership
from callbox.people.roles import ALLOWED, MEANINGS, Action, Role, can
from tests.people import Cast


def test_the_table_names_every_action_and_every_role_has_a_meaning() -> None:
    assert set(ALLOWED) == set(Action)
    assert set(MEANINGS) == set(Role)


def test_an_auditor_and_a_viewer_change_nothing() -> None:
    reading = {action for action in Action if action.value.endswith(".read")} | {Action.EXPORT}
    for action, roles in ALLOWED.items():
        if action not in reading:
            assert not roles & {Role.AUDITOR, Role.VIEWER}, action


def test_an_administrator_judges_no_evidence() -> None:
    for action in (Action.ADD_ATTESTATION, Action.REVIEW_ATTESTATION, Action.FREEZE_ASSESSMENT, Action.DECLARE_LEVEL):
        assert Role.ADMINISTRATOR not in ALLOWED[action]


def test_a_role_counts_only_in_its_own_agency(cast: Cast) -> None:
    assert can(cast.bob, Action.FREEZE_ASSESSMENT, cast.agency)
    for action in Action:
        assert not can(cast.dan, action, cast.agency)
        assert not can(AnonymousUser(), action, cast.agency)


def test_someone_switched_off_may_nothing(cast: Cast) -> None:
    cast.bob.is_active = False
    cast.bob.save()
    assert not any(can(cast.bob, action, cast.agency) for action in Action)
    assert not Agency.objects.visible_to(cast.bob).exists()


@pytest.mark.parametrize("model", [Agency, Membership, Invitation])
def test_dan_sees_nothing_of_the_other_agency(cast: Cast, model: type) -> None:
    if model is Invitation:
        Invitation.objects.create(
            agency=cast.agency, email="a@b.example", name="A", role=Role.VIEWER, digest="0" * 64, by=cast.erin
        )
    seen = model.objects.visible_to(cast.dan)  # type: ignore[attr-defined]
    mine = seen.filter(pk=cast.other.pk) if model is Agency else seen.filter(agency=cast.other)
    assert list(seen) == list(mine)
    assert not model.objects.visible_to(AnonymousUser()).exists()  # type: ignore[attr-defined]
