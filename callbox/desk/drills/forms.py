"""Forms of drills."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from callbox.flows.drill import scenarios
from callbox.operations.services import drills
from callbox.people.models import Agency, Membership, User

_PARTNERS = _("One name a line: other agencies and services.")


class HoldForm(forms.Form):
    """Which scenario is held."""

    scenario = forms.ChoiceField(label=_("Scenario"), widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["scenario"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(each.id, f"{each.title}. {each.says}") for each in scenarios().values()]


class WrittenDownForm(forms.Form):
    """One that was held elsewhere."""

    kind = forms.ChoiceField(
        label=_("What it was"),
        choices=(("exercise", _("An exercise")), ("test", _("A test of alerting"))),
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Name"), max_length=160)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    partners = forms.CharField(
        label=_("Who took part besides you"),
        help_text=_PARTNERS,
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    review = forms.CharField(
        label=_("What was learned"),
        required=False,
        max_length=drills.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_partners(self) -> list[str]:
        """Return a name a line."""
        return str(self.cleaned_data["partners"]).splitlines()


class ReviewForm(forms.Form):
    """What was learned, and who took part."""

    review = forms.CharField(
        label=_("What was learned"),
        required=False,
        max_length=drills.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    partners = forms.CharField(
        label=_("Who took part besides you"),
        help_text=_PARTNERS,
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_partners(self) -> list[str]:
        """Return a name a line."""
        return str(self.cleaned_data["partners"]).splitlines()


class ActionForm(forms.Form):
    """Something to do that it led to."""

    text = forms.CharField(label=_("What to do"), max_length=300)
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none(), required=False)
    due = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, agency: Agency, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        members = Membership.objects.filter(agency=agency).values("user")
        field.queryset = User.objects.filter(pk__in=members, is_active=True).order_by("name")
