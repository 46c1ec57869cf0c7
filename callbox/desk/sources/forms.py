"""Forms of sources."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.intelligence.models.sources import SourceKind


class TermsForm(forms.Form):
    """What its terms allow, and until when that reading counts."""

    rights = forms.CharField(
        label=_("What its terms allow"),
        help_text=_(
            "In your words, with the version you read: may posts be read by machine, kept, and for how long; what about deletions?"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rights_until = forms.DateField(
        label=_("Read them again by"),
        help_text=_("Within a year. From that day on nobody listens until they were read again."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.now().date() + timedelta(days=180),
    )


class SourceForm(TermsForm):
    """A public source."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SourceKind, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        help_text=_("As the server states it: wss:// for Bluesky, https:// for Mastodon and feeds."),
        max_length=500,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    token = forms.CharField(
        label=_("Token, where the server asks for one"),
        help_text=_("Kept sealed and never shown again."),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("kind", "title", "address", "rights", "rights_until", "token")
