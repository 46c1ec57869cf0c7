"""The form an alert is written in: facts once, words in each language of the agency, an area from beats, shapes or circles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from callbox.desk.alerts import words
from callbox.desk.voice.forms import HourField
from callbox.networks.connections.models import Connection
from callbox.operations.cap import geometry
from callbox.operations.cap.vocabulary import Area, Circle, Content, Info
from callbox.operations.cap.words import Problem
from callbox.operations.cap.writing import circle_text, polygon_text
from callbox.operations.services.alert_messages import PAPER, said
from callbox.people.models import Agency, Beat

#: Fields that every language has of its own, in their order: name, label, rows, longest.
_SAID = (
    ("headline", _("Headline"), 2, 160),
    ("description", _("What happens"), 4, 4_000),
    ("instruction", _("What people should do"), 3, 2_000),
    ("event", _("Kind of event, in a word or two"), 1, 120),
    ("place", _("Where, in words"), 2, 300),
)


class AlertForm(forms.Form):
    """One alert. It checks form, not right: what stands in the way of an alert is said beside its preview."""

    category = forms.MultipleChoiceField(
        label=_("What it is about"), choices=words.CATEGORY, widget=forms.CheckboxSelectMultiple
    )
    response = forms.MultipleChoiceField(
        label=_("What people should do"), choices=words.RESPONSE, widget=forms.CheckboxSelectMultiple, required=False
    )
    urgency = forms.ChoiceField(label=_("How soon must people act?"), choices=words.URGENCY)
    severity = forms.ChoiceField(label=_("How dangerous is it?"), choices=words.SEVERITY)
    certainty = forms.ChoiceField(label=_("How sure is it?"), choices=words.CERTAINTY)
    contact = forms.CharField(
        label=_("Whom to ask"),
        help_text=_("A number that is answered, or nothing."),
        required=False,
        max_length=200,
    )
    beats = forms.MultipleChoiceField(label=_("Beats it holds in"), required=False, widget=forms.CheckboxSelectMultiple)
    shapes = forms.CharField(
        label=_("Or shapes"),
        help_text=_(
            "GeoJSON from a map, or points as CAP writes them, latitude first, the first point again at the end, a line a shape: "
            "51.50,-0.12 51.51,-0.12 51.51,-0.10 51.50,-0.12"
        ),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    circles = forms.CharField(
        label=_("Or circles"),
        help_text=_("Latitude,longitude and kilometres, a line a circle: 51.5072,-0.1276 2"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    accounts = forms.MultipleChoiceField(
        label=_("Accounts that tell it as well"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: MultiValueDict[str, Any] | None = None,
        *,
        agency: Agency,
        content: Content,
        accounts: Sequence[str] = (),
        exercise: bool,
        seen: int = 0,
    ) -> None:
        first = content.first
        super().__init__(data, initial=_initial(first, accounts, seen))
        self.agency, self.content = agency, content
        self.fields["onset"] = HourField(agency, label=_("Begins"), help_text=_("Empty: at once."))
        self.fields["expires"] = HourField(
            agency, label=_("Holds until"), help_text=_("After that it is taken from the page and the feed by itself.")
        )
        self._beats()
        self._accounts(accounts, exercise=exercise)
        self.languages = list(
            dict.fromkeys([*(info.language for info in content.infos if _says(info)), *(agency.languages or ["en"])])
        )
        self._said()

    def _beats(self) -> None:
        rows = Beat.objects.of(self.agency).standing()
        self.shapes_of = {row.code: row.shape for row in rows if row.shape}
        names = [(row.code, row.name) for row in rows if row.shape]
        cast("forms.MultipleChoiceField", self.fields["beats"]).choices = names
        if not names:
            del self.fields["beats"]

    def _accounts(self, chosen: Sequence[str], *, exercise: bool) -> None:
        connected = Connection.objects.of(self.agency).exclude(state="ended").values_list("account", flat=True)
        offered = [name for name in connected if not exercise or name.partition(":")[0] == PAPER]
        cast("forms.MultipleChoiceField", self.fields["accounts"]).choices = [
            (name, name) for name in dict.fromkeys([*offered, *chosen])
        ]
        if exercise:
            self.fields["accounts"].help_text = _("An exercise is told on accounts on paper only.")

    def _said(self) -> None:
        known = {info.language: info for info in self.content.infos}
        for language in self.languages:
            info = known.get(language)
            for name, label, rows, longest in _SAID:
                value = (info.areas[0].description if info.areas else "") if info and name == "place" else ""
                self.fields[f"{name}:{language}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=longest,
                    widget=forms.Textarea(attrs={"rows": rows, "lang": language, "dir": "auto"}) if rows > 1 else None,
                    initial=value or (getattr(info, name, "") if info else ""),
                )

    @property
    def texts(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Each language with its name and fields."""
        return [
            (code, words.LANGUAGE_NAMES.get(code, code), [self[f"{name}:{code}"] for name, *_rest in _SAID])
            for code in self.languages
        ]

    def clean_shapes(self) -> tuple[geometry.Ring, ...]:
        """Return the outlines that were pasted."""
        text = str(self.cleaned_data["shapes"])
        return tuple(_parsed(geometry.parse, text)) if text.strip() else ()

    def clean_circles(self) -> tuple[Circle, ...]:
        """Return the circles that were typed."""
        return tuple(_parsed(_circles, str(self.cleaned_data["circles"])))

    def written(self) -> Content:
        """Return what was typed. A language of which nothing was typed is left out."""
        data = self.cleaned_data
        rings = [*data["shapes"], *self._chosen(data.get("beats", ()))]
        first = self.content.first
        infos = []
        for language in self.languages:
            said_ = {name: data[f"{name}:{language}"].replace("\r\n", "\n").strip() for name, *_rest in _SAID}
            place = said_.pop("place")
            if language != self.languages[0] and not any(said_.values()) and not place:
                continue
            shaped = bool(place or rings or data["circles"])
            infos.append(
                Info(
                    language=language,
                    category=tuple(data["category"]),
                    response=tuple(data["response"]),
                    urgency=data["urgency"],
                    severity=data["severity"],
                    certainty=data["certainty"],
                    onset=data["onset"],
                    expires=data["expires"],
                    contact=data["contact"],
                    event_codes=first.event_codes,
                    parameters=first.parameters,
                    areas=(Area(place, tuple(rings), data["circles"]),) if shaped else (),
                    **said_,
                )
            )
        return Content(tuple(infos))

    def _chosen(self, codes: Sequence[str]) -> list[geometry.Ring]:
        """Return the outlines of beats; a hole in one is filled, so that nobody inside is left out."""
        return [ring for code in codes for ring in geometry.from_geojson(self.shapes_of[code], outlines=True)]


def _says(info: Info) -> bool:
    """Whether anything was written in a language, so that its fields are shown again."""
    return bool(info.areas) or any(getattr(info, name, "") for name, *_rest in _SAID)


def _circles(text: str) -> list[Circle]:
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        point, _blank, radius = line.partition(" ")
        try:
            ((lat, lon),) = geometry.points(point)
            found.append(Circle(lat, lon, float(radius)))
        except ValueError:
            raise ValueError(Problem("bad_circle", f"line {number}", {"text": line[:60]})) from None
    return found


def _parsed[T](parse: Any, text: str) -> list[T]:
    try:
        return cast("list[T]", parse(text))
    except ValueError as error:
        raise ValidationError(said([error.args[0]])) from None


def _initial(first: Info, accounts: Sequence[str], seen: int) -> dict[str, Any]:
    area = first.areas[0] if first.areas else Area("")
    return {
        "category": list(first.category),
        "response": list(first.response),
        "urgency": first.urgency,
        "severity": first.severity,
        "certainty": first.certainty,
        "contact": first.contact,
        "onset": first.onset,
        "expires": first.expires,
        "shapes": "\n".join(polygon_text(ring) for ring in area.polygons),
        "circles": "\n".join(circle_text(circle) for circle in area.circles),
        "accounts": list(accounts),
        "seen": seen,
    }
