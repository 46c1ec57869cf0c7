"""Forms of partners, contacts and agreements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.collaboration.models import Partner
from callbox.collaboration.rules import LABELS
from callbox.desk.assessments.forms import Day
from callbox.people.models import Agency

if TYPE_CHECKING:  # Django's form classes take their model in brackets only for the type checker
    _PartnerForm = forms.ModelForm[Partner]
else:
    _PartnerForm = forms.ModelForm

LABEL_WORDS = {
    "clear": _("TLP:CLEAR, anybody may read and publish it"),
    "green": _("TLP:GREEN, for the community, not for the public"),
    "amber": _("TLP:AMBER, for the partner and whom it serves"),
    "amber+strict": _("TLP:AMBER+STRICT, for the partner alone"),
    "red": _("TLP:RED, for the people who read it"),
}
LABEL_CHOICES = [(label, LABEL_WORDS[label]) for label in LABELS]
KIND_WORDS = {"message": _("Messages to the public"), "alert": _("Alerts"), "event": _("Events that were noticed")}
WAY_WORDS = {
    "met": _("We met"),
    "called": _("We spoke by telephone"),
    "wrote": _("We wrote"),
    "shared": _("We did something together"),
}


class Words(forms.CharField):
    """Words with commas between them, as a list."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return what was typed as a list."""
        return [word.strip() for word in super().clean(value).split(",") if word.strip()]


class PartnerForm(_PartnerForm):
    """A partner. The last fields are for one that runs Callbox itself."""

    languages = Words(
        label=_("Languages of the people it reaches"),
        required=False,
        help_text=_("Codes with commas, such as: en, es, ar"),
    )
    accounts = Words(
        label=_("Its accounts"),
        required=False,
        help_text=_("With commas, such as: mastodon:school@social.example, x:RivertonSchool"),
    )
    clearance = forms.ChoiceField(label=_("May receive up to"), choices=LABEL_CHOICES, initial="green")
    local_name = forms.SlugField(
        label=_("Its short name, if it works in this Callbox too"),
        required=False,
        help_text=_("As it stands in the address of its pages. Leave the next fields empty then."),
    )

    class Meta:
        model = Partner
        fields = (
            "name", "sector", "person", "email", "phone", "reaches", "languages", "accounts", "role", "clearance",
            "local_name", "address", "short_name", "public_key",
        )  # fmt: skip
        widgets = {
            "reaches": forms.Textarea({"rows": 2}),
            "role": forms.Textarea({"rows": 2}),
            "public_key": forms.TextInput(),
        }
        help_texts = {
            "person": _("A name, so that somebody can call at night."),
            "reaches": _("Such as: parents of 2,300 pupils; the Arabic-speaking families of the harbour."),
            "role": _("Who does what, as you agreed it."),
            "address": _("Such as https://callbox.millbrook.example, if it has a Callbox of its own."),
            "short_name": _("As it stands in the address of its pages there."),
            "public_key": _("One word that begins with “ed25519:”. It stands on their page of partners."),
        }

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        if self.instance.pk is not None:
            del self.fields["local_name"]
            if self.instance.local_id is not None:
                for name in ("address", "short_name", "public_key"):
                    del self.fields[name]

    def clean_local_name(self) -> Agency | None:
        """Return the agency of this installation."""
        name = self.cleaned_data["local_name"]
        if not name:
            return None
        found = Agency.objects.filter(slug=name).exclude(pk=self.agency.pk).first()
        if found is None:
            raise forms.ValidationError(_("No other agency of this Callbox has this short name."))
        return found

    def validate_unique(self) -> None:
        """Leave it to the service, which names what is taken."""


class ContactForm(forms.Form):
    """One time we spoke."""

    on = forms.DateField(label=_("Day"), widget=Day(), initial=timezone.localdate)
    how = forms.ChoiceField(label=_("How"), choices=list(WAY_WORDS.items()))
    about = forms.CharField(label=_("About"), max_length=300, required=False)


class KeyForm(forms.Form):
    """The fingerprint as the partner reads it out."""

    heard = forms.CharField(
        label=_("The fingerprint, as the partner reads it out to you"),
        help_text=_("Call them on a number you know, or meet. 32 letters and digits in groups of four."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WhyForm(forms.Form):
    """Why something ends."""

    why = forms.CharField(label=_("Why does it end?"), max_length=300, widget=forms.Textarea({"rows": 2}))


class AgreementForm(forms.Form):
    """What may be shared, for what, until when."""

    purpose = forms.CharField(
        label=_("What for"),
        help_text=_("One sentence. It goes with everything that is shared, and into the record."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    scope = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=list(KIND_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["message"],
    )
    label = forms.ChoiceField(label=_("Up to which label"), choices=LABEL_CHOICES, initial="green")
    starts = forms.DateField(label=_("From"), widget=Day(), initial=timezone.localdate)
    ends = forms.DateField(
        label=_("Until, this day included"),
        help_text=_("From the day after, nothing is shared any more. A year is usual."),
        widget=Day(),
        initial=lambda: timezone.localdate() + timedelta(days=365),
    )
    document = forms.CharField(
        label=_("Where the paper is"),
        max_length=300,
        required=False,
        help_text=_("A file number or an address, if there is one."),
    )
