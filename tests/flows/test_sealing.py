"""The key that seals secrets is renewed for everything at once, and nothing sealed is forgotten."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

import callbox
from callbox.core.secrets import SealBrokenError, Vault
from callbox.flows import sealing
from callbox.governance.models import AuditEvent
from callbox.operations.models import Gateway
from callbox.trust.models import Conversation, Subscription
from tests.people import Cast

NEW = "a new key, long and random " * 3


def sealed(purpose: str) -> str:
    return Vault(django_settings.TOKEN_KEYS, purpose=purpose).seal({"secret": purpose})


def make(cast: Cast) -> None:
    now = timezone.now()
    secrets = {"secret": sealed("gateway"), "old_secret": sealed("gateway")}
    Gateway.objects.create(agency=cast.agency, title="Dispatch", **secrets, by=cast.erin, at=now)
    Subscription.objects.create(
        agency=cast.agency, address_digest="1" * 64, sealed_address=sealed("subscription"), asked_at=now
    )
    row = {"agency": cast.agency, "door": "enquiry", "opened_at": now, "last_at": now}
    Conversation.objects.create(thread="one", sealed_address=sealed("enquiry"), **row)
    Conversation.objects.create(thread="two", **row)  # nobody wants to be told of its answer


@pytest.mark.django_db
def test_everything_opens_with_the_new_key_alone_and_the_trail_says_how_much_there_was(
    cast: Cast, settings: Settings
) -> None:
    make(cast)
    settings.TOKEN_KEYS = [NEW, *settings.TOKEN_KEYS]
    counts = sealing.seal_anew()
    assert (counts["gateways"], counts["subscribers"], counts["questions"]) == (1, 1, 1)
    settings.TOKEN_KEYS = [NEW]
    found = {
        "gateway": Gateway.objects.get().old_secret,
        "subscription": Subscription.objects.get().sealed_address,
        "enquiry": Conversation.objects.get(thread="one").sealed_address,
    }
    for purpose, text in found.items():
        assert Vault([NEW], purpose=purpose).open(text) == {"secret": purpose}
    told = AuditEvent.objects.get(action="addresses.sealed-anew").data
    assert told.items() >= {"gateways": 1, "subscribers": 1, "questions": 1}.items()


@pytest.mark.django_db
def test_where_a_key_is_missing_nothing_is_changed(cast: Cast, settings: Settings) -> None:
    make(cast)
    before = Gateway.objects.get().secret
    Conversation.objects.filter(thread="two").update(sealed_address=Vault([NEW], purpose="enquiry").seal({"a": "b"}))
    settings.TOKEN_KEYS = ["another key, long and random " * 3, *settings.TOKEN_KEYS]
    with pytest.raises(SealBrokenError):
        sealing.seal_anew()
    assert Gateway.objects.get().secret == before


def test_no_vault_of_the_product_is_forgotten() -> None:
    known = {"connection", "source", "author of a sighting"}  # rooms with a verb of their own
    known |= {purpose for _kind, _model, _column, purpose in sealing._COLUMNS}
    root = Path(callbox.__file__).parent
    used = re.compile(r'Vault\((?:settings\.)?TOKEN_KEYS, purpose="([^"]+)"')
    found = {purpose for path in root.rglob("*.py") for purpose in used.findall(path.read_text(encoding="utf-8"))}
    assert found == known
