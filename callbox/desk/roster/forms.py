"""Forms of the roster."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.operations.services.roster import MOST_WEEKS
from callbox.operations.staffing import Standard


class ShiftForm(forms.Form):
    """A shift, once or in several weeks."""

    begins = forms.DateTimeField(
        label=_("From"),
        help_text=_("On the agency’s clocks. A shift that is over may be written down too."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=lambda: timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1),
    )
    ends = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=lambda: timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=9),
    )
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=500, initial=1)
    on_call = forms.BooleanField(label=_("They can be called, and are not at the desk"), required=False)
    weeks = forms.IntegerField(
        label=_("Weeks in a row"),
        help_text=_("The same day and hours in each of them, whatever summer time does."),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
    )


class StandardForm(forms.Form):
    """What the agency promises, to try out; nothing of it is saved."""

    share = forms.IntegerField(label=_("Percent begun in time"), min_value=1, max_value=99)
    within = forms.IntegerField(label=_("In time: minutes"), min_value=1, max_value=1440)
    handling = forms.IntegerField(label=_("One takes: minutes"), min_value=1, max_value=240)

    @property
    def standard(self) -> Standard:
        """The promise that was typed; the usual one where nothing sensible was."""
        if not self.is_valid():
            return Standard()
        given = self.cleaned_data
        within, handling = timedelta(minutes=given["within"]), timedelta(minutes=given["handling"])
        return Standard(given["share"] / 100, within, handling)


def typed(standard: Standard) -> dict[str, int]:
    """Return the promise as the form writes it."""
    minute = timedelta(minutes=1)
    return {
        "share": round(standard.share * 100),
        "within": standard.within // minute,
        "handling": standard.handling // minute,
    }
