"""Forms of the inbox."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, Membership, User
from callbox.people.roles import ALLOWED, Action
from callbox.trust.services import answers, conversations


class AnswerForm(forms.Form):
    """An answer to a resident."""

    text = forms.CharField(label=_("Your answer"), max_length=answers.LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("Note for colleagues"), max_length=conversations.LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOverForm(forms.Form):
    """Who goes on, and a word for them."""

    to = forms.ModelChoiceField(label=_("Hand over to"), queryset=User.objects.none())
    note = forms.CharField(label=_("A word for them"), max_length=500, required=False)

    def __init__(self, *args: object, agency: Agency, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        members = Membership.objects.filter(agency=agency, role__in=ALLOWED[Action.ANSWER], user__is_active=True)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = User.objects.filter(pk__in=members.values("user")).exclude(pk=by.pk).order_by("name")
