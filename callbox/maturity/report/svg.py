"""From matplotlib's SVG to one that a page can hold under a strict content security policy, and that a screen reader can name.

No style attribute and no style element (a policy without `unsafe-inline` drops both), no fixed size, only ids that are referenced, each
with the drawing's prefix. In a page colours are `currentColor` with one class; on paper they are plain colours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import ElementTree

_SVG: Final = "{http://www.w3.org/2000/svg}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
#: Characters that XML 1.0 does not allow or that steer a terminal, and those that turn the direction of the text around them.
_NOT_TEXT: Final = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Space that may become one blank; the one between a figure and its unit stays as it is.
_SPACE: Final = re.compile("[ \t\n\r\u2028\u2029]+")
_TURNING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

SCREEN_FONTS: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
PRINT_FONTS: Final = "'Source Sans 3', 'DejaVu Sans'"


class Ink(StrEnum):
    """The five inks of every drawing. A page colours them by class; `INK` is the colour of the text around the picture."""

    INK = "#1c2329"
    ACCENT = "#1f4e79"
    MUTED = "#5b6670"
    GRID = "#ccd2d8"
    PAPER = "#ffffff"


_CLASSES: Final[Mapping[str, str]] = {
    Ink.ACCENT: "cb-accent",
    Ink.MUTED: "cb-muted",
    Ink.GRID: "cb-grid",
    Ink.PAPER: "cb-paper",
}


def clean(text: str, *, limit: int = 2000) -> str:
    """Return `text` on one line, without control characters and those that turn others around, at most `limit` characters."""
    line = _SPACE.sub(" ", _TURNING.sub("", _NOT_TEXT.sub("", text))).strip()
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def finish(raw: str, *, prefix: str, title: str, description: str, texts: Mapping[str, str], page: bool) -> str:
    """Return matplotlib's SVG `raw` finished for a page, or for print.

    texts: what stands for each text that was drawn; matplotlib only ever sees the keys, so no name is read as mathematics.
    """
    root = ElementTree.fromstring(raw)
    for element in list(root):
        if not _tidy(element, texts):
            root.remove(element)
    _flatten(root)
    used = _references(root)
    for element in root.iter():
        _rename(element, used, prefix)
        if page:
            _colour_by_class(element)
    _head(root, prefix, clean(title), clean(description), page=page)
    return tostring(root, encoding="unicode")


def _tidy(element: Element, texts: Mapping[str, str]) -> bool:
    """Make `element` and what it holds plain; False when nothing of it is to be kept."""
    element.tag = element.tag.removeprefix(_SVG)
    if element.tag in {"metadata", "style"}:
        return False
    _unstyle(element)
    if element.tag == "text":
        element.text = texts[(element.text or "").strip()]
    for child in list(element):
        if not _tidy(child, texts):
            element.remove(child)
    if element.text and not element.text.strip():
        element.text = None
    element.tail = None
    return element.tag not in {"g", "defs"} or len(element) > 0


def _flatten(element: Element) -> None:
    """Lift what stands in groups that say nothing themselves (matplotlib wraps every artist in one)."""
    children: list[Element] = []
    for child in element:
        _flatten(child)
        children.extend(child if child.tag == "g" and not set(child.attrib) - {"id"} else [child])
    element[:] = children


def _unstyle(element: Element) -> None:
    for part in (element.attrib.pop("style", "") or "").split(";"):
        name, _, value = part.partition(":")
        if value and name.strip() != "font-family":
            element.set(name.strip(), value.strip())
    if "d" in element.attrib:
        element.set("d", " ".join(element.get("d", "").split()))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if (target := element.attrib.pop(f"{_XLINK}href", None)) is not None:
        element.set("href", target)


def _references(root: Element) -> set[str]:
    values = [value for element in root.iter() for value in element.attrib.values()]
    return {name for value in values for name in _REFERENCE.findall(value)} | {
        v[1:] for v in values if v.startswith("#")
    }


def _rename(element: Element, used: set[str], prefix: str) -> None:
    name = element.attrib.pop("id", None)
    if name in used:
        element.set("id", f"{prefix}-{name}")
    for key, value in element.attrib.items():
        element.set(key, _REFERENCE.sub(rf"url(#{prefix}-\1)", value))
    if element.get("href", "").startswith("#"):
        element.set("href", f"#{prefix}-{element.get('href', '')[1:]}")


def _colour_by_class(element: Element) -> None:
    for key in ("fill", "stroke"):
        colour = element.get(key)
        if colour in set(Ink):
            element.set(key, "currentColor")
            if name := _CLASSES.get(colour):
                element.set("class", name)


def _head(root: Element, prefix: str, title: str, description: str, *, page: bool) -> None:
    root.tag = "svg"
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {
        "xmlns": "http://www.w3.org/2000/svg",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "font-family": SCREEN_FONTS if page else PRINT_FONTS,
        "stroke-linejoin": "round",  # matplotlib says these two in a style element
        "stroke-linecap": "butt",
    }
    if page:
        root.set("fill", "currentColor")
    root.set("class", "cb-chart")
    root.text = root.tail = None
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = SubElement(root, tag, {"id": f"{prefix}-{tag}"})
        element.text = text
        root.remove(element)
        root.insert(place, element)
