"""What a dispatch centre calls: it acknowledges what was handed over, and flags incidents. Each call is signed with the gateway's secret.

A call that is not signed as it should be gets 401 and the same words whatever is wrong with it, and leaves no trace in the database.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from callbox.core.refusal import RefusedError
from callbox.operations.gateways import webhook
from callbox.operations.gateways.webhook import Answer, WrongSignatureError
from callbox.operations.models import Escalation, Gateway
from callbox.operations.services import escalations, incidents
from callbox.operations.services.gateways import NOBODYS, secrets_of

_REFUSED: Final = {"error": "The call is not signed with the secret of this gateway, or not of the last five minutes."}


@csrf_exempt  # no cookie means anything here: the signature says who calls
@require_POST
def acknowledge(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    """Take the word of a person at dispatch that they have it; `by`, `reference` and `said` may say more. Any number of times.

    What is signed names what it acknowledges, so that no other signed call of this gateway, and none of ours sent back, passes for it.
    """
    body = _body(request)
    if body is None:
        return _too_much()
    row = Escalation.objects.filter(key=key).select_related("gateway").first()
    told = _checked(request, row.gateway if row else None, body)
    if told is None:
        return JsonResponse(_REFUSED, status=401)
    assert row is not None  # nobody's secret signs nothing  # noqa: S101
    if told.get("acknowledges") != str(key):
        return JsonResponse({"error": "What is signed must name it: “acknowledges”, with the webhook-id."}, status=422)
    who, number = webhook.plain(told.get("by"), 160), webhook.plain(told.get("reference"), 60)
    answer = Answer("acknowledged", who, number, webhook.plain(told.get("said"), 500))
    try:
        row = escalations.acknowledge(key=key, answer=answer)
    except RefusedError as refused:
        return JsonResponse({"error": str(refused)}, status=409)
    return JsonResponse({"key": str(row.key), "state": row.state, "reference": row.reference})


@csrf_exempt
@require_POST
def incident(request: HttpRequest) -> JsonResponse:
    """Take an incident that dispatch flags as one of public impact. The same number again is the same incident."""
    body = _body(request)
    if body is None:
        return _too_much()
    gateway = _named(body)
    told = _checked(request, gateway, body)
    if told is None:
        return JsonResponse(_REFUSED, status=401)
    assert gateway is not None  # nobody's secret signs nothing  # noqa: S101
    flagged = _moment(told.get("flagged_at"))
    if flagged is None:
        return JsonResponse({"error": "flagged_at must be a time with a zone, as in RFC 3339."}, status=422)
    try:
        row, new = incidents.opened_by_dispatch(
            gateway=gateway,
            reference=webhook.plain(told.get("reference"), 60),
            title=webhook.plain(told.get("what"), 160),
            place=webhook.plain(told.get("where"), 200),
            critical=told.get("critical") is True,
            flagged_at=flagged,
        )
    except RefusedError as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"reference": row.reference, "state": row.state}, status=201 if new else 200)


def _checked(request: HttpRequest, gateway: Gateway | None, body: bytes) -> dict[str, Any] | None:
    """Return what a signed call says, None when it is refused.

    A call of an unknown or closed gateway is checked all the same, as often.
    """
    secrets = secrets_of(gateway) if gateway is not None and gateway.state == "open" else []
    try:
        return webhook.check(*[*secrets, NOBODYS, NOBODYS][:2], headers=request.headers, body=body)[1]
    except WrongSignatureError:
        return None


def _too_much() -> JsonResponse:
    return JsonResponse({"error": f"At most {webhook.MAX_BODY} bytes."}, status=413)


def _body(request: HttpRequest) -> bytes | None:
    """Return what was sent, None when it is too much; what comes without a stated length is read up to the limit."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not stated.isdecimal() or int(stated) > webhook.MAX_BODY:
        return None
    body = request.read(webhook.MAX_BODY + 1)
    return body if len(body) <= webhook.MAX_BODY else None


def _named(body: bytes) -> Gateway | None:
    """Return the gateway that a call says it is of (`gateway`, its number on the desk). Nothing else of it is believed yet."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = told.get("gateway") if isinstance(told, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        return None
    return Gateway.objects.select_related("agency").filter(pk=number).first()


def _moment(value: object) -> datetime | None:
    """Return a time with a zone as it stands in a call; now where none is given."""
    if value is None:
        return timezone.now()
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
