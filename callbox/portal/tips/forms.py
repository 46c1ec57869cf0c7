"""Forms of tips. Everything but the text may stay empty."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.trust.tips import envelope


class TipForm(forms.Form):
    """A tip."""

    text = forms.CharField(
        label=_("What do you know?"),
        help_text=_(
            "What happened, when, who was there. Leave out anything that only you can know, if nobody may guess it was you."
        ),
        max_length=envelope.LONGEST,
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off"}),
    )
    place = forms.CharField(
        label=_("Where? (if you want to say)"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    about = forms.ChoiceField(
        label=_("What is it about? (if you want to say)"),
        required=False,
        choices=[
            ("", _("Something else, or I would rather not say")),
            ("violence", _("Violence or threats")),
            ("weapons", _("Weapons")),
            ("drugs", _("Drugs")),
            ("theft", _("Theft or fraud")),
            ("traffic", _("Traffic")),
            ("person", _("A missing or wanted person")),
            ("child", _("A child at risk")),
            ("hate", _("Hate")),
        ],
    )


class ReceiptForm(forms.Form):
    """The nine words."""

    receipt = forms.CharField(
        label=_("Your nine words"),
        help_text=_("As they stand on your receipt, with blanks between them."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )


class AgainForm(forms.Form):
    """A further letter; the receipt comes along in the form."""

    receipt = forms.CharField(max_length=400, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Write again"),
        max_length=envelope.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
