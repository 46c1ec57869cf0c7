"""The printed reports: tagged PDF that the compiler has checked against PDF/UA-1 (skipped headings and missing alternatives are errors)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from callbox.maturity.report import tables
from callbox.maturity.report.canvas import Chart
from callbox.maturity.report.inputs import ReportInput
from callbox.maturity.report.page import charts_of, page_data
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
        **{f"{name}.svg": _shown(_JOINING.sub("", chart.printed())).encode() for name, chart in charts.items()},
    }


def _compile(template: str, report: ReportInput, data: dict[str, Any]) -> bytes:
    import typst  # noqa: PLC0415  (a large extension that few commands need)

    made: bytes = cast(Any, typst).compile(  # its types forget the mapping of files
        files(template, report, data),
        format="pdf",
        pdf_standards="ua-1",
        font_paths=[str(_FONTS), str(_matplotlib_fonts())],
        ignore_system_fonts=True,  # the same report on every machine
        timestamp=report.profile.as_of.astimezone(UTC),
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
        "record-line": clean(_record_line(report), limit=420) or "Nothing is known about the files.",
        "sources": clean("Sources: " + "; ".join(sources), limit=_LINE),
    }


def _record_line(report: ReportInput) -> str:
    """Return what was read in a line: each file with its counts; of a record that names no files, every fact."""
    files = report.profile.record.get("files", ())
    told = [
        f"{file['name']}: {file['kept']:,} records kept, {file.get('set_aside', 0):,} set aside."
        for file in files
        if isinstance(file, Mapping) and "name" in file and isinstance(file.get("kept"), int)
    ]
    return " ".join(told) or "; ".join(f"{fact}: {value}" for fact, value in tables.readable(tables.record(report)))


def _link(area: Mapping[str, Any]) -> str:
    names = [f"{one['id']} {one['name']}" for one in area["weakest"]]
    if not names:
        return "; ".join(area["reasons"]) or "–"
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _printable(value: Any) -> Any:
    """Return plain JSON values with every text in a form that can be set: known characters, no runs wider than a column."""
    match value:
        case str():
            return _UNBROKEN.sub(_breakable, _shown(clean(value, limit=_CELL)))
        case dict():
            return {key: _printable(inner) for key, inner in value.items()}
        case list():
            return [_printable(inner) for inner in value]
    return value


def _breakable(run: re.Match[str]) -> str:
    return "\N{ZERO WIDTH SPACE}".join(re.findall(".{1,12}", run[0]))


def _shown(text: str) -> str:
    known = _known()
    return "".join(letter if letter < "\x7f" or ord(letter) in known else _MISSING for letter in text)


@cache
def _known() -> frozenset[int]:
    """Return the characters our fonts can show."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    fonts = [_FONTS / "SourceSans3-Regular.ttf", _matplotlib_fonts() / "DejaVuSans.ttf"]
    return frozenset(code for font in fonts for code in FT2Font(str(font)).get_charmap())


@cache
def _matplotlib_fonts() -> Path:
    """Return the folder of DejaVu Sans, which comes with matplotlib and knows most alphabets."""
    import matplotlib as mpl  # noqa: PLC0415

    return Path(mpl.get_data_path()) / "fonts" / "ttf"
