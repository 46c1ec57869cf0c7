"""The states of a watch in words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from callbox.desk.voice.words import Word

WATCHES: Final = {
    "draft": Word(_("Draft"), _("Being written. It listens to nothing.")),
    "stopped": Word(
        _("Stopped for legal sign-off"),
        _("Its words touch what the law protects. A legal adviser must sign first."),
        "warn",
    ),
    "submitted": Word(_("Waits for permission"), _("Somebody other than its authors must allow it."), "warn"),
    "allowed": Word(_("Allowed"), _("It listens between its first and its last hour."), "good"),
    "refused": Word(_("Refused"), _("It never listens as it stands. Its author may write it anew."), "warn"),
    "ended": Word(_("Ended"), _("A person stopped it, or its last hour passed. It is kept for the record.")),
}
