"""Files that a stranger made: one sentence for each, whatever is wrong with it, and never more memory or disk than a pack may take."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbox.maturity.proof import container, verify
from tests.maturity.packed import OTHER_KEY, members, signed_again, tampered, written, zipped


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("pack") / "pack.zip")


def sentence(path: Path) -> str:
    """Return the one sentence a file gets that is no pack at all."""
    verdict = verify.verify(path)
    assert len(verdict.findings) == 1
    assert verdict.profile is None
    return verdict.findings[0].reason.sentence


def test_no_file_a_folder_and_a_device_are_no_packs(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path, Path(os.devnull)):
        assert sentence(path) == "this file cannot be read: there is no such file"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\x00" * 5000])
def test_what_is_no_zip_file_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    assert "no proof pack" in sentence(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_pack_never_holds_and_never_breaks(data: st.DataObject, made: Path, tmp_path: Path) -> None:
    content = bytearray(made.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "damaged.zip"
    path.write_bytes(content[: data.draw(st.sampled_from([len(content), len(content) // 2]))])
    verdict = verify.verify(path)
    # A flipped bit in the zip's own book-keeping (a date, say) leaves every file whole.
    assert not verdict.holds or members(path) == members(made)


def test_a_member_that_claims_to_be_small_and_is_not_is_refused(made: Path, tmp_path: Path) -> None:
    path = tampered(made, "standing.json", lambda _old: b" " * (container._SMALL + 1), tmp_path / "bomb.zip")
    assert path.stat().st_size < 1_000_000
    assert "more than a proof pack can" in sentence(path)
    content = path.read_bytes()
    real, small = struct.pack("<L", container._SMALL + 1), struct.pack("<L", 10)
    path.write_bytes(content.replace(real, small))
    assert "no proof pack" in sentence(path)


def test_a_bomb_of_many_members_stops_at_the_sum(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_ALL", 10_000)
    assert "more than a proof pack can" in sentence(made)
    monkeypatch.undo()
    many = {f"tables/{'a' * (number + 1)}.csv": b"" for number in range(39)} | {
        f"rows/{'a' * (number + 1)}.txt": b"" for number in range(39)
    }
    many |= {f"model/{'a' * (number + 1)}.yaml": b"" for number in range(39)}
    assert "more than a proof pack can" in sentence(zipped(tmp_path / "many.zip", many))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "/etc/passwd",
        "tables/../x.csv",
        "tables\\posts.csv",
        "C:/x",
        "tables/POSTS.csv",
        "x.exe",
        "others/",
    ],
)
def test_a_strange_name_is_refused_and_nothing_is_written(made: Path, tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "strange.zip", members(made) | {name: b"x"})
    assert "no pack holds" in sentence(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_member_the_manifest_does_not_list_is_refused(made: Path, tmp_path: Path) -> None:
    assert "tables/extra.csv" in sentence(zipped(tmp_path / "p.zip", members(made) | {"tables/extra.csv": b"a\n"}))


def test_a_table_the_ledger_does_not_have_is_refused(made: Path, tmp_path: Path) -> None:
    files = members(made)
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["tables/extra.csv"] = {"sha256": "0" * 64, "size": 2}
    files |= {"tables/extra.csv": b"a\n", "manifest.json": json.dumps(manifest).encode()}
    assert "tables/extra.csv" in sentence(zipped(tmp_path / "p.zip", files))


def test_a_name_that_stands_twice_is_refused(made: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path / "twice.zip", members(made))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("profile.json", b"{}")
    assert "profile.json" in sentence(path)


@pytest.mark.parametrize(
    "name", ["manifest.json", "signature.json", "profile.json", "standing.json", "model/model.yaml", "tables/posts.csv"]
)
def test_a_missing_file_is_named(made: Path, tmp_path: Path, name: str) -> None:
    files = members(made)
    del files[name]
    assert name in sentence(zipped(tmp_path / "lacks.zip", files))


def test_other_kinds_of_compression_and_encryption_are_refused(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "lzma.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in members(made).items():
            archive.writestr(name, content)
    assert "no proof pack" in sentence(path)
    flagged = bytearray(made.read_bytes())
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.index(start) + offset] |= 1  # the flag of an encrypted member
    path.write_bytes(flagged)
    assert "no proof pack" in sentence(path)


JSON = [b"", b"{", b"[]", b"null", b"1e999", b"[" * 100_000, b"9" * 10_000, b'{"a": NaN}', b"\xff\xfe", b"\x00"]


@pytest.mark.parametrize("content", JSON)
@pytest.mark.parametrize("name", ["manifest.json", "signature.json"])
def test_a_manifest_that_is_none_is_named(made: Path, tmp_path: Path, name: str, content: bytes) -> None:
    assert name in sentence(tampered(made, name, lambda _old: content, tmp_path / "p.zip"))


def signed_anyway(made: Path, into: Path, name: str, change: Callable[[bytes], bytes]) -> verify.Verdict:
    """Judge a pack in which a forger changed one file and signed everything anew."""
    files = members(made)
    files[name] = change(files[name])
    return verify.verify(zipped(into, signed_again(files, OTHER_KEY)))


@pytest.mark.parametrize("content", JSON[::2])
@pytest.mark.parametrize("name", ["profile.json", "standing.json", "model/model.yaml", "tables/posts.csv"])
def test_nonsense_that_is_signed_is_still_nonsense(made: Path, tmp_path: Path, name: str, content: bytes) -> None:
    verdict = signed_anyway(made, tmp_path / "p.zip", name, lambda _old: content)
    assert not verdict.holds
    assert all("\n" not in finding.reason.sentence for finding in verdict.findings)


def edited(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    def apply(content: bytes) -> bytes:
        data = json.loads(content)
        change(data)
        return json.dumps(data).encode()

    return apply


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("profile.json", lambda data: data["remarks"].append({"code": "no_such_code", "values": {}})),
        (
            "profile.json",
            lambda data: data["remarks"].append({"code": "kappa_too_low", "values": {"kappa": "x", "needed": []}}),
        ),
        ("profile.json", lambda data: data.update(areas=[])),
        ("profile.json", lambda data: data.update(agency="Another Police")),
        ("profile.json", lambda data: data["practices"][0].update(shown=10**40)),
        ("standing.json", lambda data: data["attestations"][0].update(begins="9999-12-31", reviewed_on="9999-12-31")),
        ("standing.json", lambda data: data.update(declared={"V3": -7})),
        ("standing.json", lambda data: data["attestations"][0].update(owner="person 2")),
    ],
)
def test_values_that_make_no_sense_are_found(
    made: Path, tmp_path: Path, name: str, change: Callable[[Any], None]
) -> None:
    assert not signed_anyway(made, tmp_path / "p.zip", name, edited(change)).holds


def test_words_of_a_stranger_cannot_steer_the_terminal(made: Path, tmp_path: Path) -> None:
    files = members(made)
    files["profile.json"] = edited(lambda data: data["measures"].update({"\x1b[2J": data["measures"]["longest_gap"]}))(
        files["profile.json"]
    )
    files["manifest.json"] = edited(lambda data: data.update(agency="\x1b]0;owned\x07 Police"))(files["manifest.json"])
    verdict = verify.verify(zipped(tmp_path / "p.zip", signed_again(files, OTHER_KEY)))
    said = [verdict.agency, *(finding.reason.sentence for finding in verdict.findings)]
    assert len(said) > 2
    assert all(sentence.isprintable() for sentence in said)


def test_a_moment_outside_all_calendars_is_refused(made: Path, tmp_path: Path) -> None:
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00", 1e300):
        files = members(made)
        files["manifest.json"] = edited(lambda data, now=moment: data.update(as_of=now))(files["manifest.json"])  # type: ignore[misc]
        assert "manifest.json" in sentence(zipped(tmp_path / "p.zip", files))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=200), place=st.floats(0, 1))
def test_a_table_of_garbage_never_breaks_verification(made: Path, tmp_path: Path, garbage: bytes, place: float) -> None:
    def spoil(old: bytes) -> bytes:
        cut = int(place * len(old))
        return old[:cut] + garbage + old[cut:]

    verdict = signed_anyway(made, tmp_path / "p.zip", "tables/contacts.csv", spoil)
    assert all("\n" not in finding.reason.sentence for finding in verdict.findings)
