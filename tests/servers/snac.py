"""snac, a small server of the fediverse written by others in C (Debian package snac2, in the backports of Debian 12).

Each daemon has one account. Two of them follow each other as servers on the internet do, only by plain HTTP on ports of this machine.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from mastodon import Mastodon

from tests.servers.processes import free_port, listens, running

_CODE = "urn:ietf:wg:oauth:2.0:oob"  # show the code instead of leading anywhere
_SCOPES = "read write follow"
#: snac refuses to run as root.
_USER = "nobody"


@dataclass(frozen=True, slots=True)
class Daemon:
    """server: its address.  place: its "host:port".  name: of its one account.  token: to speak for it.
    password: to sign in as a person.
    """

    server: str
    place: str
    name: str
    token: str
    password: str = ""

    @property
    def handle(self) -> str:
        return f"{self.name}@{self.place}"

    def signed_in(self) -> Mastodon:
        """Return the library, signed in; snac breaks off connections that are kept, so each call has its own."""
        api = Mastodon(api_base_url=self.server, access_token=self.token, version_check_mode="none")
        api.session.headers["Connection"] = "close"
        return api


def missing() -> str:
    """Return in one line why snac cannot be started here, empty when it can."""
    if shutil.which("snac") is None:
        return "snac is not installed (tests/servers/install.sh installs it on Debian)"
    return ""


@contextmanager
def snac(name: str) -> Iterator[Daemon]:
    """Run a daemon with an account `name` while the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="callbox-snac-"))
    user = _USER if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    port = free_port()
    place, data = f"127.0.0.1:{port}", folder / "data"
    try:
        _snac(["init", str(data)], user, f"127.0.0.1\n{port}\n{place}\n\n\n")
        settings = json.loads((data / "server.json").read_text())
        (data / "server.json").write_text(json.dumps({**settings, "protocol": "http"}))
        said = _snac(["adduser", str(data), name], user)
        password = re.search(r"password is (\S+)", said)
        assert password is not None, said
        home = {"HOME": str(folder)}
        command = ["snac", "httpd", str(data)]
        with running(command, ready=lambda: listens(port), user=user, env=home, gently=False):
            yield Daemon(f"http://{place}", place, name, _token(f"http://{place}", name, password[1]), password[1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _snac(arguments: list[str], user: str | None, answers: str = "") -> str:
    done = subprocess.run(["snac", *arguments], input=answers, text=True, user=user, check=True, capture_output=True)
    return done.stdout + done.stderr


def _token(server: str, name: str, password: str) -> str:
    """Sign in as a person would in a browser and let an application in (OAuth, authorization code)."""
    with httpx.Client(base_url=server, headers={"Connection": "close"}, trust_env=False) as browser:
        asked = {"client_name": "Callbox", "redirect_uris": _CODE, "scopes": _SCOPES}
        app = browser.post("/api/v1/apps", data=asked).json()
        page = {"client_id": app["client_id"], "redirect_uri": _CODE, "response_type": "code", "scope": _SCOPES}
        form = browser.get("/oauth/authorize", params=page).text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        code = browser.post("/oauth/x-snac-login", data={**fields, "login": name, "passwd": password}).text.strip()
        handed = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "redirect_uri": _CODE,
        }
        return str(browser.post("/oauth/token", data=handed).json()["access_token"])
