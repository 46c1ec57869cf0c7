"""Settings of the suite: the product's own, with a scratch data folder; on PostgreSQL with CALLBOX_TEST_DATABASE=postgresql."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("CALLBOX_")]:
    if name not in {"CALLBOX_SHARED_DATA", "CALLBOX_TEST_DATABASE", "CALLBOX_DATABASE_URL"}:
        del os.environ[name]
_scratch = Path(tempfile.mkdtemp(prefix="callbox-tests-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["CALLBOX_DATA"] = str(_scratch)
os.environ["CALLBOX_SECRET_KEY"] = "only-for-tests-" * 5

if os.environ.get("CALLBOX_TEST_DATABASE", "sqlite") == "postgresql":
    if "CALLBOX_DATABASE_URL" not in os.environ:  # workers of xdist inherit the address of the one server
        from tests.postgres import start

        os.environ["CALLBOX_DATABASE_URL"] = start()
else:
    os.environ.pop("CALLBOX_DATABASE_URL", None)

from callbox.config.settings import *  # noqa: E402, F403
from callbox.config.settings import DATABASES  # noqa: E402

# A file: threads on the in-memory database meet "table is locked".
for _alias, _database in DATABASES.items():
    if "sqlite" in _database["ENGINE"]:
        _database["TEST"] = {"NAME": str(_scratch / f"test-{_alias}.sqlite3")}
        # speed: the suite does not survive a power cut anyway
        _database["OPTIONS"] = {
            **_database["OPTIONS"],
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON",
        }
    else:
        _database["TEST"] = {"NAME": "callbox_test"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
WHITENOISE_AUTOREFRESH = False
