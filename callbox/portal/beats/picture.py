"""The beats as a picture that answers clicks without a script: an SVG whose pixels are known to the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
import shapely

from callbox.people.beats.ground import Frame, Ground

#: Widths it is drawn in, pixels: for a phone and for a desk. A browser tells a click in shown pixels, so it is never scaled.
SMALL: Final = 300
LARGE: Final = 620
#: Corners closer than this to a straight line are left out, pixels.
_FINE: Final = 0.6
#: Width of a letter, for guessing whether a name fits, pixels.
_LETTER: Final = 7.4
_DARK: Final = "@media (prefers-color-scheme: dark){.p{fill:#201f1c}.b{fill:#2c3b3e;stroke:#7fc0cc}.n{fill:#ece8e0;stroke:#201f1c}}"


def draw(ground: Ground, frame: Frame, names: Mapping[str, str]) -> str:
    """Return the picture. names: code -> what stands on the beat where there is room for it."""
    beats: list[str] = []
    labels: list[str] = []
    for code, outline in zip(ground.keys, ground.shapes, strict=True):
        beats.append(f'<path class="b" d="{"".join(_rings(outline, frame))}"/>')
        labels += _label(outline, frame, names[code])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.wide}" height="{frame.high}" viewBox="0 0 {frame.wide} {frame.high}">'
        f"<style>.p{{fill:#f3efe8}}.b{{fill:#dcebec;stroke:#1f5f6b;stroke-width:1.5}}"
        f".n{{fill:#22262a;stroke:#fff;stroke-width:3;paint-order:stroke;font:600 13px system-ui,sans-serif;text-anchor:middle}}"
        f"{_DARK}</style>"
        f'<rect class="p" width="100%" height="100%"/><g fill-rule="evenodd">{"".join(beats)}</g>{"".join(labels)}</svg>'
    )


def _rings(outline: shapely.Geometry, frame: Frame) -> Iterator[str]:
    for part in shapely.get_parts(outline):
        for ring in shapely.get_rings(part):
            corners = frame.pixels(shapely.get_coordinates(ring))
            kept = shapely.get_coordinates(shapely.LineString(corners).simplify(_FINE))
            yield "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept[:-1]) + "Z"


def _label(outline: shapely.Geometry, frame: Frame, name: str) -> Iterator[str]:
    west, south, east, north = outline.bounds
    wide, high = (east - west) * frame.across, (north - south) * frame.down
    if len(name) * _LETTER > wide * 0.95 or high < 18:
        return
    middle = outline.representative_point()
    ((x, y),) = frame.pixels(np.array([[middle.x, middle.y]]))
    half = len(name) * _LETTER / 2
    x = min(max(x, half + 4), frame.wide - half - 4)
    yield f'<text class="n" x="{x:.0f}" y="{y + 4:.0f}">{escape(name)}</text>'
