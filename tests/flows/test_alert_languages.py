"""An alert in several languages under one approval: which account says which of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from callbox.flows import alerting
from callbox.networks.deliveries.models import Delivery
from callbox.operations.cap.vocabulary import Content
from tests.flows.newsdesk import connect, send, texts
from tests.operations.alerts.duty import FORCE, Duty, make_duty, words
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(cast: Cast, settings: LazySettings, tmp_path: Path) -> Duty:
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return make_duty(cast)


def test_newsroom_and_letters_tell_every_language_of_an_alert_and_other_accounts_the_first(duty: Duty) -> None:
    newsroom = connect(duty.agency, "newsroom:harbour", by=duty.wendy)
    english = words().first
    spanish = replace(
        english, language="es", headline="Aléjese del puente", description="Hay gas en el puente.",
        instruction="Cierre las ventanas.", event="Aléjese", areas=(replace(english.areas[0], description="El puente"),),
    )  # fmt: skip
    arabic = replace(spanish, language="ar", headline="ابتعد عن الجسر")
    alert = duty.out(Content((english, spanish, arabic)), accounts=[FORCE, newsroom.account])
    send()
    shown = Delivery.objects.get(connection=newsroom, subject=alert.message).shown
    assert [(each.language, each.title, each.behind) for each in shown.translations] == [
        ("ar", "ابتعد عن الجسر", False),
        ("es", "Aléjese del puente", False),
    ]
    assert shown.translations[1].text == "Hay gas en el puente.\n\nCierre las ventanas.\n\nEl puente"
    assert all("Aléjese" not in text for text in texts("harbour"))
    content = Content((english, spanish))
    over = alerting.follow(alert=alert, kind="Cancel", content=content, by=duty.wendy)
    (notice,) = alerting.as_message(over.newest).written.translations
    assert notice.title == "Finalizado: Aléjese del puente"
