"""Double coding of what Callbox itself published or collected: the same sample, page and measure as for files (V4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.flows import arrival, publication
from callbox.maturity.models import Assessment
from callbox.maturity.services import assessments, coding, measuring, packs
from callbox.networks.connections import services as connections
from callbox.networks.deliveries import sending
from callbox.networks.items import collect
from callbox.networks.items.wording import public_words
from callbox.networks.models import Connection, Item
from callbox.networks.paper.files import Files
from callbox.networks.paper.network import PaperSession
from callbox.networks.vocabulary import Content
from callbox.people.roles import Role
from callbox.voice.models import Message
from callbox.voice.services import messages
from tests.people import Cast, person, signed_in
from tests.trust.inbox.things import connection, item

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
ADVICE = "Lock your bicycle"


def posted(where: Connection, count: int = 40) -> None:
    """Let an account have posts of its own, every second one with advice."""
    now = timezone.now()
    for number in range(count):
        text = f"{ADVICE}, part {number}" if number % 2 else f"Road closed, part {number}"
        post = item(where, text, remote_id=f"p{number}", own=True)
        Item.objects.filter(pk=post.pk).update(at=now - timedelta(days=number % 80, minutes=number))


def measured(cast: Cast) -> Assessment:
    assessment = assessments.start_from_own_record(agency=cast.agency, title="Our record", by=cast.alice)
    assert measuring.measure_waiting() == 1
    return Assessment.objects.get(pk=assessment.pk)


def useful(assessment: Assessment) -> tuple[str, float | None, int]:
    profile = Assessment.objects.get(pk=assessment.pk).profile
    assert profile is not None
    figure = profile.measures["useful_share"]
    return figure.reason.code if figure.reason else "shown", figure.value, figure.n


def test_posts_that_callbox_recorded_are_coded_by_two_and_then_shown(cast: Cast) -> None:
    posted(connection(cast.agency, cast.bob))
    assessment = measured(cast)
    assert useful(assessment)[0] == "no_coded_sample"
    sample = coding.draw(assessment=assessment, by=cast.alice, size=40, seed=5)
    assert sample.drawn_from == 40
    for by in (cast.alice, cast.bob):
        for post in sample.posts.all():
            coding.code(post=post, kind="inform", prevention=post.text.startswith(ADVICE), services=False, by=by)
    assert useful(assessment) == ("shown", 0.5, 40)
    agreement = coding.agreement(sample)
    assert agreement is not None
    assert agreement.useful == pytest.approx((1, 1, 1))
    assessments.measure_again(assessment=Assessment.objects.get(pk=assessment.pk), by=cast.alice)  # as each night
    measuring.measure_waiting()
    assert useful(assessment) == ("shown", 0.5, 40)
    assert packs.write(Assessment.objects.get(pk=assessment.pk)).place


def test_only_what_the_agency_said_to_everybody_is_drawn(cast: Cast) -> None:
    where = connection(cast.agency, cast.bob)
    kept = item(where, "Road closed", remote_id="open", own=True)
    others: dict[str, dict[str, Any]] = {
        "resident": {"own": False},
        "passed-on": {"repost": True},
        "gone": {"gone_at": timezone.now()},
        "wordless": {"text": ""},
        "to-one-person": {"door": "message"},
    }
    for name, changes in others.items():
        Item.objects.filter(pk=item(where, f"Not for coders: {name}", remote_id=name, own=True).pk).update(**changes)
    other = connection(cast.other, cast.dan, handle="valley")
    item(other, "Another agency's road", remote_id="open", own=True)
    assert list(public_words(cast.agency)) == [("paper:harbour", kept.remote_id, "Road closed")]
    sample = coding.draw(assessment=measured(cast), by=cast.alice)
    assert [post.text for post in sample.posts.all()] == ["Road closed"]


def test_a_message_of_ours_is_coded_as_it_stands_now_and_not_once_it_is_taken_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)  # other tests write to a paper account of this name, too
    press = person("Pam", cast.agency, Role.PRESS_OFFICER)
    with time_machine.travel(BEGIN, tick=False):
        connections.connect(agency=cast.agency, kind="paper", details={"handle": "harbour"}, secrets={}, by=cast.bob)
        content = Content(text="Mill Road is closed.", title="Mill Road")
        message = messages.draft(agency=cast.agency, content=content, accounts=["paper:harbour"], by=press)
        publication.submit(message=message, by=press)
        digest = publication.bound_of(message.newest).digest
        publication.approve(message=Message.objects.get(pk=message.pk), digest=digest, by=cast.bob)
        sending.send_waiting()
        publication.settle_messages()
        assert [text for *_names, text in public_words(cast.agency)] == ["Mill Road is closed."]
    with time_machine.travel(BEGIN + timedelta(hours=1), tick=False):
        collect.collect_due(arrival.arrived)
        assert [text for *_names, text in public_words(cast.agency)] == ["Mill Road is closed."]  # once
        folder = Path(settings.DATA) / "paper"
        PaperSession(Files(folder, "harbour"), "harbour").drop("Seen by nobody", author="mia", at=timezone.now())
        collect.collect_due(arrival.arrived)
        assert len(list(public_words(cast.agency))) == 1
        Item.objects.all().update(own=False)  # as on a network from which nothing is collected
        assert len(list(public_words(cast.agency))) == 1
        publication.withdraw(message=Message.objects.get(pk=message.pk), why="Wrong road", by=press)
        sending.send_waiting()
        assert list(public_words(cast.agency)) == []


def test_a_record_without_a_post_has_nothing_to_code(cast: Cast) -> None:
    with pytest.raises(RefusedError, match="no post with a text"):
        coding.draw(assessment=measured(cast), by=cast.alice)


def test_the_pages_offer_it_and_say_how_far_the_coders_agree(cast: Cast) -> None:
    posted(connection(cast.agency, cast.bob), count=4)
    assessment = measured(cast)
    client = signed_in(cast.alice)
    run, practice = f"/a/harbour/assessments/{assessment.pk}/", "/a/harbour/practices/V4/"
    assert "Draw a sample" in client.get(run).text
    assert "Draw a sample" in client.get(practice).text
    assert "Double coding" not in client.get("/a/harbour/practices/V3/").text
    sample = coding.draw(assessment=assessment, by=cast.alice, seed=1)
    assert "Not both coders are done" in client.get(practice).text
    for by in (cast.alice, cast.bob):
        for post in sample.posts.all():
            coding.code(post=post, kind="inform", prevention=post.text.startswith(ADVICE), services=False, by=by)
    assert "Kappa 1.00 over 4 posts, between 1.00 and 1.00" in client.get(practice).text
    assert "1.00 to 1.00" in client.get(f"/a/harbour/coding/{sample.pk}/").text
