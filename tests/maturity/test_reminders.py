"""Owners are reminded 30, 7 and 1 days before evidence expires."""

from datetime import date, timedelta

from callbox.maturity.reminders import Expiring, reminders_due

LAST = date(2026, 6, 30)


def test_a_year_of_days_brings_three_reminders() -> None:
    reminded: frozenset[int] = frozenset()
    sent = []
    for days_left in range(365, -10, -1):
        for _, step in reminders_due([Expiring(1, LAST, reminded)], LAST - timedelta(days=days_left)):
            sent.append((days_left, step))
            reminded |= {step}
    assert sent == [(30, 30), (7, 7), (1, 1)]


def test_days_without_a_worker_are_made_up_with_one_reminder() -> None:
    assert reminders_due([Expiring(1, LAST)], LAST - timedelta(days=5)) == [(1, 7)]
    assert reminders_due([Expiring(1, LAST, frozenset({30}))], LAST) == [(1, 1)]


def test_expired_evidence_is_not_announced() -> None:
    assert reminders_due([Expiring(1, LAST)], LAST + timedelta(days=1)) == []


def test_the_soonest_comes_first() -> None:
    later, sooner = Expiring(1, LAST), Expiring(2, LAST - timedelta(days=1))
    assert reminders_due([later, sooner], LAST - timedelta(days=8)) == [(2, 7), (1, 30)]
