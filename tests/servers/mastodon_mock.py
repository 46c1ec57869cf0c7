"""A server of the Mastodon API in a thread of the tests, made by others. Alice is the agency, Bob and Carol are residents."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from mastodon import Mastodon
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig
from mastodon_mock.testing import MockServer
from mastodon_mock.testing.seed import DEFAULT_TEST_SEED

#: What stands behind the @ of its accounts; as with many servers, it is not the server's own name.
DOMAIN = "mock.example"


def token(name: str) -> str:
    """Return the access token of alice, bob or carol."""
    return f"{name}_token"


def signed_in(server: str, name: str) -> Mastodon:
    """Return the library, signed in as `name`."""
    return Mastodon(api_base_url=server, access_token=token(name), ratelimit_method="throw", version_check_mode="none")


@contextmanager
def mastodon_mock() -> Iterator[MockServer]:
    """Start it on a free port of this machine, empty but for its accounts."""
    media = tempfile.mkdtemp(prefix="callbox-mock-")
    config = MastodonMockConfig(
        domain=DOMAIN,
        url_scheme="http",
        database=DatabaseConfig(path=":memory:"),
        seed=DEFAULT_TEST_SEED,
        media_storage_path=media,
    )
    try:
        with MockServer(config=config) as server:
            yield server
    finally:
        shutil.rmtree(media, ignore_errors=True)
