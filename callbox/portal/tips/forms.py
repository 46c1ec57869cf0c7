"""Forms of tips. Everything but the text may stay empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callbox.trust.tips import envelope, receipts


class LongText(forms.CharField):
    """A text whose end no browser cuts off unseen: too long a one is refused in words and stays in the form. A new line is one sign."""

    def to_python(self, value: Any) -> Any:
        """Return the text with the line ends its writer counted."""
        found = super().to_python(value)
        return found.replace("\r\n", "\n") if isinstance(found, str) else found

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the attributes without `maxlength`, by which a browser drops what is pasted beyond it."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class TipForm(forms.Form):
    """A tip."""

    text = LongText(
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
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                "autocomplete": "off",
                "autocapitalize": "off",
                "autocorrect": "off",
                "spellcheck": "false",
            }
        ),
    )

    def clean_receipt(self) -> str:
        """Say what no receipt can be, before anything is looked up: the answer depends on the list of words alone."""
        typed = str(self.cleaned_data["receipt"])
        if problems := [*_problems(typed)]:
            raise forms.ValidationError(problems)
        return typed


class AgainForm(forms.Form):
    """A further letter; the receipt comes along in the form."""

    receipt = forms.CharField(max_length=400, widget=forms.HiddenInput)
    text = LongText(
        label=_("Write again"),
        max_length=envelope.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )


def _problems(typed: str) -> Iterator[str]:
    count = len(receipts.normal(typed).split())
    if count != receipts.WORDS:
        yield gettext("A receipt has nine words. Words you typed: %(count)d.") % {"count": count}
    for word, near in receipts.slips(typed).items():
        if near:
            values = {"word": word, "near": gettext(", ").join(near)}
            yield gettext("No receipt holds the word “%(word)s”. Perhaps it is: %(near)s.") % values
        else:
            yield gettext("No receipt holds the word “%(word)s”. Look how it is spelled on yours.") % {
                "word": word[:40]
            }
