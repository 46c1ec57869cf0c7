"""Forms of hidden comments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.governance.moderation.grounds import grounds
from callbox.trust.services import appeals, moderation


class HideForm(forms.Form):
    """Which ground, and what in the comment falls under it."""

    ground = forms.ChoiceField(label=_("On which ground?"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("What in it falls under this ground?"),
        help_text=_(
            "Name the words. Colleagues, a court and whoever decides about an objection read this; the author does not."
        ),
        max_length=moderation.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tell = forms.ChoiceField(
        label=_("Who tells the author?"),
        choices=[("thread", _("Callbox, by an answer in the thread, now")), ("hand", _("I do, myself"))],
        initial="thread",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, can_tell: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(ground.id, ground.title) for ground in grounds().values()]
        if not can_tell:
            del self.fields["tell"]


class RestoreForm(forms.Form):
    """Why it is shown again."""

    why = forms.CharField(
        label=_("Why is it shown again?"), max_length=moderation.LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


class DecisionForm(forms.Form):
    """What the second person decides, with the reason the author reads."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("restore", _("Show the comment again")), ("uphold", _("It stays hidden"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why? The author reads this."),
        max_length=appeals.LONGEST_DECISION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PolicyForm(forms.Form):
    """The comment policy of an agency, to be looked at and not kept."""

    text = forms.CharField(
        label=_("Your comment policy"),
        help_text=_("It is looked at and not kept."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
