"""Second factors after they were made: sealed anew when the secret key is renewed, taken away when the device is lost."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from callbox.core.secrets import SealBrokenError
from callbox.desk.signin.adapter import FACTORS, write_down
from callbox.desk.signin.sealing import box
from callbox.governance.actions import Audited
from callbox.governance.audit import record
from callbox.people.models import User

#: What of a factor's data is sealed: the secret of an app, the seed of recovery codes. A passkey keeps its secret on the device.
_SEALED: Final = ("secret", "seed")


@transaction.atomic
def seal_anew() -> int:
    """Seal the secrets of authenticator apps and recovery codes with today's secret key; return how many there are.

    Raises:
        SealBrokenError: one was sealed with a key that is no longer given. Nothing was changed.
    """
    keys, count = box(FACTORS), 0
    try:
        for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).select_for_update():
            for name in _SEALED:
                if name in row.data:
                    row.data[name] = keys.rotate(row.data[name].encode()).decode()
            row.save(update_fields=["data"])
            count += 1
    except InvalidToken:
        raise SealBrokenError("a second factor was sealed with a secret key that is not given") from None
    if count:
        record(agency=None, by="system: keys", action=Audited.FACTORS_SEALED, target="factors", data={"n": count})
    return count


@transaction.atomic
def lost(user: User) -> int:
    """Take every second factor of somebody away who lost them, and end whatever is open under their name; return how many there were.

    The password alone then leads to one page: where a new factor is set up.
    """
    count, _each = Authenticator.objects.filter(user=user).delete()
    for session in Session.objects.all().iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
    write_down(user, Audited.FACTOR_REMOVED, kind="lost", by="command line")
    return count
