"""Roadmap, what-if, trend and comparison as people use them, without script."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbox.config.demo import peers as invented
from callbox.maturity import trends
from callbox.maturity.benchmark.contribution import read
from callbox.maturity.models import Assessment, OwnEffort, Peer, Plan, PlannedStep
from callbox.maturity.roadmap.path import Wish
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.services import planning, statements
from callbox.people.roles import Role
from tests.desk.planning.conftest import Make
from tests.maturity.figures import V1
from tests.people import Cast, person, signed_in

HARBOUR = "/a/harbour/"
FILES = invented.files(band=Band.FROM_100, now=datetime(2026, 10, 3, tzinfo=UTC))


def text(client: Client, place: str, *, status: int = 200) -> str:
    page = client.get(HARBOUR + place)
    assert page.status_code == status, page.status_code
    return page.text


def send(client: Client, place: str, data: dict[str, Any] | None = None, *, follow: bool = True) -> Any:
    return client.post(HARBOUR + place, data or {}, follow=follow)


def plan_of(cast: Cast, assessment: Assessment) -> Plan:
    return planning.choose(
        assessment=assessment, wish=Wish({"voice": 2}), budget=60, begins=timezone.localdate(), by=cast.bob
    )


# roadmap


@pytest.mark.parametrize(
    ("place", "teaches"),
    [
        ("roadmap/", "First see where you stand"),
        ("what-if/", "First see where you stand"),
        ("trend/", "Two assessments make a trend"),
        ("compare/", "Nothing was assessed yet"),
        ("compare/share/", "Nothing to share yet"),
    ],
)
def test_an_empty_page_teaches(cast: Cast, place: str, teaches: str) -> None:
    assert teaches in text(signed_in(cast.alice), place)


def test_the_way_is_found_chosen_and_stands_on_the_roadmap(cast: Cast, assessment: Assessment) -> None:
    client = signed_in(cast.alice)
    assert "One level up everywhere" in text(client, "roadmap/")
    page = text(client, "roadmap/way/?up=1&budget=120&begins=" + timezone.localdate().isoformat())
    assert "Make this our plan" in page
    assert "expert estimates" in page
    assert "a gate: its area never stands higher than this practice" in page.lower()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
    fields.pop("csrfmiddlewaretoken")
    answer = send(client, "roadmap/choose/", fields)
    assert "This is the plan now" in answer.text
    assert "The plan:" in answer.text
    assert Plan.objects.of(cast.agency).active().count() == 1


def test_a_wish_for_chosen_levels_is_kept_in_the_address(cast: Cast, assessment: Assessment) -> None:
    page = text(signed_in(cast.alice), "roadmap/way/?voice=3&budget=40")
    assert '<option value="3" selected>' in page
    assert "To level 3" in page.replace("to level 3", "To level 3")
    assert PlannedStep.objects.count() == 0


def test_an_impossible_wish_says_what_to_change_and_offers_it(cast: Cast, assessment: Assessment) -> None:
    client = signed_in(cast.alice)
    page = text(client, "roadmap/way/?trust=4&budget=2")
    assert "There is no such way." in page
    found = re.search(r"The smallest monthly budget that works is (\d+) hours", page)
    assert found
    link = re.search(r'href="(\?budget=\d+[^"]+)">Try it with', page)
    assert link
    assert "Make this our plan" in text(client, "roadmap/way/" + link[1].replace("&amp;", "&"))


@pytest.mark.parametrize(
    "asked",
    [
        "budget=0&voice=2",
        "budget=x&voice=2",
        "budget=99999&voice=2",
        "voice=9",
        "voice=0",
        "begins=1900-01-01&voice=2",
        "begins=x&up=1",
    ],
)
def test_a_form_filled_in_wrongly_says_so_beside_the_field(cast: Cast, assessment: Assessment, asked: str) -> None:
    page = text(signed_in(cast.alice), "roadmap/way/?" + asked)
    assert "field-error" in page
    assert "Make this our plan" not in page


def test_a_wish_that_is_met_already_needs_nothing(cast: Cast, make: Make) -> None:
    make(**{f"{letter}{number}": 5 for letter in "VTCIO" for number in range(1, 7)})
    page = text(signed_in(cast.alice), "roadmap/way/?up=1&budget=40")
    assert "Make this our plan" not in page


def test_a_viewer_reads_the_plan_and_cannot_change_it(cast: Cast, assessment: Assessment) -> None:
    plan = plan_of(cast, assessment)
    viewer = signed_in(person("Vera", cast.agency, Role.VIEWER))
    page = text(viewer, "roadmap/")
    assert "The plan:" in page
    assert "End the plan" not in page
    assert "Make this our plan" not in text(viewer, "roadmap/way/?up=1&budget=120")
    step = plan.steps.first()
    assert step
    for place in (
        "roadmap/choose/",
        f"roadmap/steps/{step.pk}/",
        f"roadmap/plans/{plan.pk}/end/",
        "roadmap/hours/V5/save/",
    ):
        assert send(viewer, place).status_code == 403


def test_a_step_gets_an_owner_and_a_tick(cast: Cast, assessment: Assessment) -> None:
    step = plan_of(cast, assessment).steps.first()
    assert step
    answer = send(signed_in(cast.alice), f"roadmap/steps/{step.pk}/", {"owner": cast.carol.pk, "done": "on"})
    assert "work done" in answer.text
    step.refresh_from_db()
    assert (step.owner, step.done_on) == (cast.carol, timezone.localdate())
    assert (
        "Owner: Select a valid choice"
        in send(signed_in(cast.alice), f"roadmap/steps/{step.pk}/", {"owner": cast.dan.pk}).text
    )
    step.refresh_from_db()
    assert step.owner == cast.carol


def test_what_the_record_shows_meanwhile_is_marked_and_a_newer_assessment_is_offered(
    cast: Cast, assessment: Assessment, make: Make
) -> None:
    plan_of(cast, assessment)
    make(V1=2)
    page = text(signed_in(cast.alice), "roadmap/")
    assert "the record shows it" in page
    assert "there is a newer assessment" in page


def test_a_plan_is_ended_and_the_form_is_back(cast: Cast, assessment: Assessment) -> None:
    plan = plan_of(cast, assessment)
    answer = send(signed_in(cast.bob), f"roadmap/plans/{plan.pk}/end/")
    assert "Find the cheapest way" in answer.text


def test_the_gap_list_is_sorted_and_leaves_as_it_is_sorted(cast: Cast, assessment: Assessment) -> None:
    for practice, level, days in (("V3", 4, 30), ("V5", 2, 200), ("C1", 2, 100)):
        due = timezone.localdate() + timedelta(days=days)
        statements.set_target(agency=cast.agency, practice=practice, level=level, due=due, by=cast.bob)
    client = signed_in(cast.alice)
    for order, expected in {
        "gap": "V3 V5 C1",
        "effort": "C1 V5 V3",
        "gate": "V5 V3 C1",
        "due": "V3 C1 V5",
        "odd'": "V3 V5 C1",
    }.items():
        answer = client.get(HARBOUR + "roadmap/gaps.csv", {"order": order})
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert " ".join(row["practice"] for row in rows) == expected
        page = text(client, f"roadmap/?order={order}")
        assert re.findall(r"practices/(\w+)/\">\w+ ", page.partition('id="gaps"')[2])[:3] == expected.split()
    assert json.loads(client.get(HARBOUR + "roadmap/gaps.json").content)[0]["gap"] == 3


def test_the_plan_leaves_as_a_table_and_unknown_tables_do_not_exist(cast: Cast, assessment: Assessment) -> None:
    client = signed_in(cast.alice)
    assert client.get(HARBOUR + "roadmap/roadmap.csv").status_code == 404
    plan_of(cast, assessment)
    rows = list(csv.DictReader(io.StringIO(client.get(HARBOUR + "roadmap/roadmap.csv").content.decode())))
    assert len(rows) == 5
    assert client.get(HARBOUR + "roadmap/other.csv").status_code == 404
    assert client.get(HARBOUR + "roadmap/gaps.exe").status_code == 404


def test_own_hours_are_entered_in_pairs(cast: Cast, assessment: Assessment) -> None:
    client = signed_in(cast.alice)
    answer = send(client, "roadmap/hours/V5/save/", {"once-2": "7"}, follow=False)
    assert answer.status_code == 422
    assert "Enter both numbers" in answer.text
    answer = send(client, "roadmap/hours/V5/save/", {"once-2": "7.5", "monthly-2": "0"})
    assert "Your own hours are saved" in answer.text
    assert '<span class="tag">own</span>' in answer.text
    assert OwnEffort.objects.get().hours == 7.5
    assert 'value="7.5"' in text(client, "roadmap/hours/V5/")
    send(client, "roadmap/hours/V5/save/", {})
    assert not OwnEffort.objects.exists()
    assert client.get(HARBOUR + "roadmap/hours/X9/").status_code == 404


@pytest.mark.parametrize("hours", ["nan", "inf", "-1", "1e9", "many"])
def test_hours_that_cannot_be_are_refused_beside_the_field(cast: Cast, hours: str) -> None:
    answer = send(signed_in(cast.alice), "roadmap/hours/V5/save/", {"once-2": hours, "monthly-2": "0"}, follow=False)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert not OwnEffort.objects.exists()


# what if


def test_ticked_steps_move_the_ranges_and_save_nothing(cast: Cast, assessment: Assessment) -> None:
    before = assessment.profile_json
    steps = "&".join(f"step=V{number}:2" for number in range(1, 7))
    page = text(signed_in(cast.alice), "what-if/?" + steps)
    assert "1 → 2" in page
    assert page.count("checked") == 6
    assessment.refresh_from_db()
    assert assessment.profile_json == before
    assert Plan.objects.count() == 0


def test_a_higher_level_includes_those_below_it(cast: Cast, assessment: Assessment) -> None:
    page = text(signed_in(cast.alice), "what-if/?step=V3:4")
    assert "3 steps" in page
    assert page.count("included") >= 2


def test_nonsense_in_the_address_ticks_nothing(cast: Cast, assessment: Assessment) -> None:
    for odd in ("V3", "V3:9", "V3:0", "X1:2", ":", "V3:２", "V3:1", "<script>:2", "V3:2:3"):
        assert "Nothing ticked yet" in signed_in(cast.alice).get(HARBOUR + "what-if/", {"step": odd}).text, odd


# trend


def test_the_trend_shows_what_moved_through_the_agency(cast: Cast, make: Make) -> None:
    make(200)
    make(100, V1=2, V2=2, V3=2, V4=2, V5=2)
    make()
    page = text(signed_in(cast.alice), "trend/")
    assert page.count("the agency</span>") == 2
    assert "the model (" not in page
    rows = json.loads(signed_in(cast.alice).get(HARBOUR + "trend/trend-split.json").content)
    assert [(row["before"], row["rebased"], row["after"]) for row in rows] == [(2, 2, 1), (1, 1, 2)]


def test_what_the_model_moved_is_told_apart(cast: Cast, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier, later = make(100), make(V1=2, V2=2, V3=2, V4=2, V5=2)
    Assessment.objects.filter(pk=later.pk).update(model_version="v2")
    monkeypatch.setattr("callbox.maturity.trends.loader.load", lambda _version: V1)
    rows = trends.measured(cast.agency)
    found = trends.passages(rows, {})
    # judged anew by its own (empty) figures, the earlier record shows nothing: that part is the model's
    voice = next(one for one in found if one.area == "voice")
    assert (voice.before, voice.rebased, voice.after, voice.model_after) == (1, 0, 2, "v2")
    assert earlier.model_version == "v1"


# compare


def received(cast: Cast, *files: tuple[str, bytes]) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return send(signed_in(cast.alice), "compare/receive/", {"received": uploads})


def test_files_are_merged_and_the_comparison_says_n_and_month(cast: Cast, assessment: Assessment) -> None:
    page = text(signed_in(cast.alice), "compare/")
    assert "Fewer than five agencies of your size have shared: nothing is shown" in page
    assert "IACP Social Media Survey 2015" in page
    answer = received(cast, *FILES)
    assert "7 new and 0 renewed" in answer.text
    assert "n = 7, Oct 2026" in answer.text
    rows = json.loads(signed_in(cast.alice).get(HARBOUR + "compare/compared.json").content)
    assert {row["n"] for row in rows if row["n"]} == {7}


def test_four_agencies_leave_no_trace_of_their_levels_in_page_or_export(cast: Cast, assessment: Assessment) -> None:
    answer = received(cast, *FILES[:4])
    assert "n = " not in answer.text
    rows = json.loads(signed_in(cast.alice).get(HARBOUR + "compare/compared.json").content)
    assert all(row["n"] is None and row["median"] is None for row in rows)


def test_refused_files_are_named_one_by_one(cast: Cast, assessment: Assessment) -> None:
    answer = received(cast, ("photo.jpg", b"\xff\xd8\xff"), ("<b>note.txt", b"hello"), FILES[0], ("empty.json", b""))
    for name in ("photo.jpg", "&lt;b&gt;note.txt", "empty.json"):
        assert f"Not taken in: {name}" in answer.text
    assert "1 new and 0 renewed" in answer.text
    assert Peer.objects.count() == 1
    assert "Choose at least one file" in send(signed_in(cast.alice), "compare/receive/").text


def test_what_leaves_is_shown_first_and_is_exactly_that(cast: Cast, assessment: Assessment) -> None:
    client = signed_in(cast.bob)
    page = text(client, "compare/share/?country=no")
    assert "Exactly this would leave" in page
    answer = send(client, "compare/share/", {"country": "NO"})
    assert answer["Content-Disposition"] == f'attachment; filename="callbox-benchmark-{timezone.now():%Y-%m}.json"'
    signature = read(answer.content.decode()).signature
    assert signature in page
    assert "Write the country as two letters" in text(client, "compare/share/?country=Norway", status=422)


def test_without_a_stated_size_nothing_leaves(cast: Cast, make: Make) -> None:
    make(stated=False)
    client = signed_in(cast.bob)
    assert "size of your agency is not stated" in text(client, "compare/")
    assert "State the size of the agency first" in text(client, "compare/share/?country=NO", status=422)
    assert send(client, "compare/share/", {"country": "NO"}).status_code == 422


def test_the_pool_is_passed_on_and_an_empty_one_is_not(cast: Cast, assessment: Assessment) -> None:
    client = signed_in(cast.alice)
    assert "Nothing was received yet" in send(client, "compare/pool/").text
    received(cast, *FILES)
    pool = send(client, "compare/pool/").content
    assert len(json.loads(pool)["contributions"]) == 7
    assert "7 contributions were here already" in received(cast, ("pool.json", pool)).text


# doors


def test_dan_reaches_no_row_of_another_agency(cast: Cast, assessment: Assessment) -> None:
    plan = plan_of(cast, assessment)
    step = plan.steps.first()
    assert step
    dan = signed_in(cast.dan)
    for place in (
        "roadmap/",
        "roadmap/way/",
        "what-if/",
        "trend/",
        "compare/",
        "compare/share/",
        "roadmap/hours/",
        "roadmap/roadmap.csv",
    ):
        assert dan.get(HARBOUR + place).status_code == 404
    for place in (f"steps/{step.pk}/", f"plans/{plan.pk}/end/"):
        assert dan.post(f"/a/valley/roadmap/{place}", {"done": "on"}).status_code == 404
    step.refresh_from_db()
    assert step.done_on is None
    assert Plan.objects.of(cast.agency).active().exists()


def test_pages_ask_few_questions_at_a_hundred_assessments(cast: Cast, make: Make) -> None:
    counts = []
    for days in (range(1, 4), range(4, 101)):
        for day in days:
            make(day, V3=day % 4)
        client = signed_in(cast.alice)
        for place in ("trend/", "roadmap/", "compare/", "what-if/", "roadmap/way/?voice=2"):
            client.get(HARBOUR + place)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(HARBOUR + place)
            counts.append(len(queries))
    assert counts[:5] == counts[5:]
    assert max(counts) < 30
