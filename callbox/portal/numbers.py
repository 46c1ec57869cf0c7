"""Telephone numbers on a page: read from left to right in every language, and called with a tap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: What a telephone can dial once blanks and signs are taken out; "555 0100 ext. 4" is only read.
_DIALLED: Final = re.compile(r"\+?[\d\s().-]*\d[\d\s().-]*")


@dataclass(frozen=True, slots=True)
class Number:
    """One number. dials: what a telephone is given, empty where it can only be read."""

    shown: str
    dials: str


def numbers(text: str) -> list[Number]:
    """Return the numbers in `112 / 911`, in their order."""
    return [Number(part, _dials(part)) for part in (each.strip() for each in text.split("/")) if part]


def written(text: str) -> SafeString:
    """Return a number, or several with a stroke between them, as they stand in a sentence of any direction of writing."""
    if not text:
        return SafeString()
    links = format_html_join(" / ", "{}", ((_link(each),) for each in numbers(text)))
    return format_html('<bdi dir="ltr">{}</bdi>', links)


def _link(number: Number) -> SafeString | str:
    return format_html('<a href="tel:{}">{}</a>', number.dials, number.shown) if number.dials else number.shown


def _dials(part: str) -> str:
    return re.sub(r"[^\d+]", "", part) if _DIALLED.fullmatch(part) else ""
