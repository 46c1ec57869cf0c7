"""A message as XML, the same bytes for the same message. Nothing is judged here: `checking` does, before and after."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from lxml import etree

from callbox.operations.cap import geometry
from callbox.operations.cap.vocabulary import (
    DECIMALS,
    NAMESPACE,
    Area,
    Circle,
    Info,
    Message,
    Pair,
    Point,
    Resource,
    stamp,
)

_Q: Final = f"{{{NAMESPACE}}}"
_PAIR: Final = f"%.{DECIMALS}f,%.{DECIMALS}f"
_ZEROS: Final = re.compile(r"\.?0+(?![0-9.])")


def write(message: Message) -> bytes:
    """Return the message as UTF-8.

    Raises:
        ValueError: a text holds a sign that XML cannot, or a time has no zone.
    """
    root = etree.Element(f"{_Q}alert", nsmap={None: NAMESPACE})
    _put(root, "identifier", message.identifier)
    _put(root, "sender", message.sender)
    _put(root, "sent", stamp(message.sent))
    _put(root, "status", message.status)
    _put(root, "msgType", message.kind)
    _say(root, "source", message.source)
    _put(root, "scope", message.scope)
    _say(root, "restriction", message.restriction)
    _say(root, "addresses", message.addresses)
    for code in message.codes:
        _put(root, "code", code)
    _say(root, "note", message.note)
    _say(root, "references", " ".join(each.text for each in message.references))
    _say(root, "incidents", message.incidents)
    for info in message.infos:
        _info(etree.SubElement(root, f"{_Q}info"), info)
    etree.indent(root)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data + b"\n"


def _info(place: etree._Element, info: Info) -> None:
    _put(place, "language", info.language)
    for category in info.category:
        _put(place, "category", category)
    _put(place, "event", info.event)
    for response in info.response:
        _put(place, "responseType", response)
    _put(place, "urgency", info.urgency)
    _put(place, "severity", info.severity)
    _put(place, "certainty", info.certainty)
    _say(place, "audience", info.audience)
    _pairs(place, "eventCode", info.event_codes)
    _when(place, "effective", info.effective)
    _when(place, "onset", info.onset)
    _when(place, "expires", info.expires)
    _say(place, "senderName", info.sender_name)
    _say(place, "headline", info.headline)
    _say(place, "description", info.description)
    _say(place, "instruction", info.instruction)
    _say(place, "web", info.web)
    _say(place, "contact", info.contact)
    _pairs(place, "parameter", info.parameters)
    for resource in info.resources:
        _resource(etree.SubElement(place, f"{_Q}resource"), resource)
    for area in info.areas:
        _area(etree.SubElement(place, f"{_Q}area"), area)


def _area(place: etree._Element, area: Area) -> None:
    _put(place, "areaDesc", area.description)
    for ring in area.polygons:
        _put(place, "polygon", polygon_text(ring))
    for circle in area.circles:
        _put(place, "circle", circle_text(circle))
    _pairs(place, "geocode", area.geocodes)
    for name, value in (("altitude", area.altitude), ("ceiling", area.ceiling)):
        _say(place, name, "" if value is None else _number(value))


def _resource(place: etree._Element, resource: Resource) -> None:
    _put(place, "resourceDesc", resource.description)
    _put(place, "mimeType", resource.type)
    _say(place, "size", "" if resource.size is None else str(resource.size))
    _say(place, "uri", resource.uri)
    _say(place, "digest", resource.digest)


@lru_cache(maxsize=32)
def polygon_text(ring: tuple[Point, ...]) -> str:
    """Return an outline as CAP writes it; every language has the same, so the last ones are kept."""
    numbers = itertools.chain.from_iterable(geometry.rounded(ring))
    return _ZEROS.sub("", " ".join([_PAIR] * len(ring)) % tuple(numbers))


def circle_text(circle: Circle) -> str:
    """Return a circle as CAP writes it."""
    centre = ((circle.latitude, circle.longitude),)
    return f"{polygon_text(centre)} {_number(circle.radius)}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _pairs(place: etree._Element, name: str, pairs: Iterable[Pair]) -> None:
    for key, value in pairs:
        pair = etree.SubElement(place, f"{_Q}{name}")
        _put(pair, "valueName", key)
        _put(pair, "value", value)


def _when(place: etree._Element, name: str, moment: datetime | None) -> None:
    if moment is not None:
        _put(place, name, stamp(moment))


def _say(place: etree._Element, name: str, text: str) -> None:
    """Write an element that may be left out."""
    if text:
        _put(place, name, text)


def _put(place: etree._Element, name: str, text: str) -> None:
    etree.SubElement(place, f"{_Q}{name}").text = text
