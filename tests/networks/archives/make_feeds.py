"""Makes golden/feeds/feedgen.atom and feedgen.rss with feedgen, an independent generator: python -m tests.networks.archives.make_feeds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import feedgen.feed

from tests.networks.archives.packing import GOLDEN

ENTRIES = (
    ("Savnet mann funnet", "<p>Mannen ble funnet i god behold.</p>", 1),
    (
        "Øvelse",
        '<p>Bilder:</p><img src="a.jpg" alt="En politibil foran en rød låve"/><img src="b.jpg" alt="bilde"/>',
        2,
    ),
    ("Råd mot svindel", "<p>Del aldri BankID &amp; passord. 🔒</p>", 3),
)


def main() -> None:
    """Write both feeds."""
    feed = cast(Any, feedgen.feed).FeedGenerator()
    feed.id("https://www.politi.example/nordvik")
    feed.title("Politiet i Nordvik")
    feed.link(href="https://www.politi.example/nordvik/", rel="alternate")
    feed.description("Nyheter")
    feed.language("nb-NO")
    feed.updated(datetime(2026, 3, 10, 12, tzinfo=UTC))
    for title, html, day in ENTRIES:
        entry = feed.add_entry(order="append")
        entry.id(f"https://www.politi.example/nordvik/{day}")
        entry.title(title)
        entry.link(href=f"https://www.politi.example/nordvik/{day}")
        entry.content(html, type="html")
        entry.published(datetime(2026, 3, day, 8, 30, tzinfo=UTC))
        entry.updated(datetime(2026, 3, day + 1, 8, 30, tzinfo=UTC))
    folder = GOLDEN / "feeds"
    folder.mkdir(exist_ok=True)
    feed.atom_file(str(folder / "feedgen.atom"), pretty=True)
    feed.lastBuildDate(datetime(2026, 3, 10, 12, tzinfo=UTC))
    feed.rss_file(str(folder / "feedgen.rss"), pretty=True)


if __name__ == "__main__":
    main()
