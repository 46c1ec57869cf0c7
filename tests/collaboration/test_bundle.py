"""T-74: a partner sees the declared fields and nothing else; what is not written exactly as declared is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbox.collaboration import bundle as bundles
from callbox.collaboration.bundle import Bundle, BundleError, File, Shown, parse
from callbox.core.plain import canonical
from callbox.core.signing import load_or_create

#: All that may ever cross.
DECLARED = {
    "format",
    "share",
    "version",
    "kind",
    "sender",
    "sender_name",
    "recipient",
    "purpose",
    "label",
    "made",
    "expires",
    "recalls",
    "why",
    "shown",
}
SHOWN = {"title", "texts", "link", "urgent", "files", "not_before"}
FILE = {"sha256", "kind", "type", "size", "alt", "captions", "width", "height"}

words = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=200)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
files = st.builds(
    File,
    sha256=digests,
    kind=st.sampled_from(["image", "video"]),
    type=st.just("image/png"),
    size=st.integers(1, bundles.MAX_FILE),
    alt=words,
    captions=st.just("") | digests,
    width=st.integers(0, 5000),
    height=st.integers(0, 5000),
)
shown = st.builds(
    Shown,
    title=words,
    texts=st.dictionaries(st.sampled_from(["en", "es", "ar", "zh-Hant"]), words, min_size=1),
    link=st.sampled_from(["", "https://example.org/a?b=c"]),
    urgent=st.booleans(),
    files=st.lists(files, max_size=3).map(tuple),
    not_before=st.sampled_from(["", "2026-05-04T12:00:00+01:00"]),
)
some = st.builds(
    Bundle,
    share=st.uuids().map(str),
    version=st.integers(1, 1000),
    kind=st.sampled_from(["message", "alert", "event"]),
    sender=st.just("harbour"),
    sender_name=words.map(lambda text: text[:160]),
    recipient=st.just("valley"),
    purpose=words,
    label=st.sampled_from(["clear", "green", "amber", "amber+strict", "red"]),
    made=st.just("2026-05-04T12:00:00+00:00"),
    expires=st.sampled_from(["", "2026-06-04T12:00:00+00:00"]),
    why=words,
    shown=shown,
)


@given(some)
def test_a_bundle_holds_exactly_what_is_declared_and_reads_back(bundle: Bundle) -> None:
    plain = json.loads(bundle.document())
    assert set(plain) == DECLARED
    assert set(plain["shown"]) == SHOWN
    assert all(set(file) == FILE for file in plain["shown"]["files"])
    assert parse(bundle.document()) == bundle
    assert bundles.from_row(bundle.plain()) == bundle


PLAIN: dict[str, Any] = Bundle(
    share="11111111-2222-4333-8444-555555555555",
    version=1,
    kind="message",
    sender="harbour",
    sender_name="Harbour",
    recipient="valley",
    purpose="Warn",
    label="clear",
    made="2026-05-04T12:00:00+00:00",
    shown=Shown("", {"en": "Words"}, "", False, (File("a" * 64, "image", "image/png", 10, "", "", 1, 1),)),
).plain()


def test_nothing_more_is_taken_than_what_is_declared() -> None:
    parse(canonical(PLAIN).decode())
    for place in ((), ("shown",), ("shown", "files", 0)):
        plain = json.loads(json.dumps(PLAIN))
        at = plain
        for step in place:
            at = at[step]
        at["row"] = 7
        with pytest.raises(BundleError):
            parse(canonical(plain).decode())


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{}",
        "[]",
        "null",
        "7",
        '{"format":"callbox-share/1"}',
        "[" * 100_000,
        '{"a":' * 50_000,
        json.dumps(PLAIN),
        canonical(PLAIN).decode() + " ",
        canonical(PLAIN).decode().replace('"version":1', '"version":"1"'),
        canonical(PLAIN).decode().replace('"version":1', '"version":1.0'),
        canonical(PLAIN).decode().replace("Words", "\\ud800"),
        canonical(PLAIN).decode().replace("Words", "a\\u0000b"),
        canonical(PLAIN).decode().replace('"link":""', '"link":"javascript:alert(1)"'),
        canonical(PLAIN).decode().replace("Words", "w" * 30_000),
        canonical(PLAIN).decode().replace("Words", "w" * 300_000),
        canonical(PLAIN).decode().replace('"size":10', '"size":99999999999'),
        canonical(PLAIN).decode().replace("a" * 64, "../" + "a" * 61),
        canonical(PLAIN).decode().replace("2026-05-04", "soon"),
        canonical(PLAIN).decode().replace('"width":1', '"width":NaN'),
    ],
)
def test_whatever_else_comes_is_refused_with_a_code(document: str) -> None:
    with pytest.raises(BundleError) as refused:
        parse(document)
    assert refused.value.code.startswith("share_")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(BundleError):
        parse(data.decode("latin-1"))


def test_every_changed_byte_breaks_the_signature(tmp_path: Path) -> None:
    key, document = load_or_create(tmp_path), canonical(PLAIN).decode()
    signature = bundles.sign(document, key)
    assert bundles.is_signed(document, signature, key.public)
    assert not bundles.is_signed(document, signature, load_or_create(tmp_path / "other").public)
    assert not bundles.is_signed(document, "nonsense", key.public)
    for at in range(0, len(document), 7):
        changed = document[:at] + chr(ord(document[at]) ^ 1) + document[at + 1 :]
        assert not bundles.is_signed(changed, signature, key.public)
