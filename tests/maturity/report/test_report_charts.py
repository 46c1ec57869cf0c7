"""Charts: no style a strict policy would drop, the same data as their tables, no name that is read as anything but a name."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from callbox.maturity.report import activity_charts, charts
from callbox.maturity.report.canvas import Chart
from callbox.maturity.report.inputs import Activity, ReportInput
from callbox.maturity.report.page import charts_of
from callbox.maturity.report.svg import Ink, clean
from callbox.maturity.report.table import readable
from tests.maturity.report import sample

NAMES = ("profile", "trend", "benchmark", "practices", "cadence", "hours")


@pytest.fixture(scope="module")
def drawn() -> dict[str, Chart]:
    return charts_of(sample.full())


def parsed(svg: str) -> Element:
    root: Element = ElementTree.fromstring(svg)
    return root


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter() if local(element) == "text"]


def test_everything_a_report_can_draw_is_drawn(drawn: dict[str, Chart]) -> None:
    assert tuple(drawn) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_stands_under_a_strict_policy_and_has_no_fixed_size(drawn: dict[str, Chart], name: str) -> None:
    for svg in (drawn[name].svg, drawn[name].printed()):
        for element in parsed(svg).iter():
            assert local(element) not in {"style", "script", "metadata", "image"}
            assert "style" not in element.attrib
            assert not any(key.startswith("on") for key in element.attrib)
        root = parsed(svg)
        assert "viewBox" in root.attrib
        assert not {"width", "height"} & root.attrib.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_an_image_with_a_name_and_a_description(drawn: dict[str, Chart], name: str) -> None:
    root = parsed(drawn[name].svg)
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    title, description = (named[each] for each in root.get("aria-labelledby", "").split())
    assert root.get("role") == "img"
    assert (local(title), title.text) == ("title", drawn[name].title)
    assert (local(description), description.text) == ("desc", drawn[name].description)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_every_reference_is_answered(drawn: dict[str, Chart], name: str) -> None:
    ids = [element.get("id") for element in parsed(drawn[name].svg).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    svg = drawn[name].svg
    assert {*re.findall(r"url\(#([^)]+)\)", svg), *re.findall(r'href="#([^"]+)"', svg)} <= set(ids)


def test_the_same_chart_twice_on_a_page_shares_no_id(drawn: dict[str, Chart]) -> None:
    one, two = (set(re.findall(r'id="([^"]+)"', drawn["profile"].page(prefix))) for prefix in ("a", "b"))
    assert one
    assert not one & two


@pytest.mark.parametrize("name", NAMES)
def test_a_page_colours_by_class_and_print_by_colour(drawn: dict[str, Chart], name: str) -> None:
    page = {e.get(key, "none") for e in parsed(drawn[name].svg).iter() for key in ("fill", "stroke")}
    assert {colour for colour in page if not colour.startswith("url(")} <= {"currentColor", "none"}
    assert set(re.findall(r"#[0-9a-f]{6}", drawn[name].printed())) <= set(Ink)
    classes = {e.get("class") for e in parsed(drawn[name].svg).iter()} - {None}
    assert classes <= {"cb-chart", "cb-accent", "cb-muted", "cb-grid", "cb-paper"}


def test_the_profile_says_what_its_table_says(drawn: dict[str, Chart]) -> None:
    written = texts(drawn["profile"].svg)
    for _, name, shown, at_most, *_ in drawn["profile"].table.rows:
        told = str(shown) if shown == at_most else f"{shown} to {at_most}"
        assert written[written.index(str(name)) + 1] == told
        assert f"{name}: {told}" in drawn["profile"].description


def test_the_practices_and_the_comparison_say_what_their_tables_say(drawn: dict[str, Chart]) -> None:
    written = texts(drawn["practices"].svg)
    assert all(row[0] in written and row[1] in written for row in drawn["practices"].table.rows)
    assert written.count("G") == sum(bool(row[3]) for row in drawn["practices"].table.rows) == 9
    written = texts(drawn["benchmark"].svg)
    rows = readable(drawn["benchmark"].table)
    for label, own, _, median, _, _, n, _, _ in rows:
        assert label in written
        assert f"n = {n}" in written
        assert f"{'not shown' if own == '–' else f'own {own}'}, median {median}" in written


def test_each_week_with_a_post_has_a_bar_as_high_as_its_table_says(drawn: dict[str, Chart]) -> None:
    paths = [e.get("d", "") for e in parsed(drawn["cadence"].svg).iter() if e.get("class") == "cb-accent"]
    heights = []
    for path in paths:
        ys = [float(y) for _, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
        heights.append(max(ys) - min(ys))
    posts = [int(str(row[1])) for row in drawn["cadence"].table.rows if row[1]]
    assert [round(h * max(posts) / max(heights)) for h in heights] == posts
    assert "Longest gap between two posts: 12.5\u00a0days" in texts(drawn["cadence"].svg)


def test_every_hour_of_the_week_has_its_cell_and_busier_is_never_lighter(drawn: dict[str, Chart]) -> None:
    chart = drawn["hours"]
    by_hour = [row[1:] for row in chart.table.rows]
    assert len(by_hour) == 24
    assert sum(int(str(cell)) for row in by_hour for cell in row) == 294
    shades = [
        float(e.get("opacity", "1"))
        for e in parsed(chart.svg).iter()
        if local(e) == "path" and e.get("fill") == "currentColor"
    ]
    posts = [int(str(by_hour[hour][day])) for day in range(7) for hour in range(24) if by_hour[hour][day]]
    pairs = sorted(zip(posts, shades, strict=False))
    assert all(light[1] <= dark[1] for light, dark in pairwise(pairs))


def test_solid_and_possible_are_told_apart_without_colour(drawn: dict[str, Chart]) -> None:
    assert "<pattern" in drawn["profile"].svg
    sure = charts.profile(ReportInput(sample.profile(shown=2, at_most=2), sample.WORDS))
    assert sure.svg.count("url(#") == 1  # only the legend


def test_an_area_that_does_not_apply_says_so() -> None:
    report = ReportInput(sample.without_intelligence(), sample.WORDS)
    assert "does not apply" in texts(charts.profile(report).svg)
    assert "Intelligence: does not apply" in charts.profile(report).description


def test_a_change_of_the_model_is_marked_and_said(drawn: dict[str, Chart]) -> None:
    assert "the model changed" in texts(drawn["trend"].svg)
    assert "The model changed with the assessment of 1 October 2025 (v1)" in drawn["trend"].description
    same = dataclasses.replace(sample.full(), earlier=sample.full().earlier[1:])
    chart = charts.trend(same)
    assert chart is not None
    assert "the model changed" not in texts(chart.svg)


def test_nothing_to_draw_draws_nothing() -> None:
    bare = ReportInput(sample.unknown(), sample.WORDS)
    assert tuple(charts_of(bare)) == ("profile", "practices")
    assert activity_charts.cadence(Activity()) is None
    assert activity_charts.hours(Activity(hours=((0,) * 24,) * 7)) is None


def test_a_single_quiet_week_can_be_drawn() -> None:
    chart = activity_charts.cadence(Activity(weeks=((date(2026, 1, 5), 0),)))
    assert chart is not None
    assert chart.description == "0 posts on all channels in 1 week, at most 0 in one week."


@pytest.mark.parametrize("name", sample.HOSTILE)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    report = sample.hostile(name)
    chart = charts.benchmark(report)
    assert chart is not None
    first = texts(chart.svg)[0]
    assert clean(name).startswith(first.rstrip("…"))
    assert "<script" not in chart.svg
