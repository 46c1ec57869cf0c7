"""A number and four words open what an officer wrote; excluded kinds never get a row, and nothing is sent to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.networks.models import Delivery
from callbox.operations import words
from callbox.operations.kinds import danger_words, excluded, kinds
from callbox.operations.models import Case, Update
from callbox.operations.services import cases
from callbox.operations.tables import EXCLUDED
from tests.people import Cast

pytestmark = pytest.mark.django_db


def _register(cast: Cast, kind: str = "burglary", reference: str = "26-1147", minutes: int = 25) -> tuple[Case, str]:
    at = timezone.now() - timedelta(minutes=minutes)
    return cases.register(agency=cast.agency, reference=reference, kind=kind, reported_at=at, by=cast.bob)


def test_number_and_words_open_what_was_written(cast: Cast) -> None:
    case, given = _register(cast)
    assert case.eligible_at == case.reported_at
    assert len(given.split()) == words.COUNT
    assert given not in str(case.__dict__)
    cases.write(case=case, text="An officer comes at three.", by=cast.bob)
    cases.write(case=case, text="It is four now.", by=cast.bob)
    found = cases.look_up(agency=cast.agency, reference=" 26-1147 ", given=given.upper().replace(" ", "-"))
    assert found == case
    assert [update.text for update in found.updates.all()] == ["An officer comes at three.", "It is four now."]
    case.refresh_from_db()
    first = Update.objects.order_by("pk").first()
    assert first is not None
    assert case.told_at == first.at
    assert not Delivery.objects.exists()
    assert given not in repr(list(AuditEvent.objects.values_list("data", "target")))


def test_wrong_closed_and_unknown_open_nothing_alike(cast: Cast) -> None:
    case, given = _register(cast)
    assert cases.look_up(agency=cast.agency, reference="26-1147", given="wrong words are these") is None
    assert cases.look_up(agency=cast.agency, reference="26-9999", given=given) is None
    assert cases.look_up(agency=cast.other, reference="26-1147", given=given) is None
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=case.secret_digest) is None
    cases.close(case=case, by=cast.bob)
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=given) is None
    with pytest.raises(RefusedError, match="closed"):
        cases.write(case=case, text="Too late", by=cast.bob)
    cases.reopen(case=case, by=cast.bob)
    newer = cases.renew(case=case, by=cast.bob)
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=given) is None
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=newer) == case


@pytest.mark.parametrize("kind", sorted(EXCLUDED))
def test_an_excluded_kind_never_gets_a_row(cast: Cast, kind: str) -> None:
    with pytest.raises(RefusedError, match="never gets a page"):
        _register(cast, kind)
    assert not Case.objects.exists()


def test_what_turns_out_to_be_excluded_is_taken_off_for_ever(cast: Cast) -> None:
    case, given = _register(cast)
    cases.take_off(case=case, kind="domestic-violence", by=cast.bob)
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=given) is None
    case.refresh_from_db()
    with pytest.raises(RefusedError, match="never gets a page"):
        cases.reopen(case=case, by=cast.bob)
    with pytest.raises(RefusedError, match="closed"):
        cases.renew(case=case, by=cast.bob)
    with pytest.raises(RefusedError, match="Choose"):
        cases.take_off(case=case, kind="theft", by=cast.bob)


@pytest.mark.parametrize(
    "text", ["Your husband was arrested.", "He still has a KNIFE", "La orden de protección está lista", "Le viol est",
             "Your EX-husband called", "سكين", "We have your report of the assault", "زوجك اتصل", "Your hus\u00adband called",
             "your ex\u2011partner", "He made threats"],
)  # fmt: skip
def test_words_of_danger_are_refused_with_the_reason(cast: Cast, text: str) -> None:
    case, _given = _register(cast)
    with pytest.raises(RefusedError, match="domestic violence, sexual assault or danger"):
        cases.write(case=case, text=text, by=cast.bob)
    assert not Update.objects.exists()


def test_who_opened_the_page_before_it_was_taken_off_does_not_open_it_again(cast: Cast) -> None:
    case, given = _register(cast)
    cases.close(case=case, by=cast.bob)
    before = Case.objects.get()
    cases.take_off(case=case, kind="sexual-assault", by=cast.bob)
    with pytest.raises(RefusedError, match="never gets a page"):
        cases.reopen(case=before, by=cast.bob)
    assert Case.objects.get().state == "closed"
    assert cases.look_up(agency=cast.agency, reference="26-1147", given=given) is None


@pytest.mark.parametrize("typed", ["٢٦-١١٤٧", "26–1147", "26—1147", "\u200f26-1147", "２６－１１４７", "26 - 1147"])
def test_a_number_is_found_as_telephones_write_it(cast: Cast, typed: str) -> None:
    case, given = _register(cast)
    assert cases.look_up(agency=cast.agency, reference=typed, given=given) == case


def test_no_draft_of_ours_would_be_refused() -> None:
    for kind in kinds().values():
        for draft in kind.drafts:
            assert danger_words(draft) == (), draft
            assert len(draft) <= cases.LONGEST
    assert set(excluded()) == EXCLUDED


@pytest.mark.parametrize(
    ("kind", "reference", "minutes"),
    [("theft", "x", 1), ("theft", "26 ' OR 1", 1), ("theft", "26-1", -60), ("theft", "26-1", 60 * 24 * 400), ("murder", "26-1", 1)],
)  # fmt: skip
def test_nonsense_is_refused_and_nothing_kept(cast: Cast, kind: str, reference: str, minutes: int) -> None:
    with pytest.raises(RefusedError, match="Nothing was kept"):
        _register(cast, kind, reference, minutes)
    assert not Case.objects.exists()


def test_a_number_is_taken_once_an_agency_and_roles_hold(cast: Cast) -> None:
    case, _given = _register(cast)
    with pytest.raises(RefusedError, match="there already"):
        _register(cast, reference="26-1147")
    for who in (cast.frank, cast.dan, cast.alice):
        with pytest.raises(RefusedError, match="role"):
            cases.write(case=case, text="Hello", by=who)
        with pytest.raises(RefusedError, match="role"):
            cases.close(case=case, by=who)


def test_the_words_are_of_the_list_and_carry_41_bits() -> None:
    assert len(words.word_list()) ** words.COUNT > 2**41
    assert max(map(len, words.word_list())) <= 5
    assert set(words.new().split()) <= set(words.word_list())
