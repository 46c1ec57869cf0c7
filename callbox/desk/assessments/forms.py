"""Every form of this part. They check form, not right: what may be done is the services' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency, User
from callbox.people.roles import ALLOWED, Action

#: The largest document of evidence; records of networks have no limit but the disk.
DOCUMENT_LIMIT = 25 * 1024 * 1024
LEVELS = [(str(level), str(level)) for level in range(6)]


class Day(forms.DateInput):
    """A day, picked with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Files(forms.ClearableFileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the value is the list of them."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check each file on its own; none is an error."""
        given = data if isinstance(data, list | tuple) else [data]
        one = super().clean
        return [one(each, initial) for each in given] or one(None, initial)


class ColumnsForm(forms.Form):
    """Name the columns of a plain table that are not understood by themselves."""

    time = forms.CharField(label=_("Column with the time"), max_length=100, required=False)
    text = forms.CharField(label=_("Column with the text"), max_length=100, required=False)
    account = forms.CharField(label=_("Column with the account"), max_length=100, required=False)

    def columns(self) -> dict[str, str]:
        """Return ledger column -> column of the table, for the ones that were named."""
        named = {"at": "time", "text": "text", "account": "account"}
        return {
            column: self.cleaned_data[key].strip() for column, key in named.items() if self.cleaned_data[key].strip()
        }


class UploadForm(ColumnsForm):
    """Start an assessment from files."""

    archives = FilesField(
        label=_("Files from your networks"),
        allow_empty_file=True,  # an empty one gets a sentence of ours
        error_messages={"required": _("Choose at least one file.")},
    )
    title = forms.CharField(label=_("Name of this assessment"), max_length=120, required=False)
    live = forms.BooleanField(
        label=_("Together with what Callbox itself recorded"),
        help_text=_("One record: a post that stands in both counts once. It is measured anew each night."),
        required=False,
    )


class PackForm(forms.Form):
    """Import a proof pack."""

    pack = forms.FileField(label=_("Proof pack"), error_messages={"required": _("Choose the pack file.")})
    title = forms.CharField(label=_("Name of this assessment"), max_length=120, required=False)
    live = forms.BooleanField(
        label=_("Together with what Callbox itself recorded"),
        help_text=_("One record: a post that stands in both counts once. It is measured anew each night."),
        required=False,
    )


class AttestForm(forms.Form):
    """Propose evidence for one condition."""

    title = forms.CharField(
        label=_("What is it?"), max_length=200, help_text=_("For example: Social media policy, signed 3 May 2026")
    )
    document = forms.FileField(
        label=_("Document"), required=False, help_text=_("At most 25 MB. It is kept with its SHA-256.")
    )
    link = forms.URLField(label=_("Or a link"), required=False, max_length=500, assume_scheme="https")
    begins = forms.DateField(label=_("It speaks of the time from"), widget=Day)
    ends = forms.DateField(label=_("to"), widget=Day, required=False, help_text=_("Leave empty while it is in force."))
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), help_text=_("Is reminded before it expires.")
    )
    value = forms.FloatField(label=_("The number it proves"), required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(
            memberships__agency=agency, memberships__role__in=ALLOWED[Action.ADD_ATTESTATION], is_active=True
        ).order_by("name")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]

    def clean_document(self) -> UploadedFile[bytes] | None:
        """Refuse what is too large for a document."""
        document: UploadedFile[bytes] | None = self.cleaned_data["document"]
        if document is not None and (document.size or 0) > DOCUMENT_LIMIT:
            raise forms.ValidationError(
                _("The document is larger than 25 MB. Link to it instead, or attach the part that matters.")
            )
        return document

    def clean(self) -> dict[str, Any]:
        """Ask for a document or a link, not both, and a period in order."""
        data = super().clean() or self.cleaned_data
        if (
            "document" not in self.errors
            and "link" not in self.errors
            and bool(data.get("document")) == bool(data.get("link"))
        ):
            self.add_error("document", _("Add a document or a link, one of the two."))
        if data.get("ends") and data.get("begins") and data["ends"] < data["begins"]:
            self.add_error("ends", _("The period ends before it begins."))
        return data


class DeclareForm(forms.Form):
    """Declare a level."""

    level = forms.TypedChoiceField(label=_("Our own word"), choices=LEVELS, coerce=int)
    note = forms.CharField(
        label=_("Why we think so"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class TargetForm(forms.Form):
    """Set a target."""

    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS[1:], coerce=int)
    due = forms.DateField(label=_("By"), widget=Day)


class ExemptionForm(forms.Form):
    """Ask for an exemption."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    ends = forms.DateField(label=_("Until"), widget=Day)

    def clean_ends(self) -> Any:
        """An exemption lies ahead."""
        ends = self.cleaned_data["ends"]
        if ends < timezone.localdate():
            raise forms.ValidationError(_("An exemption must end in the future."))
        return ends


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def problems(form: forms.Form) -> list[str]:
    """Return every error of a form as a sentence with the name of its field."""
    found = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        found += [f"{label}: {error}" if label else str(error) for error in errors]
    return found
