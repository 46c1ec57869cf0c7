"""The pages of the assessment as people use them, without script."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callbox.core.measure import Measure
from callbox.core.refusal import RefusedError
from callbox.maturity.models import Assessment, Attestation, CodingSample, SelfDeclaration
from callbox.maturity.services import coding, evidence, measuring, review
from callbox.people.roles import Role
from tests.desk.assessments.conftest import posts
from tests.people import Cast, person, signed_in

HARBOUR = "/a/harbour/"


def text(client: Client, place: str) -> str:
    page = client.get(HARBOUR + place)
    assert page.status_code == 200, page.status_code
    return page.text


def taken(client: Client, place: str) -> bytes:
    """Return a file as it is handed out; never shown in the desk's own pages."""
    answer: Any = client.get(place)
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def attested(cast: Cast) -> Attestation:
    claim = evidence.Claim(
        condition="V1.1.owner",
        practice="V1",
        title="Appointment",
        begins=date(2020, 1, 1),
        link="https://example.org/a",
    )
    return evidence.propose(agency=cast.agency, claim=claim, owner=cast.carol, by=cast.carol)


def test_an_empty_profile_teaches_the_ways_to_start(cast: Cast) -> None:
    page = text(signed_in(cast.alice), "profile/")
    assert "Start from your record" in page
    assert "Quick check" in page
    assert "Start from your record" not in text(signed_in(cast.frank), "profile/")


def test_an_upload_is_stored_measured_and_shown(cast: Cast) -> None:
    client = signed_in(cast.alice)
    file = SimpleUploadedFile("harbour.csv", posts(), content_type="text/csv")
    answer = client.post(HARBOUR + "assessments/upload/", {"archives": file, "title": "Spring"})
    assert answer.status_code == 302
    waiting = client.get(answer["Location"]).text
    assert "being measured" in waiting
    assert 'http-equiv="refresh"' in waiting
    measuring.measure_waiting()
    assert client.get(answer["Location"] + "progress/")["HX-Redirect"] == answer["Location"]
    assert "What was read" in client.get(answer["Location"]).text
    assert "Five areas, five ranges" in text(client, "profile/")


def test_our_own_record_is_assessed_without_a_file_and_measured_anew_when_asked(cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert "Assess from our own record" in text(client, "profile/")
    assert "conversations with residents" in text(client, "assessments/own-record/")
    place = client.post(HARBOUR + "assessments/own-record/")["Location"]
    assert "What Callbox recorded is being counted" in client.get(place).text
    measuring.measure_waiting()
    page = client.get(place).text
    assert "Conversations with residents: 0" in page
    assert "Measure it anew now" in page
    assert "what Callbox recorded" in text(client, "practices/O5/")
    client.post(place + "again/")
    assert Assessment.objects.get().state == "waiting"


def test_files_and_our_own_record_are_chosen_together(cast: Cast) -> None:
    client = signed_in(cast.alice)
    file = SimpleUploadedFile("harbour.csv", posts(), content_type="text/csv")
    place = client.post(HARBOUR + "assessments/upload/", {"archives": file, "live": "on"})["Location"]
    measuring.measure_waiting()
    page = client.get(place).text
    assert "Files of the agency’s networks, with what Callbox recorded" in page.replace("&#x27;", "’")
    assert "files and what Callbox recorded" not in text(client, "practices/V3/")  # no post is in our own rows
    assert "from files" not in page


def test_an_empty_file_is_refused_in_words(cast: Cast) -> None:
    client = signed_in(cast.alice)
    answer = client.post(HARBOUR + "assessments/upload/", {"archives": SimpleUploadedFile("harbour.csv", b"")})
    assert answer.status_code == 422
    assert "harbour.csv is empty" in answer.text


def test_a_broken_file_says_what_happened_what_was_kept_and_what_to_do(cast: Cast) -> None:
    client = signed_in(cast.alice)
    answer = client.post(
        HARBOUR + "assessments/upload/", {"archives": SimpleUploadedFile("notes.txt", b"\x00\x01no archive")}
    )
    measuring.measure_waiting()
    page = client.get(answer["Location"]).text
    assert "notes.txt" in page
    assert "The files are kept" in page
    assert "Try again" in page


def test_a_file_of_several_agencies_asks_which_one(cast: Cast) -> None:
    rows = "\n".join(
        f"{n},2026-01-{1 + n % 28:02d}T10:00:00Z,Hello,{agency}" for n, agency in enumerate(["North", "South"] * 20)
    )
    client = signed_in(cast.alice)
    file = SimpleUploadedFile("two.csv", f"id,time,text,agency\n{rows}".encode())
    place = client.post(HARBOUR + "assessments/upload/", {"archives": file})["Location"]
    measuring.measure_waiting()
    assert "Which agency is yours?" in client.get(place).text
    client.post(place + "choose/", {"name": "South"})
    measuring.measure_waiting()
    assessment = Assessment.objects.get()
    assert assessment.profile is not None
    assert assessment.profile.agency == "South"


def test_the_quick_check_is_marked_as_nothing_measured(cast: Cast) -> None:
    client = signed_in(cast.alice)
    assert client.post(HARBOUR + "assessments/quick-check/", {"V1": ""}).status_code == 422
    page = client.post(HARBOUR + "assessments/quick-check/", {"V1": "3", "T2": "9", "C1": "2"}, follow=True).text
    assert "Self-declared, nothing measured yet" in page
    assert dict(SelfDeclaration.objects.values_list("practice", "level")) == {"V1": 3, "C1": 2}


def test_the_list_of_practices_is_narrowed_by_its_address(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    assert "30 practices" in text(client, "practices/")
    assert "6 practices" in text(client, "practices/?area=trust")
    assert "No practice fits" in text(client, "practices/?state=exempt")
    assert "30 practices" in text(client, "practices/?area=nowhere&state=x&order=y")


def test_a_practice_shows_word_beside_record_and_a_gap_of_more_than_one(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    page = client.post(HARBOUR + "practices/V1/declare/", {"level": "4", "note": ""}, follow=True).text
    assert "differs by more than one level" in page
    assert "V1 Purpose, goals and owner is declared at level 4" in text(client, "profile/")
    assert client.get(HARBOUR + "practices/V9/").status_code == 404


def test_a_definition_of_our_own_stands_beside_its_figure_with_the_formula(cast: Cast, measured: Assessment) -> None:
    page = text(signed_in(cast.alice), "practices/O2/")
    assert page.count("own definition: ") == 3
    assert "t2 - t1, t3 - t2" in page


def test_a_figure_stands_with_n_window_and_source(cast: Cast, measured: Assessment) -> None:
    page = text(signed_in(cast.alice), "practices/V3/")
    for word in ("n = ", "Window", "Needed", "complete count", "Basis"):
        assert word in page


def test_evidence_is_added_reviewed_refused_to_its_owner_and_withdrawn(cast: Cast, measured: Assessment) -> None:
    carol, alice = signed_in(cast.carol), signed_in(cast.alice)
    form = {"title": "Appointment", "begins": "2024-01-01", "owner": cast.carol.pk}
    assert carol.post(HARBOUR + "evidence/for/V1.1.owner/", form).status_code == 422  # neither document nor link
    document = SimpleUploadedFile("paper.pdf", b"%PDF-1.7 paper")
    page = carol.post(HARBOUR + "evidence/for/V1.1.owner/", form | {"document": document}, follow=True)
    assert "waits for a second person" in page.text
    row = Attestation.objects.get()
    place = f"{HARBOUR}evidence/{row.pk}/"
    assert carol.post(place + "review/").status_code == 403
    assert "Reviewed." in alice.post(place + "review/", follow=True).text
    assert taken(alice, place + "document/") == b"%PDF-1.7 paper"
    assert "Withdrawn." in carol.post(place + "withdraw/", {"why": "old"}, follow=True).text
    assert "back where it was" in carol.post(place + "restore/", follow=True).text


def test_nobody_reviews_their_own_evidence_even_with_the_role(cast: Cast) -> None:
    claim = evidence.Claim(
        condition="V1.1.owner", practice="V1", title="Mine", begins=date(2020, 1, 1), link="https://example.org/a"
    )
    row = evidence.propose(agency=cast.agency, claim=claim, owner=cast.alice, by=cast.alice)
    page = signed_in(cast.alice).post(f"{HARBOUR}evidence/{row.pk}/review/", follow=True).text
    assert "Somebody other than the owner" in page
    row.refresh_from_db()
    assert row.state == "proposed"


def test_an_assessment_is_handed_over_confirmed_frozen_and_taken_along(cast: Cast, measured: Assessment) -> None:
    alice, bob = signed_in(cast.alice), signed_in(cast.bob)
    place = f"{HARBOUR}assessments/{measured.pk}/"
    alice.post(place + "submit/")
    ids = [practice.id for practice in review.to_confirm(measured)]
    assert "somebody else must confirm" in alice.get(place + "review/").text
    bob.post(place + "review/levels/", {"confirm": ids})
    assert "Nothing changes this assessment any more" in bob.post(place + "freeze/", follow=True).text
    assert taken(alice, place + "export/pack/").startswith(b"PK")
    assert json.loads(alice.get(place + "export/profile.json").content)["agency"] == measured.profile.agency  # type: ignore[union-attr]
    assert alice.get(place + "export/practices.csv").content.startswith(b"id,name")
    assert alice.get(place + "export/nothing.csv").status_code == 404


def test_a_withdrawn_assessment_can_be_brought_back(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    place = f"{HARBOUR}assessments/{measured.pk}/"
    assert "One was withdrawn" in client.post(place + "withdraw/", follow=True).text
    assert "The assessment is back" in client.post(place + "restore/", follow=True).text


def test_two_assessments_are_compared(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    assert "Two assessments are needed" in text(client, "assessments/compare/")
    client.post(HARBOUR + "assessments/quick-check/", {"V1": "3"})
    other = Assessment.objects.exclude(pk=measured.pk).get()
    page = text(client, f"assessments/compare/?from={other.pk}&to={measured.pk}")
    assert "V3 Steady presence" in page
    assert "the agency" in page


def test_two_people_code_apart_and_then_see_how_far_they_agree(cast: Cast, measured: Assessment) -> None:
    sample = coding.draw(assessment=measured, by=cast.alice, size=4, seed=1)
    alice, bob = signed_in(cast.alice), signed_in(cast.bob)
    place = f"{HARBOUR}coding/{sample.pk}/"
    chosen = {
        f"kind-{post.pk}": kind
        for post, kind in zip(sample.posts.all(), ("inform", "engage", "inform", "gather"), strict=True)
    }
    alice.post(place + "save/", chosen)
    assert "once the other coder is done" in alice.get(place).text
    bob.post(place + "save/", chosen | {f"prevention-{next(iter(sample.posts.all())).pk}": "on"})
    page = alice.get(place).text
    assert "1.00" in page
    assert "One post seen differently" in page


def test_an_agreed_sample_opens_the_measure_of_useful_content(cast: Cast, measured: Assessment) -> None:
    def useful() -> Measure:
        profile = Assessment.objects.get(pk=measured.pk).profile
        assert profile is not None
        return profile.measures["useful_share"]

    assert useful().reason is not None
    sample = coding.draw(assessment=measured, by=cast.alice, size=40, seed=3)
    for coder in (cast.alice, cast.bob):
        for number, post in enumerate(sample.posts.all()):
            coding.code(post=post, kind="inform", prevention=number % 2 == 0, services=False, by=coder)
    assert useful().reason is None
    assert useful().n == 40
    with pytest.raises(RefusedError, match="the codes stand"):
        coding.code(post=sample.posts.all()[0], kind="engage", prevention=False, services=False, by=cast.bob)


def test_the_same_seed_draws_the_same_posts(cast: Cast, measured: Assessment) -> None:
    def drawn() -> list[str]:
        sample: CodingSample = coding.draw(assessment=measured, by=cast.alice, size=10, seed=7)
        return [post.post for post in sample.posts.all()]

    first = drawn()
    assert len(set(first)) == 10
    assert drawn() == first


def test_the_pages_ask_few_questions_however_many_assessments(cast: Cast, measured: Assessment) -> None:
    for number in range(100):
        measured.pk, measured.title = None, f"Look {number}"
        measured._state.adding = True
        measured.save()
    client = signed_in(cast.alice)
    for place in ("profile/", "practices/", "practices/V1/", "evidence/", "assessments/", "assessments/compare/"):
        client.get(HARBOUR + place)
        with CaptureQueriesContext(connection) as asked:
            client.get(HARBOUR + place)
        assert len(asked) <= 25, place


def test_rows_of_another_agency_are_not_found_under_ones_own_address(cast: Cast, measured: Assessment) -> None:
    sample = coding.draw(assessment=measured, by=cast.alice, size=2, seed=1)
    row = attested(cast)
    dan = signed_in(cast.dan)
    for place in (
        f"assessments/{measured.pk}/",
        f"assessments/{measured.pk}/progress/",
        f"assessments/{measured.pk}/review/",
        f"assessments/{measured.pk}/export/",
        f"assessments/{measured.pk}/export/profile.json",
        f"assessments/{measured.pk}/export/practices.csv",
        f"assessments/{measured.pk}/set-aside/",
        f"assessments/compare/?from={measured.pk}",
        f"evidence/{row.pk}/",
        f"evidence/{row.pk}/document/",
        f"evidence/for/V1.1.owner/?replaces={row.pk}",
        f"coding/{sample.pk}/",
    ):
        assert dan.get(f"/a/valley/{place}").status_code == 404, place
    for place in (
        *(
            f"assessments/{measured.pk}/{verb}/"
            for verb in ("withdraw", "again", "submit", "freeze", "send-back", "sample")
        ),
        *(f"evidence/{row.pk}/{verb}/" for verb in ("review", "refuse", "withdraw", "restore")),
        f"assessments/{measured.pk}/review/levels/",
        f"coding/{sample.pk}/save/",
    ):
        assert dan.post(f"/a/valley/{place}", {"why": "x"}).status_code == 404, place
    assert Assessment.objects.get(pk=measured.pk).state == "measured"


def test_a_viewer_sees_the_profile_without_its_evidence(cast: Cast, measured: Assessment) -> None:
    attested(cast)
    viewer = signed_in(person("Vera", cast.agency, Role.VIEWER))
    assert "Appointment" not in text(viewer, "practices/V1/")
    assert viewer.get(HARBOUR + "evidence/").status_code == 403


def test_an_agency_may_say_that_it_monitors_nothing(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.alice)
    place = HARBOUR + "practices/practised/"
    assert "Say in a sentence why" in client.post(place, {"practised": "no"}, follow=True).text
    client.post(place, {"practised": "no", "why": "Nobody looks"})
    profile = Assessment.objects.get(pk=measured.pk).profile
    assert profile is not None
    assert profile.practice("I1").shown is None
    assert profile.practice("I4").shown == 0  # tips are still rated
    assert 'value="no" checked' in text(client, "practices/?area=intelligence")


def test_the_reports_leave_as_pdf(cast: Cast, measured: Assessment) -> None:
    client = signed_in(cast.frank)
    for name in ("one-page", "report"):
        answer = client.get(f"{HARBOUR}assessments/{measured.pk}/export/{name}.pdf")
        assert answer.content.startswith(b"%PDF-")
