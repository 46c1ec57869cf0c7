"""Why Riverton speaks: the first-week guide, two goals with their looks, a campaign without a result to show and one that runs.

By the verbs its people use; then the days are set back, so that what took the force a year can be looked at today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from callbox.flows import publication
from callbox.networks.deliveries import sending
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.voice.models import Answer, Campaign, Goal, GoalReview
from callbox.voice.services import campaigns, goals, guide, messages
from callbox.voice.standing import next_look

#: Where the force's messages of a campaign go: a paper account, so that nothing leaves this machine.
ACCOUNT = "paper:riverton-police"
#: When the guide was answered, in days before today.
ANSWERED = 230


@cache
def written() -> dict[str, Any]:
    """Return what the force has written down."""
    text = files(__package__).joinpath("purpose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def build(agency: Agency, people: Mapping[Role, User], *, now: datetime) -> None:
    """Answer the guide, set the goals and look at them, plan the campaigns. people: a chief, a press officer and an approver."""
    keeper = people[Role.PRESS_OFFICER]
    guide.answer(agency=agency, answers=written()["answers"], by=keeper)
    Answer.objects.filter(agency=agency).update(at=now - timedelta(days=ANSWERED))
    for row in written()["goals"]:
        _goal(agency, dict(row), now=now, by=keeper)
    for row in written()["campaigns"]:
        _campaign(agency, dict(row), people, now=now)


def _goal(agency: Agency, row: dict[str, Any], *, now: datetime, by: User) -> None:
    begun, looks = row.pop("begun"), row.pop("looks")
    row |= {"baseline": Decimal(row["baseline"]), "target": Decimal(row["target"])}
    row["by_when"] = now.date() + timedelta(days=row["by_when"])
    goal = goals.set_goal(agency=agency, aim=goals.Aim(**row), by=by)
    last = begun
    for each in looks:
        found = goals.Found(value=Decimal(each["value"]), note=each["note"])
        look = goals.review_goal(goal=goal, found=found, by=by)
        last = each["days"]
        GoalReview.objects.filter(pk=look.pk).update(at=now - timedelta(days=last))
    looked_on = now.date() - timedelta(days=last)
    Goal.objects.filter(pk=goal.pk).update(
        at=now - timedelta(days=begun), review_on=next_look(looked_on=looked_on, every=goal.review_every)
    )


def _campaign(agency: Agency, row: dict[str, Any], people: Mapping[Role, User], *, now: datetime) -> None:
    keeper = people[Role.PRESS_OFFICER]
    result, texts = row.pop("result", None), row.pop("messages", [])
    row |= {name: now.date() + timedelta(days=row[name]) for name in ("begins", "ends")}
    campaign = campaigns.plan(agency=agency, plan=campaigns.Plan(**row), by=keeper)
    if result:
        campaigns.count(campaign=campaign, by=people[Role.CHIEF], **result)
    said = [
        messages.draft(agency=agency, content=Content(text), accounts=[ACCOUNT], campaign=campaign, by=keeper)
        for text in texts
    ]
    for message in said[:1]:  # the others wait for their week
        publication.submit(message=message, by=keeper)
        publication.approve(
            message=message, digest=publication.bound_of(message.newest).digest, by=people[Role.APPROVER]
        )
        sending.send_waiting()
        publication.settle_messages()
    Campaign.objects.filter(pk=campaign.pk).update(at=now + timedelta(days=(row["begins"] - now.date()).days - 7))
