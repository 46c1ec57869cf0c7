"""The written grounds in plain words, for the author of a hidden comment: one for each ground of governance."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLAIN: dict[str, str | Promise] = {
    "true-threat": _("A threat of violence against a particular person or group, meant to be taken seriously."),
    "incitement": _("A call to break the law at once, likely to be followed."),
    "private-data": _(
        "Private data of a person: a home address, a telephone number, an account number or health data."
    ),
    "obscenity": _("Sexual images or depictions that the law calls obscene."),
    "illegal-commerce": _("An offer that is against the law, or the same advertisement again and again."),
    "copyright": _("A work of somebody else, whose owner has complained."),
    "sealed": _("Something a court has sealed, or that shows who a child or a victim is."),
    "malware": _("A link or file that harms devices or asks for passwords in a false name."),
}
