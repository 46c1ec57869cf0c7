"""The forms of a subscription."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, Beat
from callbox.trust.services.subscriptions import Choice


class ChoiceForm(forms.Form):
    """Which letters."""

    beats = forms.ModelMultipleChoiceField(
        label=_("Which areas matter to you?"),
        help_text=_(
            "Choose as many as you like, or none for the whole area. News for everybody comes to you in any case."
        ),
        queryset=Beat.objects.none(),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("In which language?"))
    urgent_only = forms.BooleanField(label=_("Only what is urgent: danger to life, missing people"), required=False)

    def __init__(self, *args: object, agency: Agency, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        beats, language = self.fields["beats"], self.fields["language"]
        assert isinstance(beats, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - for the type checker
        beats.queryset = Beat.objects.of(agency).standing()
        if not beats.queryset.exists():
            del self.fields["beats"]
        spoken = spoken_by(agency)
        language.choices = list(spoken.items())
        here = get_language() or ""
        language.initial = here if here in spoken else next(iter(spoken))

    def choice(self) -> Choice:
        """Return what was chosen."""
        written = self.cleaned_data
        return Choice(tuple(written.get("beats", ())), written["urgent_only"], written["language"])


class SubscribeForm(ChoiceForm):
    """Where letters go, and which."""

    address = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    field_order = ("address",)


def spoken_by(agency: Agency) -> dict[str, object]:
    """Return the languages in which this agency's news and our letters can come: code -> name."""
    names = dict(settings.LANGUAGES)
    found: dict[str, object] = {code: names[code] for code in agency.languages if code in names}
    return found or {"en": names["en"]}
