"""The form of a watch."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.intelligence.bases import bases
from callbox.intelligence.models import Source, Watch
from callbox.intelligence.services.watches import Said
from callbox.people.models import Agency

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def _hour(**attributes: object) -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local", **attributes}, format="%Y-%m-%dT%H:%M")


class WatchForm(forms.Form):
    """One version of a watch."""

    title = forms.CharField(
        label=_("Name"), help_text=_("What it is about: River level, Storm of the week."), max_length=120
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        help_text=_("In a sentence that a stranger understands: what you will do with what is found."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basis = forms.ChoiceField(label=_("Lawful basis"), widget=forms.RadioSelect)
    reference = forms.CharField(label=_("Case or plan number"), max_length=60, required=False)
    area = forms.CharField(
        label=_("Area"),
        help_text=_(
            "As a resident would say it, places separated by commas. Names of places written here are not taken for somebody’s name."
        ),
        max_length=200,
    )
    query = forms.CharField(
        label=_("Words to listen for"),
        help_text=_(
            "flood river finds both words; flood OR storm one of them; “road closed” in this order; evacuat* what begins so;"
            " -drill leaves it out; fire ~5 station within five words. No names of people, no accounts."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    languages = forms.CharField(
        label=_("Languages"),
        help_text=_("Short names with blanks between them, for example en es. Leave it empty for any."),
        max_length=60,
        required=False,
    )
    sources = forms.ModelMultipleChoiceField(
        label=_("Where to listen"), queryset=Source.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    starts = forms.DateTimeField(label=_("From"), help_text=_("On the agency’s clocks."), widget=_hour())
    ends = forms.DateTimeField(label=_("Until"), help_text=_("It stops by itself at this hour."), widget=_hour())

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        basis, sources = self.fields["basis"], self.fields["sources"]
        assert isinstance(basis, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(sources, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type checker
        basis.choices = [
            (each.id, _("%(title)s: at most %(days)d days%(number)s") % {
                "title": each.title,
                "days": each.days,
                "number": _(", with a number") if each.reference else "",
            })
            for each in bases().values()
        ]  # fmt: skip
        sources.queryset = Source.objects.of(agency).open()
        now = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["starts"].initial = now
        self.fields["ends"].initial = now + timedelta(days=14)

    def clean_languages(self) -> list[str]:
        """Read the short names of languages."""
        found = [tag.lower() for tag in re.split(r"[\s,;]+", self.cleaned_data["languages"]) if tag]
        wrong = [tag for tag in found if not _LANGUAGE.fullmatch(tag)]
        if wrong:
            raise forms.ValidationError(_("“%(tag)s” is no short name of a language."), params={"tag": wrong[0]})
        return sorted(set(found))

    def said(self) -> Said:
        """Return what was written, once the form is valid."""
        given = dict(self.cleaned_data)
        return Said(**{**given, "sources": list(given["sources"])})


def written(watch: Watch) -> dict[str, Any]:
    """Return what the newest version of a watch says, as the form shows it."""
    version = watch.newest
    names = ("title", "purpose", "basis", "reference", "area", "query", "sources", "starts", "ends")
    return {**{name: getattr(version, name) for name in names}, "languages": " ".join(version.languages)}
