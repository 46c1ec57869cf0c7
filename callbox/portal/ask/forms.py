"""Forms of questions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, Beat
from callbox.trust.services import hearing


class QuestionForm(forms.Form):
    """A question."""

    text = forms.CharField(
        label=_("Your question"), max_length=hearing.LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    beat = forms.ModelChoiceField(
        label=_("Which area is it about? (if you know)"),
        queryset=Beat.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("I do not know, or all of them"),
    )
    address = forms.EmailField(
        label=_("E-mail (only if you want to be told that there is an answer)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: object, agency: Agency, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["beat"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = Beat.objects.of(agency).standing()
        if not field.queryset.exists():
            del self.fields["beat"]


class AgainForm(forms.Form):
    """Further words of the one who asked."""

    text = forms.CharField(
        label=_("Ask again, or add something"), max_length=hearing.LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
