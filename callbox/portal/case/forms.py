"""The form of reports."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_QUIET = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "dir": "ltr"}


class LookupForm(forms.Form):
    """The number and the words that the caller was given."""

    reference = forms.CharField(label=_("Number of your report"), max_length=80, widget=forms.TextInput(attrs=_QUIET))
    words = forms.CharField(
        label=_("Your four words"),
        help_text=_("As the officer gave them to you, with blanks between them."),
        max_length=200,
        widget=forms.TextInput(attrs=_QUIET),
    )
