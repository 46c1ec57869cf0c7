"""What may be stated of an account. The form checks form, not right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.networks.accounts.models import Account
from callbox.networks.accounts.services import Details

if TYPE_CHECKING:  # Django's form classes take their model in brackets only for the type checker
    _AccountForm = forms.ModelForm[Account]
else:
    _AccountForm = forms.ModelForm

NETWORKS = [
    ("x", "X"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("nextdoor", "Nextdoor"),
    ("mastodon", "Mastodon"),
    ("bluesky", "Bluesky"),
    ("other", _("Another")),
]


class AccountForm(_AccountForm):
    """What the agency says of one account; nothing is required, what nobody knows stays unknown."""

    class Meta:
        model = Account
        fields = ["official", "kind", "owner", "admins", "second_factor", "linked", "address", "shown"]
        widgets = dict.fromkeys(("official", "second_factor", "linked"), forms.NullBooleanSelect)
        help_texts = {
            "owner": _("A person's name. Reports and proof packs only say that there is one."),
            "kind": _("A person’s account used for both is the risky kind; the page of the accounts says why."),
            "second_factor": _("Look before you say it. Every 90 days the page asks again."),
            "address": _("Where residents find it. The public list links there."),
            "shown": _(
                "So that residents can tell it from one that pretends to be you. Only official accounts can be named."
            ),
            "admins": _("Two or more, so that one person who falls ill or leaves does not lock everybody out."),
        }

    def details(self) -> Details:
        """Return what was stated."""
        return Details(**{**self.cleaned_data, "owner": self.cleaned_data["owner"].strip()})


class NewAccountForm(forms.Form):
    """Which account, where the record holds none of that name."""

    network = forms.ChoiceField(label=_("Network"), choices=NETWORKS)
    handle = forms.CharField(
        label=_("Name of the account"), max_length=180, help_text=_("As in its address, without the @.")
    )

    def account(self) -> str:
        """Return the account as the ledger writes it."""
        data: dict[str, Any] = self.cleaned_data
        return f"{data['network']}:{data['handle'].strip().removeprefix('@')}"
