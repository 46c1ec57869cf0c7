"""The demonstration force has answered its guide, looks at its goals, and shows a campaign that found nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callbox.config.demo import purpose
from callbox.networks.connections.services import connect
from callbox.people.models import Agency
from callbox.people.roles import Role
from callbox.voice.guide import guide, progress
from callbox.voice.models import Campaign, Goal
from callbox.voice.services import campaigns, goals
from callbox.voice.services import guide as answers
from tests.people import person


@pytest.mark.django_db
def test_the_purpose_of_riverton_is_written_down_by_the_verbs_of_its_people() -> None:
    agency = Agency.objects.create(slug="riverton", name="Riverton Police", languages=["en"])
    people = {role: person(role.value, agency, role) for role in (Role.CHIEF, Role.PRESS_OFFICER, Role.APPROVER)}
    connect(
        agency=agency, kind="paper", details={"handle": "riverton-police"}, secrets={}, by=people[Role.PRESS_OFFICER]
    )
    now = datetime.now(UTC)
    purpose.build(agency, people, now=now)
    assert progress(answers.newest(agency)).whole
    assert set(purpose.written()["answers"]) == {question.id for question in guide().questions}
    assert [goal.reviews.count() for goal in Goal.objects.of(agency).order_by("pk")] == [2, 0]
    assert list(goals.due_for_review(agency, now.date())) == list(Goal.objects.filter(says__contains="river"))
    finished, running = Campaign.objects.of(agency).order_by("begins")
    assert finished.result == "none"
    assert running.result == ""
    assert running.begins < now.date() < running.ends
    assert campaigns.is_fixed(running)
    assert sorted(running.messages.values_list("state", flat=True)) == ["draft", "out"]
    assert running.at.date() <= now.date() - timedelta(days=20)
