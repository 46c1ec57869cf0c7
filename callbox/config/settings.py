"""Settings from the environment."""

SECRET_KEY = "replaced-soon"  # noqa: S105
INSTALLED_APPS: list[str] = []
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "var/callbox.sqlite3"}}
