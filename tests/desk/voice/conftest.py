"""A press office with two accounts that write into files."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from pytest_django import Settings

from tests.flows.newsdesk import Newsdesk, make_newsdesk
from tests.people import TOTP_SECRET, Cast


@pytest.fixture
def desk(cast: Cast, settings: Settings, tmp_path: Path) -> Newsdesk:
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    made = make_newsdesk(cast)
    for each in (made.wendy, made.olu, made.abe, made.bea):
        totp.TOTP.activate(each, TOTP_SECRET)  # the desk opens to nobody without one
        RecoveryCodes.activate(each)
    return made
