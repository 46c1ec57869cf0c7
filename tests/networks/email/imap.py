"""An IMAP server small enough to read: one inbox in memory, the commands that a collecting client sends (RFC 3501)."""

from __future__ import annotations

import base64
import re
import socketserver
import threading


class _Talk(socketserver.StreamRequestHandler):
    server: Imap

    def handle(self) -> None:
        self._say("* OK ready")
        for raw in self.rfile:
            tag, _space, rest = raw.decode().strip().partition(" ")
            name = rest.upper()
            if not self._knows(name, rest):
                self._say(f"{tag} NO wrong name or password")
                continue
            if name.startswith("CAPABILITY"):
                self._say("* CAPABILITY IMAP4rev1")
            elif name.startswith("STATUS"):
                self._say(f'* STATUS "INBOX" (UIDVALIDITY {self.server.validity})')
            elif name.startswith("SELECT"):
                self._say(f"* {len(self.server.letters)} EXISTS")
            elif name.startswith("UID SEARCH"):
                self._say(f"* SEARCH {' '.join(map(str, self._search(rest)))}".rstrip())
            elif name.startswith("UID FETCH"):
                self._fetch(rest)
            if name.startswith("LOGOUT"):
                self._say("* BYE")
            self._say(f"{tag} OK done")
            if name.startswith("LOGOUT"):
                return

    def _knows(self, name: str, rest: str) -> bool:
        if name.startswith("AUTHENTICATE PLAIN"):
            self._say("+ ")
            return base64.b64decode(self.rfile.readline()).decode().endswith(f"\0{self.server.password}")
        return not name.startswith("LOGIN") or f'"{self.server.password}"' in rest

    def _search(self, rest: str) -> list[int]:
        found = re.search(r"(\d+):\*", rest)
        assert found is not None, rest
        known = sorted(self.server.letters)
        return [uid for uid in known if uid >= int(found[1])] or known[-1:]  # "n:*" always names the last

    def _fetch(self, rest: str) -> None:
        wanted, heads = rest.split()[2], "HEADER" in rest.upper()
        for number, (uid, letter) in enumerate(sorted(self.server.letters.items()), start=1):
            if str(uid) not in wanted.split(","):
                continue
            part = letter.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if heads else letter
            name = "BODY[HEADER]" if heads else "BODY[]"
            beginning = re.search(r"<0\.(\d+)>", rest)
            if beginning:
                part, name = letter[: int(beginning[1])], "BODY[]<0>"
            self.server.fetched.append((uid, "beginning" if beginning else "head" if heads else "whole"))
            self._say(f"* {number} FETCH (UID {uid} FLAGS () RFC822.SIZE {len(letter)} {name} {{{len(part)}}}")
            self.wfile.write(part)
            self._say(")")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Imap(socketserver.ThreadingTCPServer):
    """One inbox. letters: UID -> bytes.  validity: changes when the server counts anew.  fetched: what was asked for."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.password = password
        self.validity = 7
        self.letters: dict[int, bytes] = {}
        self.fetched: list[tuple[int, str]] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def arrive(self, letter: bytes) -> None:
        """Put a letter into the inbox."""
        self.letters[max(self.letters, default=0) + 1] = letter.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def __enter__(self) -> Imap:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
