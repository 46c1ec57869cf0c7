"""The proof pack: everything a profile was computed from, redacted, in one signed zip file. `docs/proof.md` describes it.

A pack is written from a ledger and read back into one; `callbox.maturity.proof.verify` judges it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

import polars as pl
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from callbox.core import merkle
from callbox.core.plain import from_plain, to_plain
from callbox.core.signing import PublicKey, SigningKey
from callbox.maturity.model import loader
from callbox.maturity.model.practices import Model
from callbox.maturity.proof import container, lines, redact
from callbox.maturity.proof.container import PackError
from callbox.maturity.scoring import probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Standing
from callbox.maturity.scoring.profile import Profile
from callbox.maturity.tables import SCHEMAS
from callbox.networks.ledger import Ledger

__all__ = ["Manifest", "Pack", "PackError", "read", "write"]

#: What is signed is this line and the manifest, so that a signature made for something else never fits.
_SIGNED: Final = b"callbox proof pack 1\n"
#: Hex digits of each row's hash that the pack keeps, to name the row that was altered; the root over them all stands for the whole.
ROW_DIGITS: Final = 16

_README: Final = """This is a proof pack of Callbox: what the profile of one police agency was computed from.

tables/*.csv     the record, redacted: one row a line; ids are replaced by keyed hashes
rows/*.txt       for each line of a table the beginning of its hash
standing.json    what the agency stated of itself
model/*.yaml     the maturity model it was judged by
profile.json     the profile
manifest.json    the SHA-256 of every file here; of each table the number of rows and the root of their Merkle tree (RFC 6962)
signature.json   the Ed25519 signature over the line "callbox proof pack 1" and manifest.json

    callbox verify PACK --key KEY

computes every figure and every level anew, and compares. KEY is the key or the fingerprint that the agency has published.
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Strict):
    """One file. rows, root: of a table, how many rows and the root over them."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    rows: int | None = Field(default=None, ge=0)
    root: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Manifest(_Strict):
    """What a pack holds. made_by: the versions that made it."""

    format: Literal["callbox-proof-pack-1"]
    agency: str
    as_of: AwareDatetime = Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))
    model: str
    made_by: dict[str, str]
    files: dict[str, Entry]


class Signature(_Strict):
    """The signature as the pack keeps it, in hex."""

    algorithm: Literal["Ed25519"]
    public_key: str = Field(pattern=r"^[0-9a-f]{64}$")
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


@dataclass(frozen=True)
class Pack:
    """A pack that was read. Nothing in it is believed until `callbox.maturity.proof.verify` has judged it.

    The parts are parsed when asked for, and raise PackError with one sentence where they cannot be.
    """

    manifest: Manifest
    signature: Signature
    body: bytes  # the manifest as it was signed
    files: Mapping[str, bytes]

    @property
    def key(self) -> PublicKey:
        """The public key that the pack names as its signer's."""
        return PublicKey(bytes.fromhex(self.signature.public_key))

    @property
    def is_signed(self) -> bool:
        """Whether that key signed this manifest."""
        return self.key.verifies(bytes.fromhex(self.signature.signature), _SIGNED + self.body)

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table holds, as the manifest states it."""
        names = {name: f"tables/{name}.csv" for name in SCHEMAS}
        return {
            name: self.manifest.files[file].rows or 0 for name, file in names.items() if file in self.manifest.files
        }

    @cached_property
    def profile(self) -> Profile:
        """The profile as stated."""
        return _parsed(Profile, "profile.json", self.files)

    @cached_property
    def standing(self) -> Standing:
        """What the agency stated of itself."""
        return _parsed(Standing, "standing.json", self.files)

    @cached_property
    def shipped_model(self) -> str | None:
        """The version of the model that comes with Callbox and is the pack's own, byte for byte."""
        own = {name: content for name, content in self.files.items() if name.startswith("model/")}
        return next((name for name in loader.versions() if own == _shipped(name)), None)

    @cached_property
    def model(self) -> Model:
        """The model the profile was judged by."""
        if self.shipped_model is not None:
            return loader.load(self.shipped_model)
        with TemporaryDirectory(prefix="callbox-") as folder:
            for name, content in self.files.items():
                if name.startswith("model/"):
                    (Path(folder) / name.removeprefix("model/")).write_bytes(content)
            try:
                return loader.load(Path(folder))
            except loader.ModelError as error:
                raise PackError("model_unreadable", {"why": str(error).splitlines()[0]}) from error

    @cached_property
    def ledger(self) -> Ledger:
        """The redacted record."""
        tables = {name: self._table(name).lazy() for name in SCHEMAS if f"tables/{name}.csv" in self.files}
        return Ledger(self.manifest.agency, self.manifest.as_of, tables)

    def recompute(self) -> Profile:
        """Compute the profile anew from the tables, the standing and the model."""
        return _computed(self.ledger, self.standing, self.model, self.profile.record)

    def _table(self, name: str) -> pl.DataFrame:
        try:
            return lines.read(name, self.files[f"tables/{name}.csv"])
        except pl.exceptions.PolarsError as error:
            raise PackError("table_unreadable", {"table": name}) from error


def write(
    path: Path,
    *,
    ledger: Ledger,
    profile: Profile,
    standing: Standing,
    key: SigningKey,
    model: Path | str | None = None,
) -> Manifest:
    """Write the proof pack of one agency's profile, whole or not at all. The same input gives the same bytes.

    model: folder of the model the profile was scored with, where that is none of those that come with Callbox.

    Raises:
        PackError: the redacted record does not give the profile's scores; nothing is written.
        ModelError: the model cannot be read.  OSError: the file cannot be written.
    """
    source = profile.model if model is None else model
    tables = redact.tables(ledger, key.derive("callbox proof pack pseudonyms"))
    redacted = Ledger(ledger.agency, ledger.as_of, {name: rows.lazy() for name, rows in tables.items()})
    people = redact.standing(standing)
    stated = _computed(redacted, people, loader.load(source), profile.record)
    if differing := differences(profile, stated):
        raise PackError("pack_differs", {"what": ", ".join(differing)})
    files = {
        "README.txt": _README.encode(),
        "standing.json": _json(to_plain(people)),
        "profile.json": _json(to_plain(stated)),
        **{f"model/{file.name}": file.read_bytes() for file in loader.files(source)},
        **{f"tables/{name}.csv": lines.write(name, rows) for name, rows in tables.items()},
    }
    entries = {name: _entry(content) for name, content in files.items()}
    for table in tables:
        content = files[f"tables/{table}.csv"]
        leaves = row_hashes(content)
        files[f"rows/{table}.txt"] = "".join(f"{leaf.hex()[:ROW_DIGITS]}\n" for leaf in leaves).encode()
        entries[f"rows/{table}.txt"] = _entry(files[f"rows/{table}.txt"])
        entries[f"tables/{table}.csv"] = _entry(content, rows=len(leaves), root=merkle.root(leaves).hex())
    manifest = Manifest(
        format="callbox-proof-pack-1",
        agency=ledger.agency,
        as_of=ledger.as_of,
        model=profile.model,
        made_by={name: version(name) for name in ("callbox", "polars")},
        files=dict(sorted(entries.items())),
    )
    body = _json(manifest.model_dump(mode="json", exclude_none=True))
    files["manifest.json"] = body
    files["signature.json"] = _json(
        {"algorithm": "Ed25519", "public_key": key.public.raw.hex(), "signature": key.sign(_SIGNED + body).hex()}
    )
    _zip(path, files)
    return manifest


def read(path: Path) -> Pack:
    """Read a pack, never writing any of it to where its names point.

    Raises:
        PackError: it is no pack, is larger than a pack may be, or has a member too few, too many or of a strange name.
    """
    files = container.read(path)
    for needed in ("manifest.json", "signature.json"):
        if needed not in files:
            raise PackError("pack_lacks", {"file": needed})
    body = files.pop("manifest.json")
    manifest = _parsed(Manifest, "manifest.json", {"manifest.json": body})
    signature = _parsed(Signature, "signature.json", files)
    del files["signature.json"]
    for needed in ("profile.json", "standing.json", "model/model.yaml", *manifest.files):
        if needed not in files:
            raise PackError("pack_lacks", {"file": needed})
    if strange := sorted(files.keys() - manifest.files.keys()):
        raise PackError("pack_strange", {"file": strange[0]})
    if unknown := sorted(name for name in files if name.startswith("tables/") and name[7:-4] not in SCHEMAS):
        raise PackError("pack_strange", {"file": unknown[0]})
    return Pack(manifest, signature, body, files)


def row_hashes(content: bytes) -> list[bytes]:
    """Return the leaf hash of each row of a table."""
    return [merkle.leaf(line) for line in lines.split(content)]


def differences(stated: Profile, found: Profile) -> list[str]:
    """Return the ids of the figures, practices and areas, and the names of the facts, in which two profiles are not equal.

    A pack outlives the version that made it: a figure that only `found` has and that no condition reads is no difference, nor are other
    words for why a figure cannot be told.
    """
    facts = [
        fact
        for fact in ("agency", "as_of", "model", "band", "band_stated")
        if getattr(stated, fact) != getattr(found, fact)
    ]
    read = {part.measure for row in stated.practices for part in row.conditions if part.measure is not None}
    figures = [
        key
        for key in sorted(stated.measures.keys() | (found.measures.keys() & read))
        if _figure(stated, key) != _figure(found, key)
    ]
    then, now = _levels(stated), _levels(found)
    return facts + figures + [row for row in sorted(then.keys() | now.keys()) if then.get(row) != now.get(row)]


def _levels(profile: Profile) -> dict[str, tuple[object, ...]]:
    practices: dict[str, tuple[object, ...]] = {
        row.id: (row.shown, row.at_most, row.declared, *((part.id, part.outcome) for part in row.conditions))
        for row in profile.practices
    }
    return practices | {row.id: (row.shown, row.at_most, row.weakest) for row in profile.areas}


@cache
def _shipped(name: str) -> dict[str, bytes]:
    return {f"model/{file.name}": file.read_bytes() for file in loader.files(name)}


def _figure(profile: Profile, key: str) -> tuple[object, ...] | None:
    figure = profile.measures.get(key)
    if figure is None:
        return None
    # Twelve digits: the same sum in another order on another machine is the same figure.
    numbers = (None if number is None else f"{number:.12g}" for number in (figure.value, figure.bound))
    return (*numbers, figure.n, figure.unit, figure.window)


def _computed(ledger: Ledger, standing: Standing, model: Model, record: Mapping[str, Any]) -> Profile:
    measures = probes.measure_all(ledger)
    return scoring.score(model, measures, standing, agency=ledger.agency, as_of=ledger.as_of, record=record)


def _entry(content: bytes, *, rows: int | None = None, root: str | None = None) -> Entry:
    return Entry(sha256=hashlib.sha256(content).hexdigest(), size=len(content), rows=rows, root=root)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _parsed[T](kind: type[T], name: str, files: Mapping[str, bytes]) -> T:
    """Read one JSON file of a pack; whatever is wrong with it is one sentence."""
    try:
        return from_plain(kind, json.loads(files[name]))
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise PackError("json_unfit", {"file": name, "place": place or "the whole"}) from error
    except (ValueError, RecursionError, KeyError, TypeError, OverflowError) as error:
        # A reason without a sentence, numbers of a million digits, nesting without end.
        raise PackError("json_unreadable", {"file": name}) from error


def _zip(path: Path, files: Mapping[str, bytes]) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with aside.open("xb") as out:
            with zipfile.ZipFile(out, "w") as archive:
                for name in sorted(files):
                    member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                    member.create_system, member.external_attr = 3, 0o644 << 16
                    archive.writestr(member, files[name], compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
