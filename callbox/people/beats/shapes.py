"""Beats from a GeoJSON file (RFC 7946): every outline closed, not crossing itself, on this earth; or every mistake with its feature."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape

#: The largest file, the most beats and the most corners in it.
LARGEST: Final = 2_000_000
MOST_BEATS: Final = 500
MOST_CORNERS: Final = 100_000
#: Of a meeting: the first and the last years there are cannot be put on every clock of the earth.
YEARS: Final = range(2000, 2101)
#: Mistakes told at once.
MOST_PROBLEMS: Final = 20
_CODE: Final = re.compile(r"[-a-zA-Z0-9_]{1,40}\Z")
_PLACE: Final = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)")


class UnusableError(Exception):
    """A file cannot be used. problems: a sentence each, with the number of the feature or line."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _WrongError(Exception):
    """What is wrong with one feature."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One beat of a file. shape: its geometry, longitude and latitude in degrees.  The rest as `people.models.Beat` has it."""

    code: str
    name: str
    shape: Mapping[str, Any]
    team: tuple[Mapping[str, str], ...] = ()
    hours: str = ""
    contact: str = ""
    meetings: tuple[Mapping[str, str], ...] = ()
    priorities: tuple[str, ...] = ()


def read(data: bytes) -> tuple[Drawn, ...]:
    """Return the beats of a FeatureCollection, in its order.

    Properties of a feature: code, name, team [{name, rank, hours}], hours, contact, meetings [{at, title, place}], priorities [text];
    code and name are needed.

    Raises:
        UnusableError: one sentence a mistake; then nothing of the file is to be used.
    """
    features = _features(data)
    found: list[Drawn] = []
    problems: list[str] = []
    corners = 0
    for number, feature in enumerate(features, start=1):
        try:
            drawn = _drawn(feature)
            if drawn.code in {each.code for each in found}:
                raise _WrongError(_("its code “%(code)s” stands in the file twice") % {"code": drawn.code})
        except _WrongError as wrong:
            problems.append(
                _("Feature %(number)d: %(what)s.") % {"number": number, "what": f"{_named(feature)}{wrong}"}
            )
            continue
        corners += int(shapely.get_num_coordinates(shape(drawn.shape)))
        found.append(drawn)
    if corners > MOST_CORNERS:
        problems.append(_("The outlines have more than %(most)d corners. Simplify them.") % {"most": MOST_CORNERS})
    if problems:
        raise UnusableError(*problems[:MOST_PROBLEMS])
    return tuple(found)


def _features(data: bytes) -> list[Any]:
    if len(data) > LARGEST:
        raise UnusableError(_("The file is larger than %(most)d bytes. Simplify the outlines.") % {"most": LARGEST})
    try:
        whole = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        json.dumps(
            whole, ensure_ascii=False, allow_nan=False
        ).encode()  # half a sign, or a number without end, can be read and not kept
    except (ValueError, RecursionError) as error:
        place = f" {error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnusableError(_("The file is no GeoJSON: it cannot be read as JSON.") + place) from None
    features = whole.get("features") if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise UnusableError(_("The file holds no FeatureCollection with at least one feature."))
    if len(features) > MOST_BEATS:
        raise UnusableError(_("The file holds more than %(most)d beats.") % {"most": MOST_BEATS})
    return features


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _named(feature: object) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    return f"{code[:40]}: " if isinstance(code, str) and code else ""


def _drawn(feature: object) -> Drawn:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _WrongError(_("it is no Feature"))
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise _WrongError(_("it has no properties"))
    code = properties.get("code")
    if not isinstance(code, str) or not _CODE.match(code):
        raise _WrongError(_("its code must be 1 to 40 letters, digits, - or _"))
    name = _text(properties, "name", 120)
    if not name:
        raise _WrongError(_("it has no name"))
    return Drawn(
        code=code,
        name=name,
        shape=_shape(feature.get("geometry")),
        team=tuple(_team(properties)),
        hours=_text(properties, "hours", 200),
        contact=_text(properties, "contact", 200),
        meetings=tuple(_meetings(properties)),
        priorities=tuple(_line(each, "priorities", 300) for each in _list(properties, "priorities")),
    )


def _text(values: Mapping[str, Any], name: str, most: int) -> str:
    value = values.get(name)
    return "" if value is None else _line(value, name, most)


def _line(value: object, name: str, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise _WrongError(_("“%(name)s” must be text of at most %(most)d characters") % {"name": name, "most": most})
    return " ".join(value.split())


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > 50:
        raise _WrongError(_("“%(name)s” must be a list of at most 50") % {"name": name})
    return value


def _team(properties: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for each in _list(properties, "team"):
        if not isinstance(each, dict):
            raise _WrongError(_("“team” must be a list of {name, rank, hours}"))
        person = {name: _text(each, name, 120) for name in ("name", "rank", "hours")}
        if not person["name"]:
            raise _WrongError(_("somebody in its team has no name"))
        yield {name: value for name, value in person.items() if value}


def _meetings(properties: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for each in _list(properties, "meetings"):
        if not isinstance(each, dict):
            raise _WrongError(_("“meetings” must be a list of {at, title, place}"))
        try:
            at = datetime.fromisoformat(_text(each, "at", 40))
        except ValueError:
            raise _WrongError(_("a meeting’s “at” must be a day and hour like 2026-05-03T18:30")) from None
        if at.year not in YEARS:
            raise _WrongError(_("a meeting’s “at” must lie between the years 2000 and 2100"))
        yield {
            "at": at.isoformat(timespec="minutes"),
            "title": _text(each, "title", 200),
            "place": _text(each, "place", 200),
        }


def _shape(geometry: object) -> dict[str, Any]:
    """Return the geometry with its corners as pairs; heights are left out."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in {"Polygon", "MultiPolygon"}:
        raise _WrongError(_("its geometry must be a Polygon or a MultiPolygon"))
    given = geometry.get("coordinates")
    if kind == "Polygon":
        plain: dict[str, Any] = {"type": "Polygon", "coordinates": _rings(given)}
    else:
        if not isinstance(given, list) or not given:
            raise _WrongError(_("its geometry is empty"))
        plain = {"type": "MultiPolygon", "coordinates": [_rings(each) for each in given]}
    made = shape(plain)
    if not made.is_valid:
        raise _WrongError(_crossing(made))
    if not made.area:
        raise _WrongError(_("its geometry is empty"))
    return plain


def _rings(given: object) -> list[list[list[float]]]:
    if not isinstance(given, list) or not given:
        raise _WrongError(_("its geometry is empty"))
    return [_ring(each) for each in given]


def _ring(given: object) -> list[list[float]]:
    corners = [_corner(each) for each in given] if isinstance(given, list) else []
    if len(corners) < 4:
        raise _WrongError(_("an outline has fewer than four corners"))
    if corners[0] != corners[-1]:
        raise _WrongError(_("an outline is not closed: its last corner must be its first"))
    return corners


def _corner(given: object) -> list[float]:
    if not isinstance(given, list) or len(given) < 2 or any(type(each) not in {int, float} for each in given):
        raise _WrongError(_("a corner must be longitude and latitude in degrees"))
    longitude, latitude = given[0], given[1]
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise _WrongError(
            _("the corner %(corner)s lies outside the world; a corner is longitude, then latitude")
            % {"corner": f"{str(longitude)[:20]}, {str(latitude)[:20]}"}
        )
    return [float(longitude), float(latitude)]


def _crossing(made: shapely.Geometry) -> str:
    why = shapely.is_valid_reason(made)
    place = _PLACE.search(why)
    if place is None:
        return _("its outline crosses or touches itself")
    where = {"longitude": place[1], "latitude": place[2]}
    return _("its outline crosses or touches itself near longitude %(longitude)s, latitude %(latitude)s") % where
