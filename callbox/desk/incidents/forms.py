"""Forms of incidents."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.flows import linking
from callbox.operations.models import Incident
from callbox.operations.services import incidents
from callbox.people.models import User

#: What can belong to an incident, in words.
LINKED_WORDS: dict[str, str | Promise] = {
    "message": _("Message"),
    "conversation": _("Conversation"),
    "event": _("Event"),
    "arrival": _("Shared by a partner"),
}


class DetailsForm(forms.Form):
    """What is known of an incident."""

    title = forms.CharField(label=_("What happens"), max_length=160)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    reference = forms.CharField(label=_("Number at dispatch"), max_length=60, required=False)
    critical = forms.BooleanField(
        label=_("Danger to life: everything scheduled must stop"),
        help_text=_("The freeze itself is pressed with the red button on top of every page."),
        required=False,
    )


class NewIncidentForm(forms.Form):
    """An incident that is opened by hand."""

    title = forms.CharField(label=_("What happens"), max_length=160)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    flagged_at = forms.DateTimeField(
        label=_("When the command confirmed public impact"),
        help_text=_("On the agency’s clocks. The time to the first official word counts from here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=lambda: timezone.localtime().replace(second=0, microsecond=0),
    )
    critical = forms.BooleanField(
        label=_("Danger to life: everything scheduled must stop"),
        help_text=_("The freeze itself is pressed with the red button on top of every page."),
        required=False,
    )


class NoteForm(forms.Form):
    """A line of the log."""

    text = forms.CharField(
        label=_("What was done or learned"), max_length=incidents.LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class LinkForm(forms.Form):
    """Something that belongs to an incident: the newest of each kind the reader may read."""

    subject = forms.ChoiceField(label=_("What belongs to it?"))

    def __init__(self, *, incident: Incident, by: User) -> None:
        super().__init__()
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in linking.proposed(incident, by=by):
            groups.setdefault(str(LINKED_WORDS[each.kind]), []).append((each.subject, each.title or each.subject))
        self.choices = list(groups.items())
        field = self.fields["subject"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = self.choices


class CloseForm(forms.Form):
    """The review after it."""

    review = forms.CharField(
        label=_("Review"),
        help_text=_("Drafted from the log. Put it right, and say what you change."),
        max_length=incidents.LONGEST_REVIEW,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        strip=False,
    )
