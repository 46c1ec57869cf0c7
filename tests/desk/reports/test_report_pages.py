"""The reports at the desk: what they show, to whom, and that they are the same data as the files."""

from __future__ import annotations

import html
import json
import re
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callbox.maturity import queries
from callbox.maturity.models import Assessment
from callbox.maturity.report.page import page_data
from callbox.maturity.services import statements
from callbox.maturity.services.activity import posting
from callbox.people.roles import Role
from tests.people import Cast, person, signed_in

REPORTS = "/a/harbour/reports/"


def text(client: Client, place: str = "") -> str:
    page = client.get(REPORTS + place)
    assert page.status_code == 200, page.status_code
    return page.text


def test_an_agency_without_an_assessment_is_told_how_reports_come_about(cast: Cast) -> None:
    assert "Start from your record" in text(signed_in(cast.alice))
    assert "Start from your record" not in text(signed_in(cast.frank))


def test_every_report_is_offered_as_page_pdf_and_json(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    page = text(client)
    links = set(re.findall(r'href="(/a/harbour/(?:reports|assessments)/[^"?#]+)"', page))
    for name in ("chief/", "full/", "chief.json", "full.json"):
        assert f"{REPORTS}{measured.pk}/{name}" in links
    for name in ("one-page.pdf", "report.pdf", "areas.csv", "conditions.json", "cadence.csv", "hours.csv"):
        assert f"/a/harbour/assessments/{measured.pk}/export/{name}" in links
    for link in links - {link for link in links if link.endswith(".pdf")}:
        assert client.get(link).status_code == 200, link


def test_an_earlier_assessment_can_be_chosen(cast: Cast, measured: Assessment) -> None:
    newest = Assessment.objects.get(pk=measured.pk)
    newest.pk, newest.title = None, "Autumn"
    newest._state.adding = True
    assert newest.as_of is not None
    newest.as_of += timedelta(days=1)
    newest.save()
    client = signed_in(cast.alice)
    assert f"{REPORTS}{newest.pk}/full/" in text(client)
    assert f"{REPORTS}{measured.pk}/full/" in text(client, f"?assessment={measured.pk}")
    assert client.get(f"{REPORTS}?assessment=999999").status_code == 404
    assert f"{REPORTS}{newest.pk}/full/" in text(client, "?assessment=nonsense")


def test_the_json_files_are_what_the_pages_show(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    whole = client.get(f"{REPORTS}{measured.pk}/full.json").json()
    assert whole == json.loads(json.dumps(page_data(queries.report_input(measured))))
    short = client.get(f"{REPORTS}{measured.pk}/chief.json").json()
    assert short["findings"] == whole["findings"]
    assert "practices" not in short
    assert set(short["tables"]) <= {"areas", "trend", "benchmark"}
    assert client.get(f"{REPORTS}{measured.pk}/nothing.json").status_code == 404
    page = text(client, f"{measured.pk}/full/")
    for practice in whole["practices"]:
        assert f'id="{practice["id"]}"' in page
        assert page.count(f'href="#{practice["id"]}"') >= 1


def test_the_full_report_shows_every_condition_with_figure_n_and_window_or_why_not(
    cast: Cast, measured: Assessment
) -> None:
    whole = page_data(queries.report_input(measured))
    page = text(signed_in(cast.alice), f"{measured.pk}/full/")
    conditions = [one for practice in whole["practices"] for one in practice["conditions"]]
    assert page.count('class="outcome outcome-') == len(conditions) > 100
    posts = next(one["figure"] for one in conditions if one["id"] == "V3.1.posts")
    assert posts["value"]
    row = page[page.index("At least one post a week") :][:1500]
    for told in (posts["value"], f"n = {posts['n']}", posts["window"], "Basis: published"):
        assert told in row
    hidden = next(one["figure"] for one in conditions if one["figure"] and not one["figure"]["value"])
    assert f"{hidden['label']}: not shown: {hidden['why']}" in html.unescape(page)


def test_the_chief_reads_ranges_findings_actions_and_the_record_on_one_page(cast: Cast, measured: Assessment) -> None:
    page = text(signed_in(cast.alice), f"{measured.pk}/chief/")
    for heading in ("Where we stand", "The weakest link", "What we found", "What to do next", "harbour.csv"):
        assert heading in page
    assert "Compared with other agencies" not in page  # fewer than five have shared their levels


def test_targets_stand_in_the_gaps(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    assert "No targets are set." in text(client, f"{measured.pk}/full/")
    statements.set_target(agency=cast.agency, practice="V1", level=3, due=date(2030, 1, 31), by=cast.alice)
    assert "31 Jan 2030" in text(client, f"{measured.pk}/full/")


def test_a_viewer_reads_the_one_page_and_neither_evidence_nor_files(cast: Cast, measured: Assessment) -> None:
    viewer = signed_in(person("Vera", cast.agency, Role.VIEWER))
    page = text(viewer)
    assert f"{REPORTS}{measured.pk}/chief/" in page
    assert f"{REPORTS}{measured.pk}/full/" not in page
    assert "export/" not in page
    assert "/full/" not in text(viewer, f"{measured.pk}/chief/")
    for place in ("full/", "full.json", "chief.json"):
        assert viewer.get(f"{REPORTS}{measured.pk}/{place}").status_code == 403


def test_a_report_of_another_agency_does_not_exist(cast: Cast, measured: Assessment) -> None:
    dan = signed_in(cast.dan)
    for place in ("chief/", "full/", "chief.json", "full.json"):
        assert dan.get(f"/a/valley/reports/{measured.pk}/{place}").status_code == 404
        assert dan.get(f"{REPORTS}{measured.pk}/{place}").status_code == 404
    assert dan.get(f"/a/valley/reports/?assessment={measured.pk}").status_code == 404


def test_the_hours_are_those_of_the_agencys_clock(cast: Cast, measured: Assessment) -> None:
    def busy() -> set[int]:
        posted = posting(Assessment.objects.select_related("agency").get(pk=measured.pk))
        assert posted is not None
        return {hour for row in posted.hours for hour, posts in enumerate(row) if posts}

    before = busy()
    cast.agency.time_zone = "Asia/Tokyo"
    cast.agency.save()
    assert busy() == {(hour + 9) % 24 for hour in before}


def test_posting_is_counted_once_and_then_remembered(cast: Cast, measured: Assessment) -> None:
    cache.clear()
    first = posting(measured)
    assert first is not None
    assert sum(posts for _, posts in first.weeks) == sum(map(sum, first.hours)) > 80
    with CaptureQueriesContext(connection) as asked:
        assert posting(measured) == first
    assert len(asked) == 1


def test_steady_presence_shows_when_the_agency_posts(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.frank)
    assert "Posts by hour of the week" in client.get("/a/harbour/practices/V3/").text
    assert "Posts by hour of the week" not in client.get("/a/harbour/practices/V1/").text


def test_a_quick_check_has_reports_that_say_nothing_was_measured(cast: Cast) -> None:
    client = signed_in(cast.alice)
    client.post("/a/harbour/assessments/quick-check/", {"V1": "3"})
    pk = Assessment.objects.get().pk
    assert "nothing measured yet" in text(client)
    assert "No figure can be shown" in text(client, f"{pk}/chief/")
    assert "When the agency posts" not in text(client, f"{pk}/full/")


def test_reports_ask_few_questions_however_many_assessments(cast: Cast, measured: Assessment) -> None:
    for number in range(100):
        measured.pk, measured.title = None, f"Look {number}"
        measured._state.adding = True
        measured.save()
    client = signed_in(cast.alice)
    for place in ("", f"{measured.pk}/chief/", f"{measured.pk}/full/"):
        client.get(REPORTS + place)
        with CaptureQueriesContext(connection) as asked:
            client.get(REPORTS + place)
        assert len(asked) <= 30, place
