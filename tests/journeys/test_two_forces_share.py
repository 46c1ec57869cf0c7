"""Two forces, page by page: partners, agreements, an offer looked at, taken over, corrected and recalled; nobody leaves their own desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from callbox.collaboration.models import Agreement, Arrival, Partner
from callbox.voice.models import Message
from tests.collaboration.pair import Force, make_force, work
from tests.flows.newsdesk import send, texts
from tests.people import Cast, signed_in

WORDS = "Mill Road is closed at the bridge until six."
FIXED = "Mill Road is closed at the station until six."
THERE = "Valley residents: Mill Road is closed. Buses turn at the market."


class Desk:
    """The people of one force at their browsers."""

    def __init__(self, force: Force) -> None:
        self.force, self.base = force, f"/a/{force.agency.slug}"
        people = {"writer": force.writer, "approver": force.approver, "chief": force.chief, "second": force.second}
        self.people: dict[str, Client] = {name: signed_in(user) for name, user in people.items()}

    def get(self, who: str, address: str) -> str:
        answer = self.people[who].get(f"{self.base}/{address}")
        assert answer.status_code == 200, address
        return answer.content.decode()

    def post(self, who: str, address: str, **fields: object) -> str:
        """Send a form and return where it leads, below the agency's address."""
        answer = self.people[who].post(f"{self.base}/{address}", fields)
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"].removeprefix(f"{self.base}/")

    def becomes_partner_of(self, other: Force) -> int:
        where = self.post(
            "chief",
            "partners/new/",
            name=other.agency.name,
            sector="police",
            clearance="amber",
            local_name=other.agency.slug,
        )
        self.post(
            "chief", f"{where}agreement/", purpose="Warn both towns", scope=["message"], label="amber",
            starts="2020-01-01", ends="2099-12-31",
        )  # fmt: skip
        agreement = Agreement.objects.get(agency=self.force.agency)
        self.post("second", f"agreements/{agreement.pk}/sign/")
        return Partner.objects.get(agency=self.force.agency).pk

    def publishes(self, number: int) -> None:
        """Submit and approve a message on its page, and let it leave."""
        self.post("writer", f"messages/{number}/submit/")
        digest = re.search(r'name="digest" value="([0-9a-f]+)"', self.get("approver", f"messages/{number}/"))
        assert digest is not None
        self.post("approver", f"messages/{number}/approve/", digest=digest[1])
        send()
        work()


def number_in(address: str) -> int:
    found = re.search(r"messages/(\d+)/", address)
    assert found is not None
    return int(found[1])


@pytest.mark.django_db
def test_two_forces_share_correct_and_recall(cast: Cast, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    harbour, valley = Desk(make_force(cast.agency, "paper:harbour")), Desk(make_force(cast.other, "paper:valley"))
    there = harbour.becomes_partner_of(valley.force)
    valley.becomes_partner_of(harbour.force)

    message = harbour.force.write(WORDS)
    harbour.publishes(message.pk)
    look = harbour.people["writer"].post(
        f"{harbour.base}/messages/{message.pk}/offer/", {"partners": [there], "label": "clear"}
    )
    assert WORDS in look.content.decode()
    share = harbour.post("writer", f"messages/{message.pk}/offer/", partners=[there], label="clear", offer="1")
    assert "waits to be handed over" in harbour.get("writer", share)
    work()

    assert "Mill Road" in valley.get("writer", "shared-with-us/")
    first = Arrival.objects.get()
    where = valley.post("writer", f"shared-with-us/{first.pk}/take/", accounts=["paper:valley"], how="adapted")
    copy = number_in(where)
    fields = {"text": THERE, "title": "Mill Road", "language": "en", "accounts": ["paper:valley"], "seen": "1"}
    valley.people["writer"].post(f"{valley.base}/messages/{copy}/write/", fields)
    assert Message.objects.get(pk=copy).newest.written.text == THERE
    valley.publishes(copy)
    assert texts("valley") == [THERE]
    for words in ("published there", "Opened", "Adapted"):
        assert (words in harbour.get("writer", share)) is (words != "Opened")  # nobody opened its page

    harbour.force.correct(Message.objects.get(pk=message.pk), FIXED)
    work()
    assert "not updated yet" in harbour.get("writer", share)
    second = Arrival.objects.get(version=2)
    assert "correction of your own message" in valley.get("writer", f"shared-with-us/{second.pk}/")
    correction = number_in(valley.post("writer", f"shared-with-us/{second.pk}/take/", how="accepted"))
    valley.publishes(correction)
    assert any(FIXED in text for text in texts("valley"))
    page = harbour.get("writer", share)
    assert "not updated" not in page
    assert "published there" in page

    harbour.post("writer", f"{share}recall/", why="It was another road")
    work()
    recall = Arrival.objects.get(recalls=True)
    assert "It was another road" in valley.get("writer", f"shared-with-us/{recall.pk}/")
    valley.post("writer", f"shared-with-us/{recall.pk}/take-back/")
    send()
    work()
    assert texts("valley") == []
    assert "taken back there" in harbour.get("writer", share)
