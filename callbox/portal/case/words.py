"""Kinds of reports in the resident's language. One for each kind of operations (a test holds them together)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "theft": _("Theft"),
    "burglary": _("Burglary"),
    "collision": _("Collision"),
    "damage": _("Damage to property"),
    "fraud": _("Fraud"),
    "noise": _("Noise or nuisance"),
    "lost": _("Lost and found"),
}
