from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.networks.vocabulary import Content, Media
from callbox.people.models import User
from callbox.voice.models import MediaFile, Message, Version
from callbox.voice.services import messages
from callbox.voice.services.messages import Difference, SavedMeanwhileError
from tests.people import Cast

ACCOUNTS = ["paper:b", "paper:a"]


def written(cast: Cast, text: str = "One", **more: object) -> Message:
    return messages.draft(agency=cast.agency, content=Content(text), accounts=ACCOUNTS, by=cast.alice, **more)  # type: ignore[arg-type]


def saved(message: Message, text: str, *, seen: int, by: User) -> Version:
    return messages.save(
        message=message, content=Content(text), accounts=ACCOUNTS, due=None, expires=None, seen=seen, by=by
    )


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_every_saving_is_a_version_and_none_is_edited(cast: Cast) -> None:
    message = written(cast)
    first = message.newest
    second = saved(message, "Two", seen=1, by=cast.carol)
    assert [version.written.text for version in message.versions.all()] == ["One", "Two"]
    assert (second.number, second.by) == (2, cast.carol)
    first.refresh_from_db()
    assert first.written.text == "One"
    assert first.digest != second.digest
    assert actions() == ["message.drafted", "message.saved"]


def test_saving_what_stands_there_writes_nothing(cast: Cast) -> None:
    message = written(cast)
    assert saved(message, "One", seen=1, by=cast.carol).number == 1
    assert Version.objects.count() == 1
    assert actions() == ["message.drafted"]


def test_two_who_save_from_the_same_version_lose_no_words(cast: Cast) -> None:
    message = written(cast)
    saved(message, "Two by Carol", seen=1, by=cast.carol)
    with pytest.raises(SavedMeanwhileError, match="Carol saved this message while you were writing") as refused:
        saved(message, "Two by Bob", seen=1, by=cast.bob)
    assert refused.value.newer.written.text == "Two by Carol"
    assert message.newest.written.text == "Two by Carol"


def test_accounts_are_kept_once_and_in_order(cast: Cast) -> None:
    message = messages.draft(
        agency=cast.agency, content=Content("One"), accounts=["paper:b", "paper:a", "paper:b"], by=cast.alice
    )
    assert message.newest.accounts == ["paper:a", "paper:b"]


def test_own_words_of_an_account_are_kept_and_empty_ones_are_not(cast: Cast) -> None:
    content = Content("One", own={"paper:b": "  ", "paper:a": "Eins"})
    message = messages.draft(agency=cast.agency, content=content, accounts=ACCOUNTS, by=cast.alice)
    assert message.newest.written.own == {"paper:a": "Eins"}


def test_a_picture_that_is_not_the_agencys_cannot_be_used(cast: Cast) -> None:
    MediaFile.objects.create(
        agency=cast.other, sha256="d" * 64, kind="image", type="image/png", size=9, name="x", place="x", by=cast.dan,
        at=timezone.now(),
    )  # fmt: skip
    picture = Media(sha256="d" * 64, kind="image", type="image/png", size=9, alt="A bridge")
    with pytest.raises(RefusedError, match="is not kept here"):
        messages.draft(agency=cast.agency, content=Content("One", media=(picture,)), accounts=ACCOUNTS, by=cast.alice)
    assert not Message.objects.exists()


def test_what_is_known_of_a_picture_is_never_taken_from_the_form(cast: Cast) -> None:
    MediaFile.objects.create(
        agency=cast.agency, sha256="d" * 64, kind="image", type="image/png", size=9, width=3, height=2, name="x",
        place="x", by=cast.alice, at=timezone.now(),
    )  # fmt: skip
    told = Media(sha256="d" * 64, kind="video", type="text/html", size=1, alt=" A bridge ", width=99)
    message = messages.draft(
        agency=cast.agency, content=Content("One", media=(told,)), accounts=ACCOUNTS, by=cast.alice
    )
    assert message.newest.written.media == (
        Media(sha256="d" * 64, kind="image", type="image/png", size=9, alt="A bridge", width=3, height=2),
    )


def test_a_message_put_away_can_be_taken_up_again_but_not_changed_meanwhile(cast: Cast) -> None:
    message = written(cast)
    messages.drop(message=message, by=cast.alice)
    with pytest.raises(RefusedError, match="can no longer be changed"):
        saved(message, "Two", seen=1, by=cast.alice)
    with pytest.raises(RefusedError, match="no longer be put away"):
        messages.drop(message=message, by=cast.alice)
    messages.restore(message=message, by=cast.bob)
    with pytest.raises(RefusedError, match="was not put away"):
        messages.restore(message=message, by=cast.bob)
    assert saved(message, "Two", seen=1, by=cast.alice).number == 2
    assert actions() == ["message.drafted", "message.dropped", "message.restored", "message.saved"]


def test_a_message_corrects_only_one_of_its_own_agency(cast: Cast) -> None:
    strange = messages.draft(agency=cast.other, content=Content("Hi"), accounts=[], by=cast.dan)
    with pytest.raises(RefusedError, match="another agency"):
        written(cast, corrects=strange)


def test_the_approver_reads_what_changed_since_he_looked(cast: Cast) -> None:
    message = written(cast)
    older = message.newest
    due = timezone.now() + timedelta(hours=2)
    newer = messages.save(
        message=message,
        content=Content("One", own={"paper:a": "Eins"}, urgent=True),
        accounts=["paper:a"],
        due=due,
        expires=None,
        seen=1,
        by=cast.carol,
    )
    assert messages.differences(older, newer) == [
        Difference("urgent", before=False, after=True),
        Difference("own", "", "Eins", "paper:a"),
        Difference("accounts", ["paper:a", "paper:b"], ["paper:a"]),
        Difference("due", None, due),
    ]
    assert messages.differences(newer, newer) == []


def test_a_stranger_sees_no_message(cast: Cast) -> None:
    message = written(cast)
    assert message in Message.objects.visible_to(cast.bob)
    assert not Message.objects.visible_to(cast.dan).exists()


def test_the_same_hour_said_in_another_zone_is_no_change(cast: Cast) -> None:
    due = datetime(2026, 3, 29, 9, tzinfo=ZoneInfo("Europe/Oslo"))
    message = written(cast, due=due)
    for same in (due, due.astimezone(UTC)):
        found = messages.save(
            message=message, content=Content("One"), accounts=ACCOUNTS, due=same, expires=None, seen=1, by=cast.bob
        )
        assert found.number == 1
    assert message.newest.due == datetime(2026, 3, 29, 7, tzinfo=UTC)
