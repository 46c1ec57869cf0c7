"""What a new agency does first: the page of a person on whom nothing waits yet says where to begin."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.networks.connections.models import Connection
from callbox.people.models import Agency, Membership
from callbox.people.roles import ALLOWED, Action, Role
from callbox.voice.models import Message


@dataclass(frozen=True, slots=True)
class Step:
    """One step. text: why.  label: of the button.  url_name: where it is done, under /a/<agency>/."""

    text: str | Promise
    label: str | Promise
    url_name: str


PEOPLE = Step(
    _(
        "Begin with the people: what one person writes, another lets go. Invite a press officer, and a chief or approver."
    ),
    _("Invite a person"),
    "invite",
)
ACCOUNT = Step(
    _("Begin with a place to speak: connect the newsroom, which needs nothing, or an account you have."),
    _("Connect an account"),
    "connect",
)
MESSAGE = Step(
    _("Write the first message. Nothing leaves before a second person has let it go."), _("Write a message"), "write"
)
RECORD = Step(
    _("Nothing was assessed yet, so the page cannot say what the next level asks for."),
    _("Assess from our own record"),
    "own_record",
)


def first_step(agency: Agency, role: Role) -> Step | None:
    """Return what somebody with `role` does first at an agency that nothing was assessed of; None where others begin."""
    if role in ALLOWED[Action.CHANGE_PEOPLE] and Membership.objects.filter(agency=agency).count() < 2:
        return PEOPLE
    if role in ALLOWED[Action.CONNECT_ACCOUNT] and not Connection.objects.of(agency).exists():
        return ACCOUNT
    if role in ALLOWED[Action.WRITE_MESSAGE] and not Message.objects.of(agency).exists():
        return MESSAGE
    return RECORD if role in ALLOWED[Action.START_ASSESSMENT] else None
