"""The form a message is written in. It checks form, not right: what stands in the way of a message is said beside its preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from callbox.desk.clock import NoSuchHourError, instant, wall, zone_of
from callbox.desk.voice import translating
from callbox.networks.connections.models import Connection
from callbox.networks.vocabulary import Content, Media
from callbox.people.models import Agency, Beat
from callbox.voice.models import MediaFile, Message, Version

#: As a browser's own field for day and hour writes it.
HOUR_FORMAT = "%Y-%m-%dT%H:%M"


class HourInput(forms.DateTimeInput):
    """Day and hour on the agency's clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=HOUR_FORMAT)


class HourField(forms.Field):
    """A moment, typed as the agency's clocks show it."""

    widget = HourInput

    def __init__(self, agency: Agency, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.zone = zone_of(agency)

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment.

        Raises:
            ValidationError: not a day and hour, or one that no clock shows.
        """
        text = str(value or "").strip()
        if not text:
            return None
        try:
            typed = datetime.fromisoformat(text)
            if typed.tzinfo is not None:  # the hour is read on the agency's clock and no other
                raise ValueError(text)
        except ValueError:
            raise forms.ValidationError(_("Write day and hour like 2026-05-03 18:30.")) from None
        if not 2000 <= typed.year < 2200:
            raise forms.ValidationError(_("That year is out of reach. Choose a nearer day."))
        try:
            return instant(typed.replace(tzinfo=None), self.zone)
        except NoSuchHourError:
            raise forms.ValidationError(
                _("The clocks are set forward over this hour that day. Choose an hour before or after.")
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """Return a kept moment as the agency's clocks show it; what was typed is left as it is."""
        return wall(value, self.zone) if isinstance(value, datetime) and value.tzinfo else value


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, none too."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files as a list."""
        return [super(FilesField, self).clean(each, initial) for each in data or [] if each]


@dataclass(frozen=True, slots=True)
class Writing:
    """What stands in the form: a version before it is saved."""

    content: Content
    accounts: tuple[str, ...]
    due: datetime | None = None
    expires: datetime | None = None
    seen: int = 0

    @classmethod
    def of(cls, version: Version) -> Writing:
        """Return what a saved version holds."""
        return cls(version.written, tuple(version.accounts), version.due, version.expires, version.number)


class MessageForm(forms.Form):
    """One message, written once: words, images, accounts, hour. corrects: the message whose accounts it is bound to."""

    text = forms.CharField(label=_("Words"), max_length=20_000, required=False, strip=True)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("For the newsroom and for letters; networks without titles leave it out."),
    )
    link = forms.URLField(
        label=_("Link"), max_length=500, required=False, assume_scheme="https", help_text=_("A page that says more.")
    )
    language = forms.ChoiceField(label=_("Language of the words"))
    urgent = forms.BooleanField(
        label=_("Urgent: danger to life, a missing person, a suspect at large, an evacuation"), required=False
    )
    accounts = forms.MultipleChoiceField(
        label=_("Where it appears"), required=False, widget=forms.CheckboxSelectMultiple
    )
    uploads = FilesField(
        label=_("Add images"),
        required=False,
        help_text=_(
            "Or a video with its captions (a WebVTT file). After saving each asks what it shows. "
            "Hidden data in images, such as the place, is removed."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: MultiValueDict[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        agency: Agency,
        writing: Writing,
        corrects: Message | None = None,
    ) -> None:
        super().__init__(data, files, initial=_initial(writing))
        self.agency, self.writing, self.corrects = agency, writing, corrects
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 7})
        self._choices()
        self.fields["due"] = HourField(
            agency,
            label=_("Leaves at"),
            help_text=_("Empty: as soon as it is approved. Not approved by then, it does not leave."),
        )
        self.fields["expires"] = HourField(
            agency, label=_("Not after"), help_text=_("If it could not leave before this hour, it waits for a person.")
        )
        self._media(
            cast("Any", data).getlist("media") if data is not None else [each.sha256 for each in writing.content.media]
        )
        self._own_words()
        translating.add(self, agency, writing.content, list(self._possible()))

    def _choices(self) -> None:
        language = cast("forms.ChoiceField", self.fields["language"])
        names = dict(settings.LANGUAGES)
        known = [*(self.agency.languages or ["en"]), *names, self.writing.content.language]
        language.choices = [(code, names.get(code, code)) for code in dict.fromkeys(known)]
        self._beats()
        if self.corrects is not None:
            del self.fields["accounts"]
            return
        connected = Connection.objects.of(self.agency).exclude(state="ended").values_list("account", flat=True)
        self.offered = list(dict.fromkeys([*connected, *self.writing.accounts]))
        cast("forms.ChoiceField", self.fields["accounts"]).choices = [(name, name) for name in self.offered]

    def _beats(self) -> None:
        """Whose subscribers get its letters; asked only where there are letters and beats."""
        names = dict(Beat.objects.of(self.agency).standing().values_list("code", "name"))
        names |= {
            code: code for code in self.writing.content.beats if code not in names
        }  # ended since: to be seen, and taken out
        mails = Connection.objects.of(self.agency).exclude(state="ended").filter(account__startswith="email:")
        if names and mails.exists():
            self.fields["beats"] = forms.MultipleChoiceField(
                label=_("Whose letters"),
                required=False,
                choices=list(names.items()),
                widget=forms.CheckboxSelectMultiple,
                help_text=_(
                    "For letters alone. Chosen: subscribers of these beats and of the whole area. None: everybody. "
                    "What is urgent goes to everybody."
                ),
            )

    def _own_words(self) -> None:
        """One more field an account, for other words there."""
        self.own_names: dict[str, str] = {}
        for account in self._possible():
            name = f"own:{account}"
            self.own_names[account] = name
            self.fields[name] = forms.CharField(
                label=account,
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=self.writing.content.own.get(account, ""),
            )

    def _possible(self) -> Iterable[str]:
        return self.writing.accounts if self.corrects is not None else self.offered

    def _media(self, wanted: Sequence[str]) -> None:
        """Two more fields an image: what it shows, and whether it is taken out."""
        kept = {row.sha256: row for row in MediaFile.objects.filter(agency=self.agency, sha256__in=wanted)}
        self.media_rows = [kept[sha256] for sha256 in dict.fromkeys(wanted) if sha256 in kept]
        said = {each.sha256: each for each in self.writing.content.media}
        for row in self.media_rows:
            self.fields[f"alt:{row.sha256}"] = forms.CharField(
                label=_("What does it show?"),
                help_text=_(
                    "Read aloud to those who cannot see it, and required: one or two sentences, with any words in the image."
                ),
                required=False,
                max_length=1500,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=said[row.sha256].alt if row.sha256 in said else "",
            )
            self.fields[f"remove:{row.sha256}"] = forms.BooleanField(label=_("Take it out"), required=False)
            if row.kind == "video":
                self.fields[f"captions:{row.sha256}"] = forms.CharField(
                    required=False,
                    max_length=64,
                    widget=forms.HiddenInput,
                    initial=said[row.sha256].captions if row.sha256 in said else "",
                )

    @property
    def images(self) -> list[tuple[MediaFile, forms.BoundField, forms.BoundField, forms.BoundField | None]]:
        """Each image or video with its fields; the last one holds which captions a video has."""
        return [
            (
                row,
                self[f"alt:{row.sha256}"],
                self[f"remove:{row.sha256}"],
                self[f"captions:{row.sha256}"] if row.kind == "video" else None,
            )
            for row in self.media_rows
        ]

    @property
    def own_fields(self) -> list[tuple[str, forms.BoundField]]:
        """Each account with its field for other words."""
        return [(account, self[name]) for account, name in self.own_names.items()]

    def clean(self) -> dict[str, Any]:
        """Refuse words in the language the message itself is written in."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        twice = f"tr:{data.get('language')}:text"
        if data.get(twice):
            self.add_error(twice, _("The message itself is in this language now. Move these words, or choose another."))
        return data

    @property
    def languages(self) -> list[translating.Block]:
        """The fields of each other language."""
        return list(translating.blocks(self))

    @property
    def speakers(self) -> list[tuple[str, forms.BoundField]]:
        """Each account that speaks one language, with its field."""
        return translating.speakers(self)

    @property
    def languages_open(self) -> bool:
        """Whether it is said in any other language, or something about one is not understood."""
        return any(block.text.value() or block.text.errors for block in self.languages)

    @property
    def own_open(self) -> bool:
        """Whether any account says it in other words."""
        return any(field.value() for _account, field in self.own_fields)

    def written(self, added: Sequence[MediaFile] = ()) -> Writing:
        """Return what was typed, with files that were added just now."""
        data = self.cleaned_data
        rows = [row for row in self.media_rows if not data[f"remove:{row.sha256}"]]
        rows += [row for row in added if row.kind != "captions" and row not in rows]
        captions = [row.sha256 for row in added if row.kind == "captions"]
        content = Content(
            text=data["text"].replace("\r\n", "\n"),
            title=data["title"],
            language=data["language"],
            link=data["link"],
            media=tuple(
                _as_media(
                    row, data.get(f"alt:{row.sha256}", ""), data.get(f"captions:{row.sha256}") or _next(row, captions)
                )
                for row in rows
            ),
            own={account: data[name].replace("\r\n", "\n") for account, name in self.own_names.items() if data[name]},
            urgent=data["urgent"],
            corrects=self.writing.content.corrects,
            beats=tuple(data["beats"]) if "beats" in self.fields else self.writing.content.beats,
        )
        content = translating.written(self, content, self.writing.content)
        accounts = data["accounts"] if self.corrects is None else self.writing.accounts
        return Writing(content, tuple(accounts), data["due"], data["expires"], data["seen"])


def _next(row: MediaFile, captions: list[str]) -> str:
    """Return the captions that were added for a video, the first ones for the first."""
    return captions.pop(0) if row.kind == "video" and captions else ""


def _as_media(row: MediaFile, alt: str, captions: str) -> Media:
    return Media(
        row.sha256,
        "video" if row.kind == "video" else "image",
        row.type,
        row.size,
        alt=alt.strip(),
        captions=captions,
        width=row.width,
        height=row.height,
    )


def _initial(writing: Writing) -> dict[str, Any]:
    content = writing.content
    return {
        "text": content.text,
        "title": content.title,
        "link": content.link,
        "language": content.language,
        "urgent": content.urgent,
        "beats": list(content.beats),
        "accounts": list(writing.accounts),
        "due": writing.due,
        "expires": writing.expires,
        "seen": writing.seen,
    }


class HourForm(forms.Form):
    """Another hour for a message."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: MultiValueDict[str, Any] | None = None, *, agency: Agency, version: Version) -> None:
        super().__init__(data, initial={"seen": version.number, "due": version.due, "expires": version.expires})
        self.fields["due"] = HourField(agency, label=_("Leaves at"), help_text=_("Empty: as soon as it is approved."))
        self.fields["expires"] = HourField(agency, label=_("Not after"))


class SettleForm(forms.Form):
    """What a person decides about a delivery of which nobody knows whether the network has it."""

    decision = forms.ChoiceField(
        choices=[("sent", _("It is there")), ("again", _("Send it again")), ("give-up", _("Give it up"))]
    )
    url = forms.URLField(required=False, max_length=1000, assume_scheme="https")
    remote_id = forms.CharField(required=False, max_length=500)
