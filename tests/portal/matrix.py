"""Every address of the portal, one row an address: what it answers to, and whether a cache may keep it.

Public: anybody, signed in or not, sees the same, and no session, cookie or sign-in is met on the way. An address without a row fails
test_matrix.py. A row: `name: (methods, kept)`; kept: a GET may be kept by a cache.
"""

from __future__ import annotations

GET, BOTH, POST = frozenset({"GET", "HEAD"}), frozenset({"GET", "HEAD", "POST"}), frozenset({"POST"})

#: Pages of an agency.
OF_AGENCY: dict[str, tuple[frozenset[str], bool]] = {
    "portal_agency": (GET, True),
    "portal_colour": (GET, True),
    "portal_news": (GET, True),
    "portal_news_page": (GET, True),
    "portal_atom": (GET, True),
    "portal_json_feed": (GET, True),
    "portal_key": (GET, True),
    "portal_entry": (GET, True),
    "portal_signed": (GET, True),
    "portal_media": (GET, True),
    "portal_accounts": (GET, True),
    "portal_alerts": (GET, True),
    "portal_alerts_atom": (GET, True),
    "portal_alerts_test_atom": (GET, True),
    "portal_alert": (GET, True),
    "portal_alert_cap": (GET, True),
    "portal_alert_signed": (GET, True),
    "portal_alert_picture": (GET, True),
    "portal_beats": (BOTH, True),
    "portal_beats_map": (GET, True),
    "portal_beat": (GET, True),
    "portal_beat_meetings": (GET, True),
    # forms and answers of one person
    "portal_ask": (BOTH, False),
    "portal_question": (BOTH, False),
    "portal_subscribe": (BOTH, False),
    "portal_subscription": (BOTH, False),
    "portal_change_subscription": (BOTH, False),
    "portal_unsubscribe": (BOTH, False),
    "portal_case": (BOTH, False),
    "portal_appeal": (BOTH, False),
    "portal_tip": (BOTH, False),
    "portal_tip_again": (BOTH, False),
}

#: Pages of the installation.
OPEN: dict[str, tuple[frozenset[str], bool]] = {
    "portal_root": (GET, True),
    "portal_home": (GET, True),
    "portal_health": (GET, False),
}

ARGUMENTS: dict[str, dict[str, object]] = {
    "portal_news_page": {"number": 1},
    "portal_entry": {"slug": "nothing"},
    "portal_signed": {"slug": "nothing"},
    "portal_alert": {"identifier": "nothing"},
    "portal_alert_cap": {"identifier": "nothing"},
    "portal_alert_signed": {"identifier": "nothing"},
    "portal_alert_picture": {"identifier": "nothing", "wide": 620},
    "portal_question": {"secret": "nothing"},
    "portal_appeal": {"secret": "nothing"},
    "portal_subscription": {"secret": "nothing"},
    "portal_change_subscription": {"secret": "nothing"},
    "portal_unsubscribe": {"secret": "nothing"},
    "portal_beats_map": {"wide": 300},
    "portal_beat": {"code": "nothing"},
    "portal_beat_meetings": {"code": "nothing"},
    "portal_media": {"sha256": "0" * 64},
}
