"""Forms of events. The form of a finding asks what happens before anything else, and nothing about who."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from callbox.intelligence.bases import bases
from callbox.intelligence.checklist import CONTENT, SOURCE, points
from callbox.intelligence.models import Event
from callbox.intelligence.services import findings, reveals
from callbox.intelligence.services.findings import Finding


class FindingForm(forms.Form):
    """What was looked at and found, and how far it can be believed."""

    checked = forms.MultipleChoiceField(
        label=_("What you looked at"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("What was found"),
        help_text=_("What happens, where and since when; how you know. Leave persons out unless what they do matters."),
        max_length=findings.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    corroboration = forms.CharField(
        label=_("Confirmed from elsewhere by"),
        help_text=_("Control room, patrol, another service. Empty where nobody else knows of it."),
        max_length=findings.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source_grade = forms.ChoiceField(label=_("How far the source can be relied on"), required=False)
    content_grade = forms.ChoiceField(label=_("How far the information can be believed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("checked", [(point.id, f"{_now(point.title)}. {_now(point.help)}") for point in points().values()]),
            ("source_grade", _graded(SOURCE)),
            ("content_grade", _graded(CONTENT)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices

    def finding(self) -> Finding:
        """Return what was written down."""
        return Finding(**self.cleaned_data)


class CloseForm(forms.Form):
    """Whether hearing of it was of use."""

    useful = forms.ChoiceField(
        label=_("What did it turn out to be?"),
        choices=[
            ("true", _("True, and heard in time")),
            ("late", _("True, but known from elsewhere before")),
            ("false", _("Not true, or nothing for us")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What remains to be said"),
        max_length=findings.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NameForm(forms.Form):
    """What an event is about, in a person's words."""

    title = forms.CharField(label=_("What it is about"), max_length=200)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)


class MergeForm(forms.Form):
    """Which event is about the same."""

    into = forms.ModelChoiceField(label=_("The event it belongs to"), queryset=Event.objects.none())

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        standing = Event.objects.of(event.agency).filter(state__in=("new", "checking", "confirmed", "refuted"))
        field.queryset = standing.exclude(pk=event.pk)


class KeepForm(forms.Form):
    """Why the posts are still needed."""

    reason = forms.CharField(label=_("Why the posts are still needed"), max_length=500)


class RevealForm(forms.Form):
    """Why an author must be known."""

    reason = forms.CharField(
        label=_("Why the author must be known"),
        help_text=_("What was done in this post that the law asks you to look into. A colleague decides about it."),
        max_length=reveals.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basis = forms.ChoiceField(label=_("Lawful basis"))
    reference = forms.CharField(label=_("Case number"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["basis"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(basis.id, _now(basis.title)) for basis in bases().values()]


def _graded(grades: dict[str, str]) -> list[tuple[str, str]]:
    return [("", _now("not graded yet")), *((grade, f"{grade}: {_now(says)}") for grade, says in grades.items())]
