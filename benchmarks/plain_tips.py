"""What `benchmarks.tips` runs in processes of their own, and its peer: the portal's tip form, storing plain text."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

BLOCKS = 4
_WORDS = (
    "A grey van has stood behind the market on Harbour Street every night this week between one and three. Two people load "
    "boxes from the back door of the closed shop; one of them is called Sam by the other. The plate ends in 47."
)


def words(number: int) -> str:
    """Return a tip of usual length."""
    return f"{_WORDS} (note {number})"


def build() -> None:
    """Make an agency with three officers' keys."""
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()
    import pyrage  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from callbox.governance.members import create_agency  # noqa: PLC0415
    from callbox.trust.tips.models import Key  # noqa: PLC0415

    agency, own = create_agency(slug="harbour", name="Harbour City Police", phone="555 0100", by="bench"), []
    for officer in range(3):
        key = pyrage.x25519.Identity.generate()
        own.append(str(key))
        Key.objects.create(
            agency_id=agency.pk,
            owner_id=officer,
            recipient=str(key.to_public()),
            added="2026-01-01",
            allowed="2026-01-01",
        )
    (settings.DATA / "officers.json").write_text(json.dumps(own))


def _peer() -> None:
    """Put the plain form beside the portal's own pages."""
    from django.db import transaction  # noqa: PLC0415
    from django.urls import path  # noqa: PLC0415

    from callbox.core.refusal import RefusedError  # noqa: PLC0415
    from callbox.governance.urgent import urgent_words  # noqa: PLC0415
    from callbox.portal import urls  # noqa: PLC0415
    from callbox.portal.page import portal_page, show  # noqa: PLC0415
    from callbox.portal.tips.forms import TipForm  # noqa: PLC0415
    from callbox.trust.tips import intake  # noqa: PLC0415
    from callbox.trust.tips.models import Letter, Tip  # noqa: PLC0415

    @portal_page("POST", personal=True)
    def plain(request: Any, agency: Any) -> Any:
        form, takes = TipForm(request.POST or None), intake.takes_tips(agency)
        if not form.is_valid() or urgent_words(form.cleaned_data["text"]):
            raise RefusedError("the bench sends tips that are taken")
        receipt = secrets.token_hex(16)
        with transaction.atomic(using="tips"):
            lookup = hashlib.sha256(receipt.encode()).hexdigest()
            tip = Tip.objects.create(agency_id=agency.pk, day=intake._today(), lookup=lookup, public_key="")
            text = json.dumps(form.cleaned_data).encode()
            Letter.objects.create(tip=tip, number=1, from_agency=False, day=tip.day, sealed=text)
            intake._count(agency)
        words_ = [receipt[at : at + 4] for at in range(0, 32, 4)]
        return show(request, "portal/tips/receipt.html", {"words": words_, "receipt": receipt, "takes": takes})

    urls.urlpatterns.insert(0, path("p/<slug:agency>/plain/", plain))


def measure(count: int, threads: int) -> dict[str, Any]:
    """Send `count` tips to each of the two in turns; return for both how many a second, the processor time, and what was lost."""
    from callbox.cli.django import start  # noqa: PLC0415

    start()
    _peer()
    send = _sender()
    block = -(-count // BLOCKS)
    receipts: dict[str, dict[str, int]] = {"tip": {}, "plain": {}}
    spent = {"tip": [0.0, 0.0], "plain": [0.0, 0.0]}
    for name in receipts:
        send(name, -1)  # templates and word lists are read once
    for part in range(BLOCKS):
        numbers = range(part * block, min(count, (part + 1) * block))
        for name in receipts:
            begun, processor = time.perf_counter(), time.process_time()
            receipts[name] |= _in_threads(send, name, numbers, threads)
            spent[name][0] += time.perf_counter() - begun
            spent[name][1] += time.process_time() - processor
    return {
        label: {
            "per_second": round(count / spent[name][0], 1),
            "processor_ms": round(spent[name][1] * 1000 / count, 2),
            "lost": count - _found(name, receipts[name]),
        }
        for label, name in (("sealed", "tip"), ("plain", "plain"))
    }


def _sender() -> Callable[[str, int], str]:
    """Return what sends one tip through the portal and reads the receipt off the page."""
    from django.test import RequestFactory  # noqa: PLC0415

    from callbox.config.wsgi import application  # noqa: PLC0415

    factory, shown = RequestFactory(headers={"Host": "localhost"}), re.compile(r'name="receipt" value="([^"]+)"')

    def send(name: str, number: int) -> str:
        form = {"text": words(number), "place": "Harbour Street", "about": "theft"}
        request = factory.post(f"/p/harbour/{name}/", form)
        status: list[str] = []

        def begin(said: str, *_: Any) -> Callable[[bytes], object]:
            status.append(said)
            return lambda _: None

        answer = application(request.environ, begin)
        page = b"".join(answer).decode()
        answer.close()
        receipt = shown.search(page)
        if not status[0].startswith("200") or receipt is None:
            raise SystemExit(f"/p/harbour/{name}/ answers {status[0]}")
        return receipt[1]

    return send


def _in_threads(send: Callable[[str, int], str], name: str, numbers: range, threads: int) -> dict[str, int]:
    receipts: dict[str, int] = {}

    def work(mine: range) -> None:
        receipts.update({send(name, number): number for number in mine})

    running = [threading.Thread(target=work, args=(numbers[each::threads],)) for each in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return receipts


def _found(name: str, known: dict[str, int]) -> int:
    """Return how many of the acknowledged tips are there, whole, and only readable where they are to be."""
    from django.conf import settings  # noqa: PLC0415

    from callbox.trust.tips import envelope  # noqa: PLC0415
    from callbox.trust.tips import receipts as sealed_receipts  # noqa: PLC0415
    from callbox.trust.tips.models import Letter  # noqa: PLC0415

    officer, found = json.loads((settings.DATA / "officers.json").read_text())[-1], 0
    for receipt, number in known.items():
        sealed = name == "tip"
        lookup = (
            sealed_receipts.lookup(receipt, pepper=settings.RECEIPT_KEY)
            if sealed
            else hashlib.sha256(receipt.encode()).hexdigest()
        )
        kept = bytes(Letter.objects.get(tip__lookup=lookup).sealed)
        text = envelope.unseal(kept, identity=officer).text if sealed else json.loads(kept)["text"]
        found += text == words(number) and (words(number).encode() in kept) != sealed
    return found


def main() -> None:
    """Do what was asked and print what is told, as JSON."""
    match sys.argv[1:]:
        case ["build"]:
            build()
        case [_, count, threads]:
            print(json.dumps(measure(int(count), int(threads))))


if __name__ == "__main__":
    main()
