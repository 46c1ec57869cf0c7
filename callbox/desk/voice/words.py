"""The states of messages, deliveries and connections in words, and what each asks of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Tone = Literal["", "good", "warn"]


@dataclass(frozen=True, slots=True)
class Word:
    """A state as a page shows it. label: two or three words.  means: one sentence.  tone: of its tag."""

    label: str | Promise
    means: str | Promise
    tone: Tone = ""


MESSAGES = {
    "draft": Word(_("Draft"), _("Being written. Nobody outside sees it.")),
    "submitted": Word(
        _("Waits for approval"), _("A second person must approve exactly this before it leaves."), "warn"
    ),
    "approved": Word(_("Approved"), _("Leaves at its hour, exactly as approved."), "good"),
    "out": Word(_("Out"), _("It has been published."), "good"),
    "expired": Word(_("Expired"), _("It was not sent: nobody approved it in time, or no network took it."), "warn"),
    "withdrawn": Word(_("Taken back"), _("Taken back wherever the network can.")),
    "dropped": Word(_("Dropped"), _("Put aside. It was never sent.")),
}
DELIVERIES = {
    "waiting": Word(_("Waits for its hour"), _("Leaves by itself.")),
    "sending": Word(_("Leaving now"), _("The network is being asked at this moment.")),
    "sent": Word(_("Sent"), _("The network has it."), "good"),
    "unclear": Word(
        _("Unclear"),
        _(
            "The line broke while it was sent: the network may have it or not. Nothing is sent again before a person decides."
        ),
        "warn",
    ),
    "held": Word(_("Held"), _("It was stopped before it left. It goes on when a person lets it."), "warn"),
    "late": Word(
        _("Too late"), _("Its last hour passed before it could leave. It goes on when a person lets it."), "warn"
    ),
    "refused": Word(_("Refused"), _("The network does not take it as it is."), "warn"),
    "given-up": Word(_("Given up"), _("A person took it off. It will not be sent.")),
}
CONNECTIONS = {
    "working": Word(_("Working"), _("The network accepted our token when it was last used."), "good"),
    "refused": Word(
        _("Connect again"),
        _(
            "The network no longer accepts our token. What should leave here waits until someone connects the account again."
        ),
        "warn",
    ),
    "ended": Word(_("Ended"), _("Callbox no longer speaks or listens there.")),
}
