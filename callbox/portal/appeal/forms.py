"""The form to object."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.trust.services import appeals


class ObjectionForm(forms.Form):
    """Why the comment should be seen again."""

    text = forms.CharField(
        label=_("Why should it be seen again?"), max_length=appeals.LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
