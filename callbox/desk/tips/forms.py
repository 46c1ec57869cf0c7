"""Forms of the pages of tips."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency
from callbox.trust.tips import envelope
from callbox.trust.tips.models import Tip


class AnswerForm(forms.Form):
    """An answer to the tipster."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=envelope.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "The tipster reads it with their receipt. Ask nothing that could tell who they are unless they must be reached."
        ),
    )


class MinutesForm(forms.Form):
    """What the reader's own machine counts: minutes from the sealed time until now. Empty where no script ran."""

    minutes = forms.IntegerField(min_value=0, max_value=10_000_000, required=False, widget=forms.HiddenInput)


class JudgeForm(MinutesForm):
    """The first judgement after reading."""

    threat_to_life = forms.BooleanField(label=_("Somebody’s life may be in danger"), required=False)


class SettleForm(MinutesForm):
    """What became of a tip."""

    outcome = forms.ChoiceField(label=_("What became of it"), choices=Tip.Outcome)
    same_as = forms.ModelChoiceField(
        label=_("If it is the same as another tip, which one"), queryset=Tip.objects.none(), required=False
    )
    told = forms.TypedChoiceField(
        label=_("Was the tipster told the outcome?"),
        choices=[("", _("Not safe, or not yet")), ("yes", _("Yes")), ("no", _("No, and it would have been safe"))],
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: object, agency: Agency, tip: Tip, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["same_as"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = Tip.objects.of(agency).exclude(pk=tip.pk)
        field.label_from_instance = _dated  # type: ignore[method-assign,assignment]


class KeyForm(forms.Form):
    """A new public key."""

    recipient = forms.CharField(
        label=_("Public key"),
        max_length=120,
        help_text=_("It begins with “age1”. The private key never leaves your machine."),
    )


def _dated(tip: Tip) -> str:
    return f"{short_name(tip)} · {tip.day:%Y-%m-%d}"


def short_name(tip: Tip) -> str:
    """Return what people call a tip: the first eight signs of its random id."""
    return str(tip.pk)[:8]
