"""What partners of other installations call, and how little a stranger learns there."""

from __future__ import annotations

import io
import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, cast

import pytest
from django.conf import LazySettings
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbox.api import shares
from callbox.collaboration import bundle as bundles
from callbox.collaboration import calls
from callbox.collaboration.bundle import Bundle, Shown
from callbox.collaboration.models import Arrival, Partner
from callbox.collaboration.services import agreements, handover, offers, partners
from callbox.collaboration.services.incoming import Word
from callbox.core.signing import SigningKey, load_or_create
from callbox.governance.models import AuditEvent
from callbox.networks import media
from tests.collaboration.pair import Force, make_force
from tests.people import Cast

SHARE = "11111111-2222-4333-8444-555555555555"
BUNDLE = Bundle(
    share=SHARE, version=1, kind="message", sender="millbrook", sender_name="Millbrook Police", recipient="harbour",
    purpose="Warn both towns", label="clear", made="2026-11-22T12:00:00+00:00", shown=Shown("", {"en": "The bridge is closed."}, "", False),
)  # fmt: skip


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return load_or_create(tmp_path / "millbrook")


@pytest.fixture
def harbour(cast: Cast, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Force:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    monkeypatch.setattr(shares, "doorkeeper", shares.Doorkeeper(clock=lambda: 0.0))
    return make_force(cast.agency, "paper:harbour")


@pytest.fixture
def partner(harbour: Force, key: SigningKey) -> Partner:
    """Millbrook, in another installation, its key compared, with an agreement."""
    row = partners.add(
        agency=harbour.agency, name="Millbrook Police", sector="police", address="https://callbox.millbrook.example",
        short_name="millbrook", public_key=key.public.text, clearance="green", by=harbour.chief,
    )  # fmt: skip
    partners.check_key(partner=row, heard=key.public.fingerprint, by=harbour.chief)
    harbour.agrees(row)
    row.refresh_from_db()
    return row


def call(
    key: SigningKey,
    what: str,
    body: Any = None,
    *,
    method: str = "POST",
    agency: str = "harbour",
    age: float = 0,
    changed: dict[str, str] | None = None,
) -> HttpResponse:
    path = f"/api/v1/shares/{agency}/{what}"
    raw = b"" if body is None else json.dumps(body).encode()
    signed = calls.sign(key, method=method, authority="testserver", path=path, body=raw, now=time.time() - age)
    return Client().generic(method, path, raw, content_type="application/json", headers={**signed, **(changed or {})})  # type: ignore[return-value]


def sealed(bundle: Bundle, key: SigningKey) -> dict[str, str]:
    return {"document": bundle.document(), "signature": bundles.sign(bundle.document(), key)}


def told(answer: HttpResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_a_bundle_of_a_partner_is_kept_once_however_often_it_comes(partner: Partner, key: SigningKey) -> None:
    for _again in range(3):
        assert told(call(key, "bundles", sealed(BUNDLE, key))) == {"taken": True, "code": ""}
    row = Arrival.objects.get()
    assert (row.state, row.digest) == ("new", bundles.digest(BUNDLE.document()))
    assert AuditEvent.objects.filter(action="arrival.came").count() == 1


def test_a_stranger_a_wrong_signature_an_old_call_and_an_unknown_agency_get_the_same_nothing(
    partner: Partner, key: SigningKey, tmp_path: Path
) -> None:
    stranger, body = load_or_create(tmp_path / "stranger"), sealed(BUNDLE, key)
    answers: list[Any] = [
        call(stranger, "bundles", body),
        call(key, "bundles", body, age=400),
        call(key, "bundles", body, age=-400),
        call(key, "bundles", body, agency="valley"),
        call(key, "bundles", body, agency="nowhere"),
        call(key, "bundles", body, changed={"Signature": "callbox=:" + "A" * 86 + "==:"}),
        call(key, "bundles", body, changed={"Content-Digest": calls.body_digest(b"other")}),
        call(key, "bundles", body, changed={"Signature-Input": "nonsense"}),
        Client().post("/api/v1/shares/harbour/bundles", body, content_type="application/json"),
        call(key, "bundles", {**body, "document": "x" * shares.MOST_BYTES}),
    ]
    assert {(each.status_code, each.content) for each in answers} == {(404, b"")}
    assert not Arrival.objects.exists()


def test_a_key_nobody_compared_is_a_stranger(harbour: Force, key: SigningKey) -> None:
    partners.add(
        agency=harbour.agency,
        name="Millbrook",
        sector="police",
        public_key=key.public.text,
        short_name="millbrook",
        by=harbour.chief,
    )
    assert call(key, "bundles", sealed(BUNDLE, key)).status_code == 404


def asked(key: SigningKey, **more: Any) -> tuple[int, int]:
    """Return the answer to a call and how many statements it cost."""
    with CaptureQueriesContext(connection) as statements:
        answer = call(key, "bundles", {}, **more).status_code
    return answer, len(statements)


def test_strangers_cost_no_more_than_a_bucket_of_readings_and_partners_get_in_beside_them(
    partner: Partner, key: SigningKey, tmp_path: Path
) -> None:
    told(call(key, "bundles", sealed(BUNDLE, key)))
    stranger = load_or_create(tmp_path / "stranger")
    costs = [asked(stranger) for _each in range(int(shares.READS_AT_ONCE) + 2)]
    assert costs == [(404, 1)] * (int(shares.READS_AT_ONCE) - 1) + [(404, 0)] * 3  # one was the partner's first call
    assert told(call(key, "bundles", sealed(BUNDLE, key)))["taken"]


def test_naming_a_partners_key_without_having_it_costs_no_statement_and_keeps_nobody_out(
    partner: Partner, key: SigningKey
) -> None:
    forged = {"Signature": "callbox=:" + "A" * 86 + "==:"}
    costs = {asked(key, changed=forged) for _each in range(3 * int(shares.READS_AT_ONCE))}
    assert costs == {(404, 0)}
    assert told(call(key, "bundles", sealed(BUNDLE, key)))["taken"]  # its first call in this process, after the flood


def test_a_forged_call_is_refused_before_its_body_is_read(partner: Partner, key: SigningKey) -> None:
    class Unread(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise AssertionError("the body was read")

    path = "/api/v1/shares/harbour/bundles"
    signed = calls.sign(key, method="POST", authority="testserver", path=path, body=b"{}", now=time.time())
    forged = {**signed, "Signature": "callbox=:" + "A" * 86 + "==:", "host": "testserver"}
    heads = [(name.lower().encode(), value.encode()) for name, value in forged.items()]
    scope = {"type": "http", "method": "POST", "path": path, "headers": heads, "query_string": b""}
    assert shares.bundles(ASGIRequest(scope, cast("IO[bytes]", Unread())), agency="harbour").status_code == 404


def test_a_partner_whose_key_was_compared_a_moment_ago_gets_in_when_the_bucket_allows_a_reading(
    partner: Partner, key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(shares, "doorkeeper", shares.Doorkeeper(clock=lambda: now[0]))
    Partner.objects.update(key_checked_at=None)
    stranger = load_or_create(tmp_path / "stranger")
    for _each in range(int(shares.READS_AT_ONCE)):
        asked(stranger)
    Partner.objects.update(key_checked_at=timezone.now())
    assert call(key, "bundles", sealed(BUNDLE, key)).status_code == 404
    now[0] += 1 / shares.READS_A_SECOND
    assert told(call(key, "bundles", sealed(BUNDLE, key)))["taken"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"label": "red"}, "share_label"),
        ({"kind": "event"}, "share_scope"),
        ({"recipient": "valley"}, "share_addressee"),
        ({"sender": "lakeside"}, "share_addressee"),
        ({"expires": "2020-01-01T00:00:00+00:00"}, "share_past"),
        ({"version": 0}, "share_values"),
        ({"format": "callbox-share/2"}, "share_format"),
        ({"shown": None}, "share_values"),
    ],
)
def test_a_bundle_that_is_not_agreed_on_is_not_taken(
    partner: Partner, key: SigningKey, changed: dict[str, Any], code: str
) -> None:
    answer = told(call(key, "bundles", sealed(replace(BUNDLE, **changed), key)))
    assert answer == {"taken": False, "code": code}
    assert not Arrival.objects.exists()


def test_a_bundle_signed_by_somebody_else_or_altered_is_not_taken(
    partner: Partner, key: SigningKey, tmp_path: Path
) -> None:
    forged = sealed(BUNDLE, load_or_create(tmp_path / "stranger"))
    altered = {**sealed(BUNDLE, key), "document": BUNDLE.document().replace("closed", "open")}
    doubled = BUNDLE.document().replace('"version":1', '"version":1,"version":1')
    twice = {"document": doubled, "signature": bundles.sign(doubled, key)}
    bodies: list[Any] = [forged, altered, twice, {"document": 1}, []]
    codes = [told(call(key, "bundles", body))["code"] for body in bodies]
    assert codes == ["share_signature", "share_signature", "share_format", "share_format", "share_format"]
    assert not Arrival.objects.exists()


def test_what_a_partner_may_receive_does_not_limit_what_it_gives(partner: Partner, key: SigningKey) -> None:
    assert partner.clearance == "green"  # the agreement goes up to amber
    assert told(call(key, "bundles", sealed(replace(BUNDLE, label="amber"), key)))["taken"]


def test_the_same_version_with_other_words_is_not_taken(partner: Partner, key: SigningKey) -> None:
    told(call(key, "bundles", sealed(BUNDLE, key)))
    other = replace(BUNDLE, shown=Shown("", {"en": "The bridge is open."}, "", False))
    assert told(call(key, "bundles", sealed(other, key)))["code"] == "share_changed"


def test_an_older_version_that_comes_late_changes_nothing(partner: Partner, key: SigningKey) -> None:
    told(call(key, "bundles", sealed(replace(BUNDLE, version=2), key)))
    assert told(call(key, "bundles", sealed(BUNDLE, key)))["taken"]
    assert [row.version for row in Arrival.objects.all()] == [2]


def test_a_recall_passes_when_agreement_and_partnership_have_ended(
    partner: Partner, key: SigningKey, harbour: Force
) -> None:
    told(call(key, "bundles", sealed(BUNDLE, key)))
    partners.end(partner=partner, why="Trial over", by=harbour.chief)
    assert told(call(key, "bundles", sealed(replace(BUNDLE, version=2), key)))["code"] == "share_partner_ended"
    recall = replace(BUNDLE, version=3, recalls=True, why="Wrong bridge", shown=None)
    assert told(call(key, "bundles", sealed(recall, key)))["taken"]
    assert told(call(key, "bundles", sealed(replace(BUNDLE, version=4), key)))["code"] == "share_recalled"


def test_receipts_about_what_was_not_offered_to_this_partner_change_nothing(
    partner: Partner, key: SigningKey, harbour: Force
) -> None:
    shown = Shown("", {"en": "Words"}, "", urgent=False)
    share = offers.offer(
        agency=harbour.agency,
        subject="message:1",
        kind="message",
        shown=shown,
        partners=[partner],
        label="clear",
        by=harbour.writer,
    )
    word = Word(SHARE, str(share), 1, "published", "https://millbrook.example/1", "2026-01-01T00:00:00+00:00")
    odd = [
        {**asdict(word), "said": "burnt"},
        {**asdict(word), "share": SHARE},
        {**asdict(word), "at": "soon"},
        {},
        7,
        None,
    ]
    assert told(call(key, "receipts", odd)) == {"heard": True}
    assert offers.newest(harbour.agency, share)[0].receipts.count() == 0
    for _again in range(2):
        told(call(key, "receipts", [asdict(word)]))
    offer = offers.newest(harbour.agency, share)[0]
    assert (offer.state, offer.receipts.count()) == ("published", 1)


def test_a_file_is_given_to_whom_it_was_offered_until_it_is_recalled(
    partner: Partner, key: SigningKey, harbour: Force, settings: LazySettings
) -> None:

    data = b"not really a picture"
    kept = media.keep(Path(settings.MEDIA_ROOT), harbour.agency.pk, data)
    file = bundles.File(kept.sha256, "image", "image/png", len(data), "A bridge", "", 1, 1)
    shown = Shown("", {"en": "Words"}, "", urgent=False, files=(file,))
    share = offers.offer(
        agency=harbour.agency,
        subject="message:1",
        kind="message",
        shown=shown,
        partners=[partner],
        label="clear",
        by=harbour.writer,
    )
    where = f"files/{share}/{kept.sha256}"
    assert call(key, where, method="GET").status_code == 404  # not handed over yet
    handover._claim(partner)
    assert call(key, where, method="GET").content == data
    assert call(key, f"files/{share}/{'0' * 64}", method="GET").status_code == 404
    assert call(key, f"files/nonsense/{kept.sha256}", method="GET").status_code == 404
    agreements.end(agreement=partner.agreements.get(), why="Over", by=harbour.chief)
    assert call(key, where, method="GET").status_code == 404  # nothing more is handed over
    harbour.agrees(partner)
    assert call(key, where, method="GET").content == data
    offers.recall(agency=harbour.agency, share=share, why="Wrong bridge", by=harbour.chief)
    assert call(key, where, method="GET").status_code == 404


def test_a_body_without_a_stated_length_is_read_up_to_the_limit_alone(partner: Partner, key: SigningKey) -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1, /) -> bytes:
            assert size > 0, "the whole of it was asked for"
            self.taken += size
            return b" " * size

    path, sent = "/api/v1/shares/harbour/bundles", Endless()
    signed = calls.sign(key, method="POST", authority="testserver", path=path, body=b"", now=time.time())
    heads = [(name.lower().encode(), value.encode()) for name, value in {**signed, "host": "testserver"}.items()]
    scope = {"type": "http", "method": "POST", "path": path, "headers": heads, "query_string": b""}
    assert shares.bundles(ASGIRequest(scope, cast("IO[bytes]", sent)), agency="harbour").status_code == 404
    assert 0 < sent.taken <= 2 * shares.MOST_BYTES
