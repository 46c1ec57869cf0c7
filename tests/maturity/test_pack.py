"""Proof packs: what is in them, that they hold, and that nothing in them can be altered unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbox.core.plain import to_plain
from callbox.desk.templatetags.assessments import said
from callbox.maturity.model import loader
from callbox.maturity.proof import pack, verify
from callbox.maturity.proof.pack import PackError
from callbox.maturity.scoring import probes
from callbox.maturity.tables import SCHEMAS
from tests.maturity.packed import (
    KEY,
    OTHER_KEY,
    STANDING,
    members,
    profile,
    record,
    signed_again,
    tampered,
    written,
    zipped,
)
from tests.networks.measures.record import NOW


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("pack") / "pack.zip")


def codes(verdict: verify.Verdict) -> list[str]:
    return [finding.reason.code for finding in verdict.findings]


# what is in it


def test_a_pack_holds_and_says_whose_key_signed_it(made: Path) -> None:
    verdict = verify.verify(made, public_key=KEY.public.text)
    assert verdict.holds
    assert verdict.compared
    assert (verdict.notes, verdict.fingerprint) == ((), KEY.public.fingerprint)
    assert verdict.agency == "Mill Valley Police"


def test_without_a_key_the_verdict_says_that_it_was_not_compared(made: Path) -> None:
    verdict = verify.verify(made)
    assert verdict.holds
    assert not verdict.compared
    assert [note.code for note in verdict.notes] == ["key_not_compared"]
    assert KEY.public.fingerprint in verdict.notes[0].sentence


def test_another_key_than_the_published_one_is_found(made: Path) -> None:
    for stated in (OTHER_KEY.public.text, OTHER_KEY.public.fingerprint):
        assert codes(verify.verify(made, public_key=stated)) == ["other_key"]


def test_the_same_input_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert written(tmp_path / "again.zip").read_bytes() == made.read_bytes()


def test_a_pack_that_was_unpacked_and_packed_again_by_hand_still_holds(made: Path, tmp_path: Path) -> None:
    again = {"tables/": b"", "rows/": b"", "model/": b"", **dict(reversed(members(made).items()))}
    assert verify.verify(zipped(tmp_path / "again.zip", again), public_key=KEY.public.text).holds


def test_the_order_of_the_rows_does_not_matter(made: Path, tmp_path: Path) -> None:
    agency = record()
    mixed = replace(agency, tables={name: rows.reverse() for name, rows in agency.tables.items()})
    pack.write(tmp_path / "mixed.zip", ledger=mixed, profile=profile(mixed), standing=STANDING, key=KEY)
    assert (tmp_path / "mixed.zip").read_bytes() == made.read_bytes()


def test_what_is_read_elsewhere_gives_equal_scores(made: Path) -> None:
    imported = pack.read(made)
    assert pack.differences(profile(record()), imported.profile) == []
    assert pack.differences(imported.profile, imported.recompute()) == []
    assert to_plain(imported.profile) == json.loads(members(made)["profile.json"])


def test_no_id_and_no_name_of_a_person_is_in_the_pack(made: Path) -> None:
    content = b"\n".join(members(made).values())
    for hidden in ("post-1", "answer-1", "contact-1", "thread-1", "river-7", "evans", "Alice", "Bob", "Carol", "Dan"):
        assert hidden.encode() not in content, hidden


def test_what_no_measure_reads_stays_at_home_but_a_silent_channel_keeps_its_last_post(made: Path) -> None:
    posts = pack.read(made).ledger.table("posts").collect()
    assert posts.filter(pl.col("account") == "paper:silent").height == 1
    active = posts.filter(pl.col("account") != "paper:silent")
    assert active.filter(pl.col("at") < NOW - timedelta(days=probes.LOOKBACK_DAYS)).height == 1


def test_every_table_of_the_ledger_is_in_the_example(made: Path) -> None:
    assert {name for name in SCHEMAS if f"tables/{name}.csv" in members(made)} == set(SCHEMAS)


def test_a_profile_that_does_not_follow_from_the_record_gets_no_pack(tmp_path: Path) -> None:
    agency = record()
    boasting = replace(profile(agency), areas=tuple(replace(area, shown=5) for area in profile(agency).areas))
    with pytest.raises(PackError, match="no pack was written"):
        pack.write(tmp_path / "pack.zip", ledger=agency, profile=boasting, standing=STANDING, key=KEY)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_record_has_a_pack_too(tmp_path: Path) -> None:
    nothing = replace(record(), tables={})
    pack.write(tmp_path / "pack.zip", ledger=nothing, profile=profile(nothing), standing=STANDING, key=KEY)
    assert verify.verify(tmp_path / "pack.zip").holds


def test_texts_that_would_break_a_line_are_flattened(tmp_path: Path) -> None:
    agency = record()
    accounts = agency.table("accounts").with_columns(name=pl.lit('Chief\r\n"\u2028=1+1,\x00 Office'))
    odd = replace(agency, tables={**agency.tables, "accounts": accounts})
    pack.write(tmp_path / "pack.zip", ledger=odd, profile=profile(odd), standing=STANDING, key=KEY)
    assert verify.verify(tmp_path / "pack.zip").holds
    assert pack.read(tmp_path / "pack.zip").ledger.table("accounts").collect()["name"][0] == 'Chief " =1+1,  Office'


# nothing can be altered unseen


def cells(content: bytes) -> list[list[str]]:
    return [line.split(",") for line in content.decode().splitlines()]


def text(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "true", "false", "post", "reply", "other", "2026-03-01T00:00:00.000000Z", "en"]),
    st.text(st.characters(codec="utf-8", exclude_characters=',"'), max_size=6),
)


@pytest.mark.parametrize("table", sorted(SCHEMAS))
def test_an_altered_row_names_its_table_and_practices(made: Path, tmp_path: Path, table: str) -> None:
    name = f"tables/{table}.csv"
    rows = cells(members(made)[name])
    rows[-1][0] += "x"
    found = verify.verify(tampered(made, name, lambda _content: text(rows), tmp_path / "altered.zip")).findings[0]
    assert found.reason.sentence == f"row {len(rows) - 1} of the table of {table} was altered"
    assert found.practices == verify.readers(loader.load(), table)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_altered_cell_is_found_with_its_row_and_every_practice_that_reads_the_table(
    data: st.DataObject, made: Path, tmp_path: Path
) -> None:
    table = data.draw(st.sampled_from(sorted(SCHEMAS)))
    name = f"tables/{table}.csv"
    rows = cells(members(made)[name])
    row = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    value = data.draw(VALUES.filter(lambda value: value != rows[row][column]))
    rows[row][column] = value
    verdict = verify.verify(tampered(made, name, lambda _content: text(rows), tmp_path / "altered.zip"))
    assert not verdict.holds
    found = next(finding for finding in verdict.findings if finding.table == table)
    assert found.rows[0] == row
    assert found.practices == verify.readers(loader.load(), table)
    assert found.practices


def test_the_practices_of_a_table_are_those_whose_conditions_read_it() -> None:
    readers = {table: verify.readers(loader.load(), table) for table in SCHEMAS}
    assert set(readers["accounts"]) >= {"V2", "T2", "T3", "T4"}
    assert set(readers["posts"]) >= {"V3", "V4", "V5", "V6", "T4"}
    assert set(readers["contacts"]) >= {"T2", "T3"}
    assert (readers["moderation"], readers["tips"], readers["notifications"]) == (("T1",), ("I3", "I4"), ("O5",))
    assert not {"V1", "C6", "I1"} & {practice for row in readers.values() for practice in row}


def test_a_removed_and_an_added_row_are_counted(made: Path, tmp_path: Path) -> None:
    name = "tables/contacts.csv"
    rows = cells(members(made)[name])
    for changed in (rows[:7] + rows[8:], [*rows[:7], rows[1], *rows[7:]]):
        path = tampered(made, name, lambda _content, now=changed: text(now), tmp_path / "altered.zip")  # type: ignore[misc]
        found = verify.verify(path).findings[0]
        assert (found.reason.code, found.rows) == ("rows_counted", (7,))


def test_a_change_outside_the_rows_is_found(made: Path, tmp_path: Path) -> None:
    path = tampered(
        made, "tables/posts.csv", lambda old: old.replace(b"likes,reposts", b"reposts,likes", 1), tmp_path / "p.zip"
    )
    assert "heading_altered" in codes(verify.verify(path))


@pytest.mark.parametrize("name", ["profile.json", "standing.json", "model/trust.yaml", "rows/posts.txt", "README.txt"])
def test_any_other_altered_file_is_named(made: Path, tmp_path: Path, name: str) -> None:
    path = tampered(made, name, lambda old: old + b"\n", tmp_path / "altered.zip")
    verdict = verify.verify(path)
    assert f"{name} was altered" in [finding.reason.sentence for finding in verdict.findings]


def raised(content: bytes) -> bytes:
    """Give every contact a reply by a person after no time at all."""
    rows = cells(content)
    at, replied = rows[0].index("at"), rows[0].index("replied_at")
    return text([rows[0], *([*row[:replied], row[at], *row[replied + 1 :]] for row in rows[1:])])


def test_a_manifest_rewritten_with_the_row_does_not_fit_its_signature(made: Path, tmp_path: Path) -> None:
    files = members(made)
    files["tables/contacts.csv"] = raised(files["tables/contacts.csv"])
    forged = signed_again(files, OTHER_KEY) | {"signature.json": files["signature.json"]}
    verdict = verify.verify(zipped(tmp_path / "forged.zip", forged))
    assert codes(verdict)[0] == "manifest_changed"
    assert "T2" in verdict.findings[0].practices
    assert {"replied_in_day", "T2"} & {str(finding.reason.values.get("what")) for finding in verdict.findings}


def test_a_pack_signed_again_shows_another_key_and_scores_that_do_not_follow(made: Path, tmp_path: Path) -> None:
    files = members(made)
    files["tables/contacts.csv"] = raised(files["tables/contacts.csv"])
    path = zipped(tmp_path / "forged.zip", signed_again(files, OTHER_KEY))
    verdict = verify.verify(path, public_key=KEY.public.fingerprint)
    assert codes(verdict)[0] == "other_key"
    assert "score_differs" in codes(verdict)
    alone = verify.verify(path)
    assert set(codes(alone)) == {"score_differs"}
    assert alone.fingerprint == OTHER_KEY.public.fingerprint


def test_a_forger_who_also_rewrites_the_profile_is_betrayed_by_the_key_alone(made: Path, tmp_path: Path) -> None:
    files = members(made)
    files["tables/contacts.csv"] = raised(files["tables/contacts.csv"])
    first = zipped(tmp_path / "first.zip", signed_again(files, OTHER_KEY))
    files["profile.json"] = json.dumps(to_plain(pack.read(first).recompute())).encode()
    path = zipped(tmp_path / "forged.zip", signed_again(files, OTHER_KEY))
    assert verify.verify(path).holds
    assert codes(verify.verify(path, public_key=KEY.public.text)) == ["other_key"]


def test_a_signature_of_the_manifest_alone_does_not_fit(made: Path, tmp_path: Path) -> None:
    files = members(made)
    bare = json.loads(files["signature.json"]) | {"signature": KEY.sign(files["manifest.json"]).hex()}
    path = zipped(tmp_path / "bare.zip", files | {"signature.json": json.dumps(bare).encode()})
    assert codes(verify.verify(path)) == ["manifest_changed"]


def of_another_version(content: bytes) -> bytes:
    """Return a profile as a version wrote it that gave a reason this one does not know, and lacked a figure this one takes."""
    profile = json.loads(content)
    profile["measures"]["survey_margin"]["reason"] = {"code": "surveys_then", "values": {}, "sentence": "nobody asked"}
    del profile["measures"]["posting_hours"]
    return json.dumps(profile).encode()


def test_a_pack_of_another_version_stays_readable_in_its_own_words_and_holds(made: Path, tmp_path: Path) -> None:
    files = members(made)
    files["profile.json"] = of_another_version(files["profile.json"])
    path = zipped(tmp_path / "old.zip", signed_again(files, KEY))
    assert said(pack.read(path).profile.measures["survey_margin"].reason) == "nobody asked"
    assert codes(verify.verify(path, public_key=KEY.public.text)) == []


def test_a_figure_that_a_condition_reads_cannot_be_left_out_of_a_pack(made: Path, tmp_path: Path) -> None:
    files = members(made)
    profile = json.loads(files["profile.json"])
    del profile["measures"]["replied_in_day"]
    files["profile.json"] = json.dumps(profile).encode()
    path = zipped(tmp_path / "less.zip", signed_again(files, KEY))
    assert [finding.reason.values.get("what") for finding in verify.verify(path).findings] == ["replied_in_day"]


def test_an_agencys_own_model_is_verified_and_said_to_be_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in loader.files():
        (folder / file.name).write_bytes(file.read_bytes() + b"# our own\n")
    agency = record()
    path = tmp_path / "pack.zip"
    pack.write(path, ledger=agency, profile=profile(agency), standing=STANDING, key=KEY, model=folder)
    verdict = verify.verify(path, public_key=KEY.public.text)
    assert verdict.holds
    assert [note.code for note in verdict.notes] == ["other_model"]
