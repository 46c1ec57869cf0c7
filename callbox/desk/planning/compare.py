"""Compared with others: the agency's levels beside those of agencies of its size, and the published figures, each labelled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callbox.core.refusal import RefusedError
from callbox.desk.access import StaffRequest, agency_page
from callbox.desk.assessments.told import may
from callbox.desk.planning.forms import ReceiveForm
from callbox.desk.planning.handing import hand_out
from callbox.maturity import peers, queries
from callbox.maturity.benchmark.pool import SMALLEST_GROUP
from callbox.maturity.benchmark.published import published
from callbox.maturity.model import loader
from callbox.maturity.models import Assessment
from callbox.maturity.peers import Standings
from callbox.maturity.queries import Picture
from callbox.maturity.report import charts
from callbox.maturity.report.inputs import BenchmarkRow, ReportInput
from callbox.people.models import Agency
from callbox.people.roles import Action


@require_safe
@agency_page(Action.COMPARE)
def compare(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Show the comparison; nothing of fewer than five agencies, and nothing while the own size is not stated."""
    assessment = queries.current(agency)
    found = _standings(request, agency, assessment)
    context: dict[str, Any] = {
        "section": "compare",
        "assessment": assessment,
        "stated": assessment is not None and assessment.profile is not None and assessment.profile.band_stated,
        "standings": found,
        "picture": _picture(assessment, found),
        "published": _published(assessment),
        "smallest": SMALLEST_GROUP,
        "receive_form": ReceiveForm(),
        "may": may(request.user, agency),
    }
    return render(request, "planning/compare.html", context)


def _standings(request: StaffRequest, agency: Agency, assessment: Assessment | None) -> Standings:
    if assessment is None or assessment.profile is None:
        return Standings()
    try:
        return peers.standings(agency, assessment.profile, queries.words(assessment.profile.model))
    except RefusedError as refused:
        messages.error(request, str(refused))
        return Standings()


def _picture(assessment: Assessment | None, found: Standings) -> Picture | None:
    rows = peers.benchmark_rows(found)
    if assessment is None or assessment.profile is None or not rows:
        return None
    report = ReportInput(assessment.profile, queries.words(assessment.profile.model), benchmark=rows)
    width = queries.NARROW
    return queries.drawn(
        f"benchmark-{width}", [_plain(row) for row in rows], lambda: charts.benchmark(report, width=width)
    )


def _plain(row: BenchmarkRow) -> list[str]:
    return [str(each) for each in (row.label, row.own, row.lower, row.median, row.upper, row.n, row.as_of)]


def _published(assessment: Assessment | None) -> list[tuple[str, str, object]]:
    words = queries.words(assessment.model_version if assessment and assessment.profile else loader.CURRENT)
    return [(figure.practice, words.practice(figure.practice), figure) for figure in published()]


@require_safe
@agency_page(Action.EXPORT)
def export(request: StaffRequest, agency: Agency, name: str, ending: str) -> HttpResponse:
    """Hand out the comparison or the published figures as a table."""
    if name == "published":
        return hand_out(peers.published_table(), ending, prefix="callbox")
    assessment = queries.current(agency)
    if name != "compared" or assessment is None or assessment.profile is None:
        raise Http404
    return hand_out(peers.table(_standings(request, agency, assessment)), ending, prefix=agency.slug)
