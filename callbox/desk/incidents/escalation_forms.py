"""The form that hands something over, in two steps: what would be sent is shown before it is."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.flows.escalation import Matter
from callbox.operations.gateways.payload import LONGEST
from callbox.operations.models import Gateway
from callbox.people.models import Agency

URGENCY = (
    ("life", _("Danger to life, now")),
    ("soon", _("Somebody must look within minutes")),
    ("routine", _("When a unit is free")),
)
ABOUT = {"words": _("The person’s own words"), "name": _("The name of their account")}


class GatewayField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not to be subscribed at run time
    """The open gateways, those for exercises marked."""

    def label_from_instance(self, obj: Gateway) -> str:
        """Return how a gateway is called in the list."""
        return f"{obj.title} ({_('exercise')})" if obj.exercise else obj.title


class EscalateForm(forms.Form):
    """What dispatch is told. key: of this form, so that sent twice is sent once."""

    gateway = GatewayField(label=_("To"), queryset=Gateway.objects.none(), empty_label=None)
    what = forms.CharField(
        label=_("What happens"),
        help_text=_("In your own words, as you would say it on the phone. No names unless dispatch needs them."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    where = forms.CharField(label=_("Where"), max_length=LONGEST, required=False)
    urgency = forms.ChoiceField(label=_("How urgent"), choices=URGENCY, widget=forms.RadioSelect)
    about = forms.MultipleChoiceField(
        label=_("Send along"),
        help_text=_("Nothing of the person is sent unless you choose it here."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: object, agency: Agency, matter: Matter, **kwargs: object) -> None:
        start = {
            "what": matter.what,
            "where": matter.where,
            "urgency": "life" if matter.urgent else "soon",
            "key": uuid.uuid4(),
        }
        super().__init__(*args, initial=start, **kwargs)  # type: ignore[arg-type,misc]  # passed on as they came
        rows = Gateway.objects.filter(agency=agency, state="open")
        if matter.exercise:
            rows = rows.filter(exercise=True)
        gateway, about = self.fields["gateway"], self.fields["about"]
        assert isinstance(gateway, GatewayField)  # noqa: S101 - for the type checker
        assert isinstance(about, forms.MultipleChoiceField)  # noqa: S101 - likewise
        gateway.queryset = rows.order_by("exercise", "title")
        about.choices = [(name, f"{ABOUT[name]}: “{text}”") for name, text in matter.about.items()]
        if not matter.about:
            del self.fields["about"]


class SettleForm(forms.Form):
    """What became of one that lapsed."""

    outcome = forms.CharField(
        label=_("What became of it"),
        help_text=_("Whom you reached, and what they do. The banner goes when you have written it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
