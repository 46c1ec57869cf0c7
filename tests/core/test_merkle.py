"""The Merkle tree, against the vectors of RFC 6962 implementations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callbox.core import merkle

# The inputs and roots of the reference tests of Certificate Transparency (certificate-transparency, merkletree tests).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_roots_are_those_of_certificate_transparency() -> None:
    leaves = [merkle.leaf(bytes.fromhex(entry)) for entry in INPUTS]
    assert [merkle.root(leaves[: size + 1]).hex() for size in range(len(leaves))] == ROOTS
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.data())
def test_any_changed_entry_changes_the_root(entries: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    other = [*entries]
    other[place] += b"."
    assert merkle.root(map(merkle.leaf, entries)) != merkle.root(map(merkle.leaf, other))
