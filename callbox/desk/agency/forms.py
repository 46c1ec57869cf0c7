"""Forms about the agency and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, Invitation, User
from callbox.people.roles import MEANINGS, Role

if TYPE_CHECKING:  # Django's form classes take their model in brackets only for the type checker
    _InvitationForm = forms.ModelForm[Invitation]
    _AgencyForm = forms.ModelForm[Agency]
else:
    _InvitationForm = _AgencyForm = forms.ModelForm


class InviteForm(_InvitationForm):
    """Whom to invite, as what."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, choices=[])

    class Meta:
        model = Invitation
        fields = ["name", "email", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - declared above
        choice.choices = [(role.value, f"{role.label}: {MEANINGS[role]}") for role in Role]  # in the reader's language


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class AgencyForm(_AgencyForm):
    """What the administrator may set."""

    time_zone = forms.CharField(
        label=_("Time zone"), help_text=_("For example Europe/Oslo or America/Chicago."), max_length=60
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages your residents read"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Agency
        fields = ["name", "size", "time_zone", "languages", "accent"]
        widgets = {"accent": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "accent": _(
                "One colour for links and buttons. Callbox darkens or lightens it where it would be hard to read."
            ),
            "size": _("Some thresholds of the maturity model depend on it."),
        }

    def clean_time_zone(self) -> str:
        """Accept only what the tz database knows."""
        name: str = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            raise forms.ValidationError(_("There is no time zone called “%(name)s”."), params={"name": name})
        return name


class WelcomeForm(forms.Form):
    """Name and password of an invited person."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = mark_safe(password_validators_help_text_html())  # noqa: S308 - Django escapes it

    def clean(self) -> dict[str, Any] | None:
        """Hold the password against the rules, knowing whose it is."""
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PortalForm(_AgencyForm):
    """What residents see of the agency on every public page."""

    class Meta:
        model = Agency
        fields = ["emergency", "phone", "website", "accent"]
        widgets = {"accent": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "accent": _(
                "One colour for links and buttons. Callbox darkens or lightens it where it would be hard to read."
            ),
            "website": _("Linked from every public page."),
        }
