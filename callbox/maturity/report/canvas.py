"""A sheet to draw charts on: matplotlib with coordinates in CSS pixels, the origin at the top left, and no state of its own."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Literal

from callbox.maturity.report.svg import Ink, clean, finish
from callbox.maturity.report.table import Table

#: matplotlib keeps its fonts and settings for the whole process.
_LOCK: Final = Lock()
_POINTS: Final = 72.0


@dataclass(frozen=True)
class Chart:
    """One finished chart: what it is called, what it says in words, the same data as a table, and its picture.

    raw: matplotlib's own SVG; texts: what stands for each key in it.
    """

    name: str
    title: str
    description: str
    table: Table
    raw: str
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def svg(self) -> str:
        """The picture for a page, to be inlined: colours by class, no style."""
        return self.page()

    def page(self, prefix: str = "") -> str:
        """Return the picture for a page; `prefix` tells two equal charts on one page apart."""
        return self._finished(prefix or self._prefix, page=True)

    def printed(self) -> str:
        """Return the picture for print, in plain colours."""
        return self._finished(self._prefix, page=False)

    @property
    def _prefix(self) -> str:
        digest = hashlib.sha256((self.raw + repr(self.texts)).encode(errors="replace")).hexdigest()
        return f"{self.name}-{digest[:8]}"

    def _finished(self, prefix: str, *, page: bool) -> str:
        return finish(
            self.raw, prefix=prefix, title=self.title, description=self.description, texts=self.texts, page=page
        )


class Sheet:
    """A drawing under way. All lengths are pixels; `width` and `height` become the viewBox."""

    def __init__(self, width: float, height: float) -> None:
        # matplotlib takes a second to import; most commands and pages draw nothing.
        import matplotlib as mpl  # noqa: PLC0415
        from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
        from matplotlib.lines import Line2D  # noqa: PLC0415
        from matplotlib.patches import Rectangle  # noqa: PLC0415
        from matplotlib.text import Text  # noqa: PLC0415

        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "callbox", "hatch.linewidth": 1.1})
        self.width = width
        self._figure = Figure(figsize=(width / _POINTS, height / _POINTS), dpi=_POINTS)
        FigureCanvasSVG(self._figure)
        self._figure.patch.set_visible(False)
        axes = self._figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        self._axes = axes
        self._line, self._patch, self._text = Line2D, Rectangle, Text
        self._drawn = 0
        self._texts: dict[str, str] = {}

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        ink: Ink = Ink.INK,
        align: Literal["left", "center", "right"] = "left",
        strong: bool = False,
        room: float | None = None,
    ) -> None:
        """Write one line with its baseline at `y`; what does not fit `room` pixels (by a rough width) is cut with an ellipsis."""
        key = f"t{len(self._texts)}"
        self._texts[key] = clean(text, limit=int(room / (size * 0.49)) if room else 200)
        weight = "bold" if strong else "normal"
        self._add(self._text(x, y, key, fontsize=size, color=str(ink), ha=align, va="baseline", fontweight=weight))

    def bar(self, x: float, y: float, width: float, height: float, *, ink: Ink = Ink.INK, opacity: float = 1.0) -> None:
        """Draw a solid bar."""
        self._rectangle(x, y, width, height, facecolor=str(ink), linewidth=0, alpha=opacity)

    def hatched(self, x: float, y: float, width: float, height: float, *, ink: Ink = Ink.INK) -> None:
        """Draw an outlined bar with slanted lines, told from a solid one without colour."""
        self._rectangle(x, y, width, height, facecolor="none", edgecolor=str(ink), hatch="////", linewidth=1)

    def outline(self, x: float, y: float, width: float, height: float, *, ink: Ink = Ink.GRID) -> None:
        """Draw an empty box."""
        self._rectangle(x, y, width, height, facecolor="none", edgecolor=str(ink), linewidth=0.8)

    def line(
        self, points: Sequence[tuple[float, float]], *, ink: Ink = Ink.INK, width: float = 1.0, dashed: bool = False
    ) -> None:
        """Draw a line through `points`."""
        xs, ys = zip(*points, strict=True)
        dashes: Any = (0, (3, 2.4)) if dashed else "solid"
        self._add(self._line(xs, ys, color=str(ink), linewidth=width, linestyle=dashes))

    def mark(
        self,
        x: float,
        y: float,
        *,
        shape: Literal["o", "D"] = "o",
        size: float = 6,
        ink: Ink = Ink.INK,
        filled: bool = True,
    ) -> None:
        """Draw a dot or a diamond, filled or open."""
        face = str(ink) if filled else "none"
        self._add(
            self._line(
                [x], [y], marker=shape, markersize=size, markerfacecolor=face, markeredgecolor=str(ink),
                markeredgewidth=1.4, linestyle="none",
            )
        )  # fmt: skip

    def _rectangle(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        self._add(self._patch((x, y), width, height, **look))

    def _add(self, artist: Any) -> None:
        """Draw over what is there already."""
        self._drawn += 1
        artist.set(zorder=self._drawn, clip_on=False)
        self._axes.add_artist(artist)

    def chart(self, name: str, *, title: str, description: str, table: Table) -> Chart:
        """Return the finished chart."""
        out = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with _LOCK:
            self._figure.savefig(out, format="svg", metadata=nothing)
        return Chart(name, clean(title), clean(description), table, out.getvalue(), self._texts)
