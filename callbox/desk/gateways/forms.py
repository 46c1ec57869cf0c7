"""Forms of gateways."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.operations.services import gateways


class GatewayForm(forms.Form):
    """What is stated about a gateway."""

    title = forms.CharField(label=_("Name"), help_text=_("For example: County dispatch."), max_length=120)
    address = forms.CharField(
        label=_("Web address"),
        help_text=_("Where the dispatch centre takes signed calls. It begins with https://."),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes until somebody there must have acknowledged"),
        help_text=_("When nobody has, everybody here who may escalate is told to call."),
        min_value=gateways.LEAST,
        max_value=gateways.MOST,
        initial=5,
    )
    phone = forms.CharField(label=_("Number to call when nobody does"), max_length=40)


class NewGatewayForm(GatewayForm):
    """A gateway that is added."""

    secret = forms.CharField(
        label=_("Secret, if dispatch gave you one"),
        help_text=_("It begins with whsec_. Left empty, Callbox makes one, which you give to dispatch."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    exercise = forms.BooleanField(
        label=_("For exercises only"), help_text=_("This never changes afterwards."), required=False
    )


class RenewForm(forms.Form):
    """A new secret, and how long the old one counts beside it."""

    days = forms.TypedChoiceField(
        label=_("The old secret"),
        coerce=int,
        choices=[
            (0, _("ends now: somebody else may know it")),
            (1, _("counts for one day more")),
            (3, _("counts for 3 days more")),
            (7, _("counts for 7 days more")),
            (14, _("counts for 14 days more")),
        ],
        initial=7,
        widget=forms.RadioSelect,
    )
