"""The printed reports: tagged PDF that the compiler has checked against PDF/UA-1 (skipped headings and missing alternatives are errors)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from callbox.maturity.report.canvas import Chart
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.page import charts_of, page_data, record_line
from callbox.maturity.report.svg import clean

_HERE: Final = Path(__file__).parent
_FONTS: Final = _HERE / "fonts"
#: Stands for a character that no font of ours can show; PDF/UA-1 forbids the empty box a viewer would draw.
_MISSING: Final = "\N{WHITE SQUARE}"
#: A run without a break this long gets places to break at, so that it stays on the page.
_UNBROKEN: Final = re.compile(r"\S{31,}")
#: Invisible joiners and variants; in a picture's text the compiler cannot map them back to characters, which PDF/UA-1 asks for.
_JOINING: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]")
#: Longest text of a cell, and of a name in a heading.
_CELL: Final = 700
_NAME: Final = 110
_LINE: Final = 190
#: The charts of the one page and the pixels they are drawn for: about 1.4 to a point, so that letters are of 8 points.
_WIDTHS: Final[Mapping[str, Mapping[str, float]]] = {"one_page.typ": {"profile": 430, "trend": 430, "benchmark": 300}}


def one_page(report: ReportInput) -> bytes:
    """Return the page for the chief as PDF.

    Raises:
        typst.TypstError: the page does not pass PDF/UA-1; that is a fault of ours.
    """
    data = page_data(report)
    for found in data["findings"]:
        found["headline"] = clean(found["headline"], limit=_LINE)
        found["because"] = [clean(why, limit=_LINE) for why in found["because"]]
    return _compile("one_page.typ", report, data)


def full(report: ReportInput) -> bytes:
    """Return the full report as PDF.

    Raises:
        typst.TypstError: the report does not pass PDF/UA-1; that is a fault of ours.
    """
    return _compile("full.typ", report, page_data(report))


def files(template: str, report: ReportInput, data: dict[str, Any]) -> dict[str, bytes]:
    """Return the files Typst compiles, by name: the template as "main.typ", the data as JSON, the charts as SVG."""
    charts = charts_of(report, _WIDTHS.get(template))
    return {
        "main.typ": (_HERE / template).read_bytes(),
        "look.typ": (_HERE / "look.typ").read_bytes(),
        "data.json": json.dumps(_printable(_completed(report, data, charts)), ensure_ascii=False).encode(),
        **{f"{name}.svg": picture(chart).encode() for name, chart in charts.items()},
    }


def _compile(template: str, report: ReportInput, data: dict[str, Any]) -> bytes:
    return compiled(files(template, report, data), at=report.profile.as_of)


def compiled(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """Return `files` as PDF dated `at`, checked against PDF/UA-1.

    Raises:
        typst.TypstError: the document does not pass.
    """
    import typst  # noqa: PLC0415  (a large extension that few commands need)

    made: bytes = cast(Any, typst).compile(  # its types forget the mapping of files
        dict(files),
        format="pdf",
        pdf_standards="ua-1",
        font_paths=[str(_FONTS), str(_matplotlib_fonts())],
        ignore_system_fonts=True,  # the same report on every machine
        timestamp=at.astimezone(UTC).replace(microsecond=0),  # Typst takes no finer one
    )
    return made


def _completed(report: ReportInput, data: dict[str, Any], charts: Mapping[str, Chart]) -> dict[str, Any]:
    """Add what only print needs: the date for the document, the charts' words, lines that are put together."""
    as_of = report.profile.as_of
    agency = clean(data["agency"], limit=_NAME) or "an agency without a name"
    sources = dict.fromkeys(f"{row.source}, {row.as_of.isoformat()}" for row in report.benchmark)
    return data | {
        "title": f"Social media maturity of {agency}",
        "short-agency": clean(agency, limit=60),
        "date": {"year": as_of.year, "month": as_of.month, "day": as_of.day},
        "charts": {name: {"title": chart.title, "description": chart.description} for name, chart in charts.items()},
        "areas": [area | {"link": _link(area)} for area in data["areas"]],
        "record-line": clean(record_line(report), limit=420),
        "sources": clean("Sources: " + "; ".join(sources), limit=_LINE),
    }


def _link(area: Mapping[str, Any]) -> str:
    names = [f"{one['id']} {one['name']}" for one in area["weakest"]]
    if not names:
        return "; ".join(area["reasons"]) or "–"
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _printable(value: Any) -> Any:
    """Return plain JSON values with every text in a form that can be set: known characters, no runs wider than a column."""
    match value:
        case str():
            return _UNBROKEN.sub(_breakable, _shown(clean(value, limit=_CELL), _fonts()))
        case dict():
            return {key: _printable(inner) for key, inner in value.items()}
        case list():
            return [_printable(inner) for inner in value]
    return value


def _breakable(run: re.Match[str]) -> str:
    return "\N{ZERO WIDTH SPACE}".join(re.findall(".{1,12}", run[0]))


def picture(chart: Chart) -> str:
    """Return a chart's SVG for print, in characters the compiler can map back from a picture, as PDF/UA-1 asks.

    There it loses the thread where a text changes fonts, bears separate marks or mixes alphabets. A text that Source Sans 3 cannot
    show is set in DejaVu Sans when it is of one alphabet, and keeps only what Source Sans 3 has, with asterisks, when it is not. The
    table beside the chart has every text whole.
    """
    return re.sub("<text ([^>]*)>([^<]*)</text>", _in_one_font, chart.printed())


def _in_one_font(text: re.Match[str]) -> str:
    attributes, words = text.groups()
    if words.isascii():
        return text[0]
    first, second = _fonts()
    plain = "".join(letter for letter in unicodedata.normalize("NFC", words) if _stands_alone(letter))
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in plain if letter.isalpha()}
    if _shown(plain, (first,)) == plain or len(alphabets) > 1:
        return f"<text {attributes}>{_shown(plain, (first,), missing='*')}</text>"
    return f'<text {attributes} font-family="DejaVu Sans">{_shown(plain, (second,))}</text>'


def _stands_alone(letter: str) -> bool:
    return unicodedata.category(letter)[0] != "M" and not _JOINING.match(letter)


def _shown(text: str, families: Sequence[frozenset[int]], *, missing: str = _MISSING) -> str:
    """Return `text` with every letter `families` cannot show as a square; a mark none has together with its letter is dropped."""
    if text.isascii():
        return text
    shown: list[str] = []
    fonts: list[frozenset[int]] = []  # those that can show the letter and the marks it bears so far
    for letter in unicodedata.normalize("NFC", text):
        having = [font for font in families if ord(letter) in font or letter < " "]
        if unicodedata.category(letter).startswith("M"):
            fonts = [font for font in fonts if font in having]
            shown += [letter] if fonts else []
            continue
        fonts = having
        shown.append(letter if having else missing)
    return "".join(shown)


@cache
def _fonts() -> tuple[frozenset[int], ...]:
    """Return the characters each of our two families can show in both weights that are printed."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    def both(folder: Path, regular: str, strong: str) -> frozenset[int]:
        return frozenset.intersection(*(frozenset(FT2Font(str(folder / f)).get_charmap()) for f in (regular, strong)))

    return (
        both(_FONTS, "SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf"),
        both(_matplotlib_fonts(), "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    )


@cache
def _matplotlib_fonts() -> Path:
    """Return the folder of DejaVu Sans, which comes with matplotlib and knows most alphabets."""
    import matplotlib as mpl  # noqa: PLC0415

    return Path(mpl.get_data_path()) / "fonts" / "ttf"
