"""Encrypted streams: a server whose certificate nobody vouches for is not spoken to."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from callbox.networks.streams import open_stream
from tests.networks.streams.listening import Listening
from tests.networks.streams.raw_server import Behaviour, raw_server


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _encrypted(context: ssl.SSLContext, heard: list[bytes]) -> Behaviour:
    def behave(line: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(line, server_side=True) as inner:
            heard.append(inner.recv(4096))

    return behave


@pytest.mark.parametrize("kind", ["feed", "firehose", "jetstream", "mastodon"])
def test_a_certificate_that_nobody_vouches_for_ends_it_before_a_word_is_said(kind: str, tmp_path: Path) -> None:
    heard: list[bytes] = []
    with raw_server(_encrypted(_self_signed(tmp_path), heard)) as server:
        place = server.place.replace("127.0.0.1", "localhost")
        scheme = "wss" if kind in {"firehose", "jetstream"} else "https"
        stream = open_stream(kind, f"{scheme}://{place}", secrets={"token": "secret"}, private=frozenset({place}))
        assert "certificate" in Listening(stream).until_broken().said.lower()
    assert heard in ([], [b""])
