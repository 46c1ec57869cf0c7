"""What partners of other installations call: they hand over bundles and receipts, and ask for the files of what we offered.

Each call is signed with the caller's key (collaboration.calls). A stranger, a key nobody compared, a wrong signature, an old call and an
agency that is not here all get the same empty 404, so that nobody learns who shares with whom. Only who is known is told why a bundle is
not taken.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from callbox.collaboration import calls
from callbox.collaboration.bundle import MAX_DOCUMENT
from callbox.collaboration.models import Partner
from callbox.collaboration.services import incoming
from callbox.collaboration.services.incoming import Word
from callbox.core.plain import from_plain
from callbox.people.models import Agency

#: The largest body taken, in bytes: a bundle inside JSON, its signature, and room for escapes.
MOST_BYTES: Final = 2 * MAX_DOCUMENT + 10_000
#: Receipts in one call.
MOST_WORDS: Final = 200
#: How often a second, and how often at once, strangers make the list of partners' keys be read anew.
READS_A_SECOND: Final = 5.0
READS_AT_ONCE: Final = 30.0


class Doorkeeper:
    """Knows the keys of all partners of this installation, so that a stranger costs no question to the database.

    A key that is not on the list may have been compared this minute, so the list is read anew for it: as often as a bucket allows that
    strangers share. Whoever is on it never waits for them.  clock: seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock, self._keys, self._clock = threading.Lock(), frozenset[str](), clock
        self._left, self._at = READS_AT_ONCE, clock()

    def knows(self, key: str) -> bool:
        """Whether this is the key of a partner, as far as this process has read."""
        if key not in self._keys and self._may_read():
            self._keys = incoming.keys()
        return key in self._keys

    def _may_read(self) -> bool:
        with self._lock:
            now = self._clock()
            self._left = min(READS_AT_ONCE, self._left + (now - self._at) * READS_A_SECOND)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


doorkeeper = Doorkeeper()

type _View[**P] = Callable[Concatenate[bytes, Partner, P], HttpResponse]


def of_partner[**P](view: _View[P]) -> Callable[..., HttpResponse]:
    """Let a view be reached by a partner of the agency in the address, who signed this very call. It is given the body and the partner."""

    @csrf_exempt  # no cookie means anything here: the signature says who calls
    @wraps(view)
    def guarded(request: HttpRequest, agency: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = calls.caller(request.headers)
        # The signature over the headers comes first: a call that names a partner's key without having it ends here, before a body is
        # read or a question asked, and takes nothing from anybody's bucket.
        if key is None or not _is_signed(request) or not doorkeeper.knows(key.text):
            return HttpResponse(status=404)
        known = Agency.objects.filter(slug=agency).first()
        partner = incoming.partner_of(known, key) if known is not None else None
        body = _body(request) if partner is not None else None
        if partner is None or body is None or not calls.is_whole(request.headers, body):
            return HttpResponse(status=404)
        return view(body, partner, *args, **kwargs)

    return guarded


def _is_signed(request: HttpRequest) -> bool:
    return calls.is_signed(
        request.headers,
        method=request.method or "",
        authority=request.get_host(),
        path=request.path,
        now=time.time(),
    )


def _body(request: HttpRequest) -> bytes | None:
    """Return what was sent, None when it is too much; what comes without a stated length is read up to the limit."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not stated.isdecimal() or int(stated) > MOST_BYTES:
        return None
    body = request.read(MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None


@require_POST
@of_partner
def bundles(body: bytes, partner: Partner) -> HttpResponse:
    """Take a bundle, and say whether it is kept here now."""
    found = _json(body)
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in ("document", "signature")):
        return JsonResponse({"taken": False, "code": "share_format"})
    answer = incoming.take(partner=partner, document=found["document"], signature=found["signature"])
    return JsonResponse({"taken": answer.taken, "code": answer.code})


@require_POST
@of_partner
def receipts(body: bytes, partner: Partner) -> HttpResponse:
    """Take receipts about what we offered; what is not about that is passed over."""
    found = _json(body)
    if not isinstance(found, list) or len(found) > MOST_WORDS:
        return JsonResponse({"heard": False}, status=422)
    words = [word for each in found if (word := _word(each)) is not None]
    incoming.hear(partner=partner, words=words)
    return JsonResponse({"heard": True})


@require_GET
@of_partner
def file(_body: bytes, partner: Partner, share: str, sha256: str) -> HttpResponse:
    """Give the bytes of a file that was offered to this partner."""
    data = incoming.file(partner=partner, share=share, sha256=sha256)
    if data is None:
        return HttpResponse(status=404)
    return HttpResponse(data, content_type="application/octet-stream")


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _word(plain: Any) -> Word | None:
    try:
        word = from_plain(Word, plain)
    except ValidationError:
        return None
    return word if 0 < word.version < 2**31 else None
