"""Settings of the tests, which always run on engines of their own, whatever else this machine runs.

pytest-django reads the settings before any conftest.py, so the engines are started here: by the
first process. The workers of pytest-xdist find their addresses in its environment.
"""

import atexit
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from crsmonitor import embedded
from tests import migrated

# What a developer's shell may have set must not change a test.
OF_THE_DEVELOPER = (
    "ALLOWED_HOSTS",
    "CRS_BEACON_URL",
    "CRS_DEADMAN_URL",
    "CRS_GATEWAYS",
    "CRS_METRICS_TOKEN",
    "CRS_PASSWORD_WORDS",
    "CRS_SEALING_KEYS",
    "CRS_SHIFT_HOURS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "OIDC_CLIENT_ID",
    "OIDC_NAME",
    "OIDC_SECRET",
    "OIDC_URL",
    "OPERATOR_EMAIL",
    "OPERATOR_SECOND_FACTOR",
    "PROXY_SSL_HEADER",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SITE_URL",
    "TRUSTED_PROXIES",
    "WEBHOOK_ALLOW_PRIVATE",
)


def keep_bytecode() -> None:
    """Into pytest's cache where PYTHONDONTWRITEBYTECODE forbids it beside the sources.

    Otherwise every worker and every process that a test starts compiles the whole app again.
    """
    if sys.dont_write_bytecode:
        kept = str(Path(__file__).resolve().parents[1] / ".pytest_cache/d/bytecode")
        sys.dont_write_bytecode, sys.pycache_prefix = False, kept
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = kept


def start_engines() -> None:
    """Start both engines in a throw-away folder, and say in the environment where they are."""
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"crs-test-{os.getpid()}-"))
    folder.chmod(0o755)  # as root, postgres runs as `nobody`
    postgres = embedded.Postgres(folder, durable=False)
    migrated.bring(postgres)
    postgres.start()
    valkey = embedded.Valkey(folder, durable=False).start()
    os.environ |= migrated.addresses(postgres) | {
        "CRS_TEST_REDIS_URL": valkey.url(),
        "CRS_TEST_STATE_DIR": str(folder),
        "CRS_TEST_ENGINES": f"{postgres.version}; {valkey.version.split(' sha=')[0]}",
    }
    starter = os.getpid()

    @atexit.register
    def stop_engines() -> None:
        if os.getpid() != starter:  # a fork of ours is ending, not we
            return
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Folders of killed test runs; their engines ended with them."""
    for folder in Path(tempfile.gettempdir()).glob("crs-test-*"):
        pid = re.match(r"crs-test-(\d+)-", folder.name)
        if pid and not embedded.command_of(int(pid[1])):
            shutil.rmtree(folder, ignore_errors=True)


keep_bytecode()
if "CRS_TEST_DATABASE_URL" not in os.environ:
    start_engines()

for name in OF_THE_DEVELOPER:
    os.environ.pop(name, None)
worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ |= {
    "CRS_MODE": "demo",
    "DATABASE_URL": os.environ["CRS_TEST_DATABASE_URL"],
    "DATABASE_OWNER_URL": os.environ["CRS_TEST_OWNER_URL"],
    "REDIS_URL": os.environ["CRS_TEST_REDIS_URL"].removesuffix("0") + str(worker % 16),
    "CRS_STATE_DIR": os.environ["CRS_TEST_STATE_DIR"],
    "DB_POOL": "0",  # Django's TestCase keeps one connection in one transaction
    "LOG_LEVEL": "WARNING",
}

from crsmonitor.database.limits import COMMAND  # noqa: E402
from crsmonitor.settings import *  # noqa: E402, F403
from crsmonitor.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES  # noqa: E402

# The owner makes and migrates the test database; the tests use it as the role that runs.
DATABASES["owner"]["TEST"] = {"NAME": "test_crs", "DEPENDENCIES": []}
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
# Tests keep a transaction open between them, and few rows: a plan is made once and not for each value.
DATABASES["default"]["OPTIONS"]["options"] = f"{COMMAND.options} -c plan_cache_mode=force_generic_plan"
for _one in DATABASES.values():
    _one["OPTIONS"]["connect_timeout"] = 60  # twenty threads that connect at once on a busy machine: an answer of 503
DATABASES["default"]["CONN_MAX_AGE"] = 0  # threads of the browser tests' server leave no connection behind

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]  # a query in a loop fails the test that asked

ZEAL_ALLOWLIST = [{"model": "sessions.Session", "field": "get()"}]  # Django reads a session again to end it

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # nothing is collected for tests
