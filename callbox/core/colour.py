"""The agency's one colour, made readable on light and dark paper. Pure functions."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

#: The papers of callbox.css.
LIGHT_PAPER, DARK_PAPER = "#faf8f4", "#262521"
#: Least contrast of text, WCAG 2.2 criterion 1.4.3.
READABLE = 4.5


@dataclass(frozen=True, slots=True)
class Accent:
    """colour: links and filled buttons.  ink: text on the colour."""

    colour: str
    ink: str


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, glossary)."""
    linear = [
        value / 12.92 if (value := channel / 255) <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, glossary)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def accent_on(paper: str, colour: str) -> Accent:
    """Return the colour, darker on light paper or lighter on dark paper in steps of its own hue, until text in it is readable."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    end = 0.0 if luminance(paper) > 0.5 else 1.0
    steps = (colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / 40, saturation) for step in range(41))
    colours = ("#" + "".join(f"{round(channel * 255):02x}" for channel in step) for step in steps)
    found = next(candidate for candidate in colours if contrast(candidate, paper) >= READABLE)
    ink = max(("#ffffff", "#14181b"), key=lambda candidate: contrast(candidate, found))
    return Accent(found, ink)


def stylesheet(colour: str) -> str:
    """Return the agency's stylesheet: variables only, for light and dark."""
    light, dark = accent_on(LIGHT_PAPER, colour), accent_on(DARK_PAPER, colour)
    lines = "--cb-accent:{0.colour};--cb-accent-ink:{0.ink};"
    dark_lines = lines.format(dark)
    return (
        f":root,[data-bs-theme=light]{{{lines.format(light)}}}\n"
        f"[data-bs-theme=dark]{{{dark_lines}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-bs-theme]){{{dark_lines}}}}}\n"
        f"@media print{{:root{{{lines.format(light)}}}}}\n"
    )
