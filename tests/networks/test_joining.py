"""An archive and live rows are one record, and a post of both is one post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from callbox.networks.joining import joined
from callbox.networks.ledger import Ledger
from tests.networks.measures.record import NOW, Row, account, ago, contact, ledger, post

MASTODON = "mastodon:harbour@social.example"
BLUESKY = "bluesky:harbour.example"
DID = "did:plc:abc"


def rows(found: Ledger, table: str = "posts") -> list[Row]:
    return found.table(table).collect().to_dicts()


def own(*posts: Row, name: str = MASTODON, contacts: Sequence[Row] = ()) -> Ledger:
    return replace(ledger(posts, accounts=[account(name, source="connection")], contacts=contacts), agency="Harbour")


def test_a_post_of_both_counts_once_with_what_each_knows_of_it() -> None:
    archive = ledger(
        [post(3, account="mastodon:@Harbour@social.example", post="https://social.example/users/harbour/statuses/77",
              likes=9, kind="engage", labelled_by="person"), post(9, account=MASTODON, post="5")],
        accounts=[account("mastodon:@Harbour@social.example")],
    )  # fmt: skip
    live = own(post(3, account=MASTODON, post="77", urgent=True, kind="inform", labelled_by="machine", images=1))
    both = joined(archive, live)
    found = {row["post"]: row for row in rows(both)}
    assert found.keys() == {"77", "5"}
    one = found["77"]
    assert (one["account"], one["likes"], one["urgent"], one["images"]) == (MASTODON, 9, True, 1)
    assert (one["kind"], one["labelled_by"]) == ("engage", "person")
    assert {row["account"] for row in rows(both, "accounts")} == {MASTODON}


def test_a_repository_known_by_its_number_is_the_account_it_shares_a_post_with() -> None:
    uri = f"at://{DID}/app.bsky.feed.post/1"
    archive = ledger(
        [post(3, account=f"bluesky:{DID}", post=uri), post(4, account=f"bluesky:{DID}", post=f"{uri}2")],
        accounts=[account(f"bluesky:{DID}")],
    )
    found = rows(joined(archive, own(post(3, account=BLUESKY, post=uri), name=BLUESKY)))
    assert sorted((row["account"], row["post"]) for row in found) == [(BLUESKY, uri), (BLUESKY, f"{uri}2")]


def test_the_same_number_on_another_account_is_another_post() -> None:
    archive = ledger([post(3, account="x:harbour", post="77")], accounts=[account("x:harbour")])
    assert len(rows(joined(archive, own(post(3, account=MASTODON, post="77"))))) == 2


def test_what_only_one_of_them_holds_stays() -> None:
    archive = ledger([], contacts=[contact(2)], accounts=[account("x:harbour")], languages=[{"language": "en"}])
    live = replace(own(contacts=[contact(3)]), as_of=NOW + timedelta(days=1))
    both = joined(archive, live)
    assert len(rows(both, "contacts")) == 2
    assert rows(both, "languages") == [{"language": "en"}]
    assert (both.agency, both.as_of) == ("Mill Valley Police", live.as_of)
    assert ago() == NOW
