"""The settings of every environment. They differ by environment variables only (.env.example)."""

import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from crsmonitor.database.connections import pool_of_each
from crsmonitor.database.limits import COMMAND, SITE, Limits
from crsmonitor.database.sessions import Session
from crsmonitor.env import (
    BadSetting,
    database,
    env_bool,
    env_gateways,
    env_int,
    env_list,
    env_proxies,
    env_stores,
    env_str,
    env_url,
    mail,
    split_url,
)
from crsmonitor.logs.settings import logging_settings
from crsmonitor.mode import PRODUCTION
from crsmonitor.security.guessable import is_guessable
from crsmonitor.security.p256 import is_private_key
from crsmonitor.security.sealing import is_key, key_from
from crsmonitor.settings_fixed import (  # noqa: F401
    CONTENT_SECURITY_POLICY,
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
    TABLET_RULES,
)
from crsmonitor.settings_people import *  # noqa: F403 - accounts, sign-in and sessions

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Mode -------------------------------------------------------------------------------------
DEMO_KEY = "demo-key-that-is-public-and-therefore-refused-in-production"
SECRET_KEY = env_str("SECRET_KEY", default="" if PRODUCTION else DEMO_KEY)
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
# Under the first of them secrets are kept in the database; the others still open what is there (sealing.py).
SEALING_KEYS = env_list("CRS_SEALING_KEYS")
if not all(map(is_key, SEALING_KEYS)):
    raise BadSetting("CRS_SEALING_KEYS holds something that is no key: 32 bytes in URL-safe base64 (see .env.example).")
if not PRODUCTION:
    SEALING_KEYS = SEALING_KEYS or [key_from(SECRET_KEY)]
DEBUG = env_bool("DEBUG", default=False)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# Where nothing listens: `manage.py up` reads the settings before it has started the engines.
NOWHERE = "" if PRODUCTION else "127.0.0.1:9"
DATABASE_URL = env_str("DATABASE_URL", default=NOWHERE and f"postgresql://crs_app@{NOWHERE}/crs")
REDIS_URL = env_str("REDIS_URL", default=NOWHERE and f"redis://{NOWHERE}/0")


def refuse_unsafe_production() -> None:
    """Raise BadSetting for the first setting that would make production unsafe."""
    key = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    sealing = "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
    refusals = [
        (not SECRET_KEY, f"SECRET_KEY is not set: it signs the sessions. Make one: {key}"),
        (
            "demo" in SECRET_KEY or len(SECRET_KEY) < 50,
            f"SECRET_KEY is a demo key or shorter than 50 characters: guessable. Make one: {key}",
        ),
        (
            is_guessable(SECRET_KEY, least=50),
            f"SECRET_KEY has few different characters, or repeats itself: guessable. Make one: {key}",
        ),
        (
            not SEALING_KEYS,
            f"CRS_SEALING_KEYS is not set: it seals the secrets of webhooks in the database. Make one: {sealing}",
        ),
        (DEBUG, "DEBUG=true shows source and settings to anybody. Unset it, or CRS_MODE=demo."),
        (not ALLOWED_HOSTS, "ALLOWED_HOSTS is not set: name the hosts this site answers to."),
        (
            "*" in ALLOWED_HOSTS,
            "ALLOWED_HOSTS=* lets a forged Host header into links that are mailed. Name the hosts.",
        ),
        (not DATABASE_URL, "DATABASE_URL is not set: postgresql://crs_app:password@host:5432/crs"),
        (not REDIS_URL, "REDIS_URL is not set: redis://:password@host:6379/0"),
    ]
    for unsafe, why in refusals:
        if unsafe:
            raise BadSetting(f"refusing to start in production. {why}")


if PRODUCTION:
    refuse_unsafe_production()

# --- Apps -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "allauth",  # before the accounts, whose administration takes the place of its own
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crsmonitor.accounts.apps.OwnSessionsConfig",
    "crsmonitor",
    "crsmonitor.accounts.apps.AccountsConfig",
    "crsmonitor.devices.apps.DevicesConfig",
    "crsmonitor.audit",
    "regimens",
    "grading",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
]
MIDDLEWARE = [
    "crsmonitor.middleware.RequestIdMiddleware",  # first, so that every log line has the id
    "crsmonitor.security.transport.TransportMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crsmonitor.pages.compression.CompressionMiddleware",  # outside of all that writes or reads what is answered
    "crsmonitor.web.headers.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "crsmonitor.api.program_door.ProgramDoorMiddleware",  # behind it is what only a browser needs
    "crsmonitor.accounts.sign_in.cookies.KeptSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crsmonitor.devices.middleware.TabletMiddleware",  # before a session ends or locks by itself
    "crsmonitor.accounts.sign_in.idle.IdleMiddleware",  # before the login is required, so that it ends the session
    "allauth.account.middleware.AccountMiddleware",
    "crsmonitor.accounts.views.sign_in.SignInRequired",  # a page is closed unless it says open
    "crsmonitor.accounts.sign_in.first_steps.FirstStepsMiddleware",  # own password, second factor
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crsmonitor.middleware.NoPageMiddleware",
    "crsmonitor.middleware.DomainErrorMiddleware",  # last: nearest to the views whose errors it words
]
ROOT_URLCONF = "crsmonitor.urls"
ASGI_APPLICATION = "crsmonitor.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crsmonitor.accounts.views.preferences.theme_of",
            ],
        },
    },
]

# --- Processes --------------------------------------------------------------------------------
# Of `python -m crsmonitor.web`, and of a prefork worker, on each machine that runs them.
WEB_PROCESSES = env_int("CRS_WEB_PROCESSES", default=1, at_least=1)
WORKER_PROCESSES = env_int("CRS_WORKER_PROCESSES", default=2, at_least=1)
CELERY_WORKER_CONCURRENCY = WORKER_PROCESSES  # where the command line says no other --concurrency

# --- Database ---------------------------------------------------------------------------------
# Threads of the web process take turns, so a connection kept by a thread
# (CONN_MAX_AGE) is never used again: the web process takes its connections from a pool.
# A prefork worker must not (celery#10554 rebuilds the pool at every task): DB_POOL=0 there,
# and its one connection stays open for a minute. Django allows one of the two at a time.
# Its threads are as many as the connections (web/lanes.py).
DB_POOL = env_int("DB_POOL", default=pool_of_each(WEB_PROCESSES)) if NOWHERE not in DATABASE_URL or PRODUCTION else 0
DB_WAIT_SECONDS = 5  # for a free connection; then an error that says so, not a hanging page


# A person waits for a command, such as `rederive`; the watchdog runs for ever, as the site does.
IS_COMMAND = Path(sys.argv[0]).name == "manage.py" and sys.argv[1:2] != ["watchdog"]


def connection_settings(url: str, name: str, *, pool: int, limits: Limits) -> dict[str, Any]:
    """Settings of one connection, checked before each use. `pool`: most connections; 0 is no pool."""
    settings = database(url, name=name) | {
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if pool else 60,  # seconds
    }
    # A statement used five times on a connection is prepared: its plan is made once.
    settings["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
    settings["OPTIONS"]["options"] = f"{settings['OPTIONS'].get('options', '')} {limits.options}".strip()
    if pool:
        settings["OPTIONS"]["pool"] = {
            "min_size": 1, "max_size": pool, "timeout": DB_WAIT_SECONDS, "connection_class": Session,
        }  # fmt: skip
    return settings


def replica_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Connected to for one answer, soon or not at all, and never written to."""
    options = f"{settings['OPTIONS']['options']} -c default_transaction_read_only=on"
    return settings | {"CONN_MAX_AGE": 0, "OPTIONS": settings["OPTIONS"] | {"connect_timeout": 2, "options": options}}


# The role that runs owns nothing; the role that migrates owns the tables and runs nothing else.
OWNER_URL = env_str("DATABASE_OWNER_URL", default=DATABASE_URL)
DATABASES = {
    "default": connection_settings(DATABASE_URL, "DATABASE_URL", pool=DB_POOL, limits=COMMAND if IS_COMMAND else SITE),
    "owner": connection_settings(OWNER_URL, "DATABASE_OWNER_URL", pool=0, limits=COMMAND),
}
# A server that follows the database: it answers downloads and counts, where it has everything (database/replica.py).
if _replica_url := env_str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = replica_settings(
        connection_settings(_replica_url, "DATABASE_REPLICA_URL", pool=0, limits=SITE)
    )
    DATABASE_ROUTERS = ["crsmonitor.database.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker -----------------------------------------------------------------------------------
env_url("REDIS_URL", schemes=("redis", "rediss"), default=REDIS_URL)
CELERY_BROKER_URL = REDIS_URL
# A broker that hangs must not hold a request: two seconds a step, one retry.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "queue_order_strategy": "crsmonitor.jobs.queues:AlertsFirst",
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the guarantee is the row in the outbox, not the message
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a slow send must not hold others back
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below is for the worker too
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"


# --- Safety of the transport ------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
# Probes come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^beacon/receipt/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
# Only behind a proxy that sets (and never passes on) this header, for example X-Forwarded-Proto.
if _proxy_header := env_str("PROXY_SSL_HEADER", default=""):
    SECURE_PROXY_SSL_HEADER = ("HTTP_" + _proxy_header.upper().replace("-", "_"), "https")
# Whose X-Forwarded-For is believed: limits of guesses and the audit trail rest on where somebody is.
TRUSTED_PROXIES = env_proxies("TRUSTED_PROXIES")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- Files ------------------------------------------------------------------------------------
STATE_DIR = Path(env_str("CRS_STATE_DIR", default=str(BASE_DIR / "var")))
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "crsmonitor" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "crsmonitor.tablet.finder.Built",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names carry a digest, so browsers may keep a file for ever and never keep an old one.
    "staticfiles": {"BACKEND": "crsmonitor.pages.static_files.HashedFiles"},
}

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hant", _("Traditional Chinese"))]
LOCALE_PATHS = [BASE_DIR / "crsmonitor" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail -------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", default="crsmonitor@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 5  # seconds; a claim on a delivery lasts twice as long
if _email_url := env_str("EMAIL_URL", default=""):
    globals().update(mail(_email_url))
else:  # nothing is lost while no mail server is known: messages are files that a person can read
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(STATE_DIR / "mail")

# --- Packets ----------------------------------------------------------------------------------
# S3-compatible stores by name. A packet remembers in which it lies: one that is no longer written to stays named.
PACKET_STORES = env_stores("CRS_PACKET_STORES")
# Into which new packets go. Empty: into the database.
PACKET_STORE = env_str("CRS_PACKET_STORE", default="")
if PACKET_STORE and PACKET_STORE not in PACKET_STORES:
    raise BadSetting(f"CRS_PACKET_STORE={PACKET_STORE!r} is not among the names of CRS_PACKET_STORES.")
if PRODUCTION and (_plain := sorted(name for name, store in PACKET_STORES.items() if store.is_plain)):
    raise BadSetting(f"CRS_PACKET_STORES: {_plain[0]} is reached without TLS. Use s3:// in place of s3+http://.")

# --- Alerts that leave ------------------------------------------------------------------------
# The links in messages begin with it.
SITE_URL = env_str(
    "SITE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://localhost:8000"
)
split_url(SITE_URL, name="SITE_URL", schemes=("https",) if PRODUCTION else ("http", "https"))
# A webhook to loopback or a private network lets whoever may edit its address reach what is inside.
WEBHOOK_ALLOW_PRIVATE = env_bool("WEBHOOK_ALLOW_PRIVATE", default=not PRODUCTION)
# Gateways by name; addresses and secrets stay here, the database knows the names.
GATEWAYS = env_gateways("CRS_GATEWAYS")
# Web push to people's own browsers: a private key of P-256. Empty: the site has none.
VAPID_KEY = env_str("CRS_VAPID_KEY", default="")
if VAPID_KEY and not is_private_key(VAPID_KEY):
    raise BadSetting("CRS_VAPID_KEY is no key: 32 bytes in URL-safe base64 (see .env.example).")

# --- The watch over the alerts ----------------------------------------------------------------
OPERATOR_EMAIL = env_list("OPERATOR_EMAIL")
# Where a worker reaches this site, for the beacon, if it is not where people do.
BEACON_URL = env_url("CRS_BEACON_URL", schemes=("http", "https"), default=SITE_URL)
# Both are secrets. Without the token there is no /metrics; the switch is pinged by the watchdog while all is well.
METRICS_TOKEN = env_str("CRS_METRICS_TOKEN", default="")
DEADMAN_URL = env_str("CRS_DEADMAN_URL", default="")
VERIFY_HOUR = env_int("CRS_VERIFY_HOUR", default=1)  # UTC: from when on the audit trail is verified, once a day

# --- What entering takes --------------------------------------------------------------------
EFFORT_DAYS = env_int("CRS_EFFORT_DAYS", default=90, at_least=1)  # for so long measurements of forms are kept

# --- Paper ------------------------------------------------------------------------------------
# Downtime sheets: how many are kept of each participant, where they are laid as files besides (empty: nowhere), and a
# TrueType font for Chinese that is embedded (empty: the viewer's own).
DOWNTIME_KEEP = env_int("CRS_DOWNTIME_KEEP", default=3, at_least=1)
DOWNTIME_DIR = env_str("CRS_DOWNTIME_DIR", default="")
PAPER_FONT = env_str("CRS_PAPER_FONT", default="")

# --- Logs -------------------------------------------------------------------------------------
LOGGING = logging_settings(production=PRODUCTION)
