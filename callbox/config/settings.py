"""All settings, read from the environment (CALLBOX_*). docs/operate.md lists them; nonsense is refused with plain sentences."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from callbox.config.env import Environment

env = Environment(os.environ)
PACKAGE = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}

# Where we are

#: Everything Callbox writes lies here: the database, uploads, the demo's secret key.
DATA = Path(
    env.text("CALLBOX_DATA") or (PACKAGE.parent / "var" if (PACKAGE.parent / "pyproject.toml").exists() else "var")
).absolute()
#: The demonstration agency: no second factor, plain HTTP on this machine, a loud banner.
DEMO = env.flag("CALLBOX_DEMO")
DEBUG = env.flag("CALLBOX_DEBUG")
ALLOWED_HOSTS = env.words("CALLBOX_HOSTS", "localhost,127.0.0.1,[::1]")
ON_THIS_MACHINE = set(ALLOWED_HOSTS) <= LOOPBACK | {"testserver"}
if "*" in ALLOWED_HOSTS:
    env.problems.append("CALLBOX_HOSTS must list the names people type, not *.")
if DEMO and not ON_THIS_MACHINE:
    env.problems.append(
        "CALLBOX_DEMO=1 has no second factor, so it only serves this machine: remove CALLBOX_HOSTS or CALLBOX_DEMO."
    )
if DEBUG and not ON_THIS_MACHINE:
    env.problems.append(
        "CALLBOX_DEBUG=1 shows secrets on error pages, so it only serves this machine: remove CALLBOX_HOSTS or CALLBOX_DEBUG."
    )

#: Which plane this process serves: the staff's desk, the public's portal, or both (docs/house.md 5).
PLANE = env.text("CALLBOX_PLANE", "both")
if PLANE not in {"both", "desk", "portal", "api"}:
    env.problems.append(f"CALLBOX_PLANE must be both, desk, portal or api, not {PLANE!r}.")
if DEBUG and PLANE == "portal":
    env.problems.append("CALLBOX_DEBUG=1 writes down who asks what, so the portal does not run with it.")


def _demo_key() -> str:
    """Return the demo's secret key, made on first use, readable by its owner alone."""
    file = DATA / "demo-secret-key"
    DATA.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return file.read_text().strip()


SECRET_KEY = env.secret("CALLBOX_SECRET_KEY") or (_demo_key() if DEMO else "")
if len(SECRET_KEY) < 50:
    env.problems.append(
        "CALLBOX_SECRET_KEY (or CALLBOX_SECRET_KEY_FILE, the path of a file) must hold at least 50 random characters."
    )

#: Secret keys from before: sessions, letters and second factors made under them still open, until all is sealed anew.
SECRET_KEY_FALLBACKS = env.secret("CALLBOX_OLD_SECRET_KEYS").split()
#: What seals the tokens of connected accounts in the database; the first seals, all of them open (to change one, put the new one first).
TOKEN_KEYS = env.secret("CALLBOX_TOKEN_KEYS").split() or [SECRET_KEY, *SECRET_KEY_FALLBACKS]
#: With what receipts of residents are hashed before they are looked up. Never change it: no receipt given before would find anything.
RECEIPT_KEY = env.secret("CALLBOX_RECEIPT_KEY") or SECRET_KEY
if SECRET_KEY_FALLBACKS and not env.text("CALLBOX_RECEIPT_KEY") and not env.text("CALLBOX_RECEIPT_KEY_FILE"):
    env.problems.append(
        "With CALLBOX_OLD_SECRET_KEYS, give CALLBOX_RECEIPT_KEY the oldest secret key: receipts were hashed with it."
    )
#: Hosts on this machine or network that Callbox may speak to although their addresses are private: `localhost:8025`, `mail.internal:25`.
PRIVATE_HOSTS = env.words("CALLBOX_PRIVATE_HOSTS")

# What is installed

INSTALLED_APPS = [
    "callbox.config.apps.ConfigConfig",
    "callbox.people.apps.PeopleConfig",
    "callbox.governance.apps.GovernanceConfig",
    "callbox.networks.apps.NetworksConfig",
    "callbox.voice.apps.VoiceConfig",
    "callbox.trust.apps.TrustConfig",
    "callbox.trust.tips.apps.TipsConfig",
    "callbox.collaboration.apps.CollaborationConfig",
    "callbox.intelligence.apps.IntelligenceConfig",
    "callbox.operations.apps.OperationsConfig",
    "callbox.maturity.apps.MaturityConfig",
    "callbox.desk.apps.DeskConfig",
    "callbox.portal.apps.PortalConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
#: Rules for every request; those of config.planes are passed by on the public plane.
MIDDLEWARE = [
    "callbox.portal.middleware.PublicPlane",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "callbox.config.planes.Origins",
    "callbox.config.planes.Sessions",
    "callbox.config.planes.Languages",
    "django.middleware.common.CommonMiddleware",
    "callbox.config.planes.Tokens",
    "callbox.config.planes.People",
    "callbox.config.planes.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "callbox.config.planes.IdleLock",
    "callbox.config.planes.SecondFactor",
    "callbox.config.planes.PrivatePages",
]
#: config.planes.Tokens is Django's protection under another name, which its check does not know; callbox.W002 says the other in our words.
#: W005 and W021 ask what concerns other names of the agency's domain: nothing Callbox may decide.
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W005", "security.W021", "mail.E001"]
ROOT_URLCONF = "callbox.config.urls"
WSGI_APPLICATION = "callbox.config.wsgi.application"
TEMPLATES = [
    {
        "NAME": "desk",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "callbox.desk.context.desk",
            ],
        },
    },
    # Pages of the portal know what portal.page.show gives them and nothing else.
    {"NAME": "portal", "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]
if PLANE in {"portal", "api"}:  # a process in which the staff's doors are not even built
    INSTALLED_APPS = [
        app
        for app in INSTALLED_APPS
        if not app.startswith(("callbox.desk.", "allauth", "django.contrib.sessions", "django.contrib.messages"))
    ]
    MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(("callbox.config.planes.", "allauth."))]
    ROOT_URLCONF = f"callbox.{PLANE}.urls"
    TEMPLATES = TEMPLATES[1:]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The database

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "callbox.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            # FULL: what was acknowledged survives a power cut.  secure_delete: what was purged is overwritten.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
        },
    }
}
_main = env.url("CALLBOX_DATABASE_URL", ("postgresql", "postgres"))
#: The portal's own role in the same database, where it has one; docs/operate.md says what it may do.
_portal = env.url("CALLBOX_PORTAL_DATABASE_URL", ("postgresql", "postgres"))
PORTAL_ROLE = unquote(_portal.username or "") if _portal is not None else ""
if _portal is not None and PLANE != "portal" and (_main is None or unquote(_main.username or "") == PORTAL_ROLE):
    env.problems.append(
        "CALLBOX_PORTAL_DATABASE_URL must name another user of the PostgreSQL database that CALLBOX_DATABASE_URL names."
    )
if (postgres := _portal if PLANE == "portal" and _portal is not None else _main) is not None:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(postgres.path.lstrip("/")) or "callbox",
        "USER": unquote(postgres.username or ""),
        "PASSWORD": unquote(postgres.password or ""),
        "HOST": postgres.hostname or parse_qs(postgres.query).get("host", [""])[0],
        "PORT": str(postgres.port or 5432),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }

#: Where sealed tips live: on SQLite a file of their own, on PostgreSQL tables that the portal's role may only add to.
TIPS_DATABASE = "default" if postgres is not None else "tips"
if postgres is None:
    DATABASES["tips"] = {**DATABASES["default"], "NAME": DATA / "tips.sqlite3"}
DATABASE_ROUTERS = ["callbox.config.databases.TipsRouter"]

# What is heard on public streams, on its way to be kept

#: NATS servers (JetStream) that several workers share it on; none: a file in the data folder.
STREAM_SERVERS = env.urls("CALLBOX_STREAM_URL", ("nats", "tls"))

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "callbox.config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
#: WhiteNoise serves the package's own files, so there is no collecting step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "uploads"
MEDIA_URL = ""  # uploads are handed out by views that ask for a permission, never by path
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Mail: without CALLBOX_MAIL_URL letters are written into the data folder, and invitations show their link to the administrator

DEFAULT_FROM_EMAIL = env.text("CALLBOX_MAIL_FROM", "callbox@localhost")
mail = env.url("CALLBOX_MAIL_URL", ("smtp", "smtps"))
if mail is None:
    MAILERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(DATA / "mail")},
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": mail.hostname,
                "port": mail.port or (465 if mail.scheme == "smtps" else 587),
                "username": unquote(mail.username or ""),
                "password": unquote(mail.password or ""),
                "use_ssl": mail.scheme == "smtps",
                "use_tls": mail.scheme == "smtp",
                "timeout": 10,
            },
        }
    }

# The browser's rules

HTTPS = not (DEMO or ON_THIS_MACHINE)
#: How many proxies of ours stand before Callbox; with none, forwarded addresses are not believed.
PROXIES = env.number("CALLBOX_PROXIES", 0, least=0, most=5)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_SERIALIZER = "callbox.desk.signin.sealing.Sealed"
SESSION_COOKIE_NAME = "__Host-callbox" if HTTPS else "callbox"
CSRF_FAILURE_VIEW = "callbox.desk.errors.csrf_failure"

# The portal

#: The address residents type, without a slash at its end; feeds, letters and receipts point there.
_address = env.url("CALLBOX_PORTAL_URL", ("https", "http"))
PORTAL_URL = (
    _address.geturl().rstrip("/")
    if _address is not None
    else ("http://localhost:8000" if ON_THIS_MACHINE else f"https://{ALLOWED_HOSTS[0]}")
)
#: Where the worker writes the public pages as files every hour, for the proxy to show while Callbox is down; None: nowhere.
COPY = Path(env.text("CALLBOX_COPY")).absolute() if env.text("CALLBOX_COPY") else None
#: Shown on every public page of an agency that has not set its own.
EMERGENCY_NUMBER = env.text("CALLBOX_EMERGENCY_NUMBER", "112 / 911")
#: The largest form the public plane takes, in bytes; kept in memory, so that nothing of it touches a disk before it is sealed.
PORTAL_BODY_BYTES = 2_500_000
#: Threads of a process that `callbox serve` starts; on the public plane half of them take forms at the most.
THREADS = env.number("CALLBOX_THREADS", 8, least=1, most=256)
#: Forms a second that one process of the public plane takes: so many tips, and so many of all others together.
PORTAL_FORMS = env.number("CALLBOX_PORTAL_FORMS", 20, least=1, most=1000)

# The audit trail

#: Where checkpoints of the audit chain are appended once a day; best on a disk the database's owner cannot write to.
AUDIT_WITNESS = Path(env.text("CALLBOX_AUDIT_WITNESS") or DATA / "audit-checkpoints.jsonl")

# Signing in

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
#: The desk locks after this much quiet, and asks for a whole new sign-in after the longer span (CJIS AC-11, NIST 800-63B AAL2).
IDLE_LOCK = timedelta(minutes=30)
SESSION_LIFE = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_LIFE.total_seconds())
PASSWORD_RESET_TIMEOUT = 3600

ACCOUNT_ADAPTER = "callbox.desk.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by an administrator who knows the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Callbox: "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Five wrong tries in fifteen minutes for one name from one address: an outsider cannot lock an officer out everywhere.
    "login_failed": "10/m/ip,5/15m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "callbox.desk.signin.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Callbox"
MFA_RECOVERY_CODES_SHOW_ONCE = True
#: The demonstration agency alone may go without.
SECOND_FACTOR_REQUIRED = not DEMO

CACHES = {
    # Rate limits are counted here. A database table, so that several processes count together.
    # Django's own bound of 300 rows would let whoever tries 300 names push out the count of the one they are after.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "callbox_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# What is written down

LOG_LEVEL = env.text("CALLBOX_LOG", "WARNING").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    env.problems.append(f"CALLBOX_LOG must be DEBUG, INFO, WARNING or ERROR, not {LOG_LEVEL!r}.")
    LOG_LEVEL = "WARNING"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Keeps quiet about public requests: no path, no value, no address.
    "formatters": {
        "line": {
            "()": "callbox.portal.logs.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

env.refuse()
