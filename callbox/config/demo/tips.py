"""Tips to Riverton: sealed to the analyst's key, whose private half lies as a file beside the data of the demonstration and nowhere else.

By the verbs of tipster and analyst; then the days are set back, so that six weeks can be looked at today.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from pyrage import x25519

from callbox.config.demo.residents import written
from callbox.people.models import Agency, User
from callbox.people.roles import Role
from callbox.trust.tips import desk, intake, keys, receipts
from callbox.trust.tips.models import Intake, Letter, Tip

#: The analyst's private key, in the data folder of the demonstration.
KEY_FILE = "analyst-key.txt"


def build(agency: Agency, analyst: User, *, now: datetime) -> None:
    """Make the key, let tips come in, and let the analyst read, answer and settle some."""
    key = keys.propose(agency=agency, recipient=_new_key(settings.DATA / KEY_FILE), by=analyst)
    keys.allow(agency=agency, key=key, by=User.objects.get(memberships__agency=agency, memberships__role=Role.CHIEF))
    first: Tip | None = None
    for days, about, place, words, outcome, to_read, to_settle, answer in written()["tips"]:
        receipt = intake.receive(agency=agency, text=words, about=about, place=place, language="en")
        tip = Tip.objects.get(lookup=receipts.lookup(receipt, pepper=settings.RECEIPT_KEY))
        if to_read:
            desk.read(agency=agency, tip=tip, by=analyst)
            desk.judge(agency=agency, tip=tip, threat_to_life=about == "Threat", minutes=to_read, by=analyst)
        if answer:
            desk.answer(agency=agency, tip=tip, text=answer, by=analyst)
        if outcome:
            found, same_as = Tip.Outcome(outcome), first if outcome == "duplicate" else None
            told = bool(answer) or None
            desk.settle(
                agency=agency, tip=tip, outcome=found, minutes=to_settle, told=told, by=analyst, same_as=same_as
            )
        first = first or tip
        _set_back(agency, tip, now.astimezone(UTC).date() - timedelta(days=days))
    Letter.objects.filter(tip__agency_id=agency.pk).update(paged=True)


def _new_key(file: Path) -> str:
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(f"# public key: {public}\n{identity}\n")
    return public


def _set_back(agency: Agency, tip: Tip, day: date) -> None:
    Tip.objects.filter(pk=tip.pk).update(day=day)
    tip.letters.update(day=day)
    Intake.objects.filter(agency_id=agency.pk, day=datetime.now(UTC).date()).update(day=day)
