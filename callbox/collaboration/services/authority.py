"""Who may do what with partners, asked by every act that a person does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from callbox.core.refusal import RefusedError
from callbox.people.models import Agency, User
from callbox.people.roles import Action, can


def ask(by: User, action: Action, agency: Agency) -> None:
    """Refuse what the role of `by` does not hold.

    Raises:
        RefusedError: it does not. Nothing was done.
    """
    if not can(by, action, agency):
        raise RefusedError(_("Your role does not include this. Nothing was done; ask someone who may."))
