"""The settings are read in a process of their own: what they refuse depends on its environment only."""

import base64
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import global_settings

from tests.project.shape.sources import SOURCES

ROOT = Path(__file__).resolve().parents[3]
KEY = "pV3kQ9xWfL2mZ7tRb5nHy8cJd4gAs6uE1oXi0wKrTvBqMzNhPlYe"
SAFE = {
    "SECRET_KEY": KEY,
    "CRS_SEALING_KEYS": base64.urlsafe_b64encode(b"only for a test of the settings!").decode(),
    "ALLOWED_HOSTS": "crs.example.org",
    "DATABASE_URL": "postgresql://crs_app:secret@db.example/crs",
    "REDIS_URL": "redis://:secret@broker.example/0",
}


# A parent that has imported what the settings import from others; each of its children reads them, and says what came.
PARENT = """
import json, os, sys, traceback
from crsmonitor import settings
for name in [name for name in sys.modules if name.partition(".")[0] == "crsmonitor"]:
    del sys.modules[name]
for line in sys.stdin:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        continue
    names, env = json.loads(line)
    os.environ.clear()
    os.environ.update(env)
    try:
        from crsmonitor import settings
        answer = {"settings": {name: getattr(settings, name) for name in names}}
    except BaseException:
        answer = {"refusal": traceback.format_exc()}
    print(json.dumps(answer, default=str), flush=True)
    os._exit(0)
"""


@cache
def parent() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", PARENT], env={"CRS_MODE": "demo"}, cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _end_of_parent():
    yield
    if parent.cache_info().currsize:
        parent().communicate()
        parent.cache_clear()


def read(*names: str, **env: str) -> dict:
    """The settings `names` under this environment and no other. Raises AssertionError with what was printed."""
    parent().stdin.write(json.dumps([names, env]) + "\n")
    parent().stdin.flush()
    answer = json.loads(parent().stdout.readline())
    assert "refusal" not in answer, answer["refusal"]
    return answer["settings"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set: it signs the sessions"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is a demo key or shorter than 50 characters"),
        (
            {"SECRET_KEY": "demo-key-that-is-public-and-therefore-refused-in-production"},
            "SECRET_KEY is a demo key",
        ),
        ({"SECRET_KEY": "x9" * 30}, "SECRET_KEY has few different characters"),
        ({"SECRET_KEY": "a1b2c3d4e5f6" * 5}, "SECRET_KEY has few different characters, or repeats itself"),
        ({"CRS_SEALING_KEYS": ""}, "CRS_SEALING_KEYS is not set"),
        ({"CRS_SEALING_KEYS": "short"}, "CRS_SEALING_KEYS holds something that is no key"),
        ({"CRS_VAPID_KEY": "short"}, "CRS_VAPID_KEY is no key"),
        ({"DEBUG": "true"}, "DEBUG=true shows source and settings to anybody"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* lets a forged Host header into links"),
        ({"ALLOWED_HOSTS": "crs.example.org,*"}, "ALLOWED_HOSTS=*"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"CRS_MODE": "prodcution"}, "CRS_MODE='prodcution': say one of production, demo"),
        ({"DATABASE_URL": "sqlite:///db"}, "DATABASE_URL is not a URL of the form postgresql://"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL is not a URL of the form redis://"),
        ({"DB_POOL": "many"}, "DB_POOL='many': say a whole number"),
    ],
)
def test_production_refuses_to_start_and_says_why(change, why):
    with pytest.raises(AssertionError) as refused:
        read("DEBUG", **SAFE | change)

    assert why in str(refused.value)


def test_a_forgotten_mode_is_production():
    settings = read("PRODUCTION", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", **SAFE)

    assert settings == {
        "PRODUCTION": True,
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
    }


def test_a_refusal_is_one_line_at_the_command_line():
    done = subprocess.run([sys.executable, "manage.py", "check"], env={}, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.startswith("crsmonitor: refusing to start in production. SECRET_KEY is not set")
    assert "Traceback" not in done.stderr


def test_the_demo_needs_no_variable_but_its_mode():
    assert read("PRODUCTION", "DEBUG", CRS_MODE="demo") == {"PRODUCTION": False, "DEBUG": False}


def test_earlier_keys_still_open_a_session():
    assert read("SECRET_KEY_FALLBACKS", **SAFE, SECRET_KEY_FALLBACKS="old,older") == {
        "SECRET_KEY_FALLBACKS": ["old", "older"]
    }


def test_the_role_that_migrates_is_not_the_role_that_runs():
    owner = "postgresql://crs_owner:other@db.example/crs"

    databases = read("DATABASES", **SAFE, DATABASE_OWNER_URL=owner)["DATABASES"]

    assert (databases["default"]["USER"], databases["owner"]["USER"]) == ("crs_app", "crs_owner")


def test_the_web_process_takes_connections_from_a_pool():
    def most(**more: str) -> int:
        return read("DATABASES", **SAFE, **more)["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"]

    assert [most(), most(CRS_WEB_PROCESSES="3"), most(CRS_WEB_PROCESSES="3", DB_POOL="30")] == [21, 18, 30]


def test_one_stuck_transaction_does_not_stop_the_site_and_a_migration_may_take_its_time():
    databases = read("DATABASES", **SAFE)["DATABASES"]

    for limit in ("lock_timeout=3s", "statement_timeout=15s", "idle_in_transaction_session_timeout=30s"):
        assert f"-c {limit}" in databases["default"]["OPTIONS"]["options"]
    assert "statement_timeout=0s" in databases["owner"]["OPTIONS"]["options"]


def test_a_replica_is_asked_only_where_it_is_named_and_is_never_written_to():
    url = "postgresql://crs_app:x@standby:5432/crs"
    named = read("DATABASES", **SAFE, DATABASE_REPLICA_URL=url)["DATABASES"]

    assert "replica" not in read("DATABASES", **SAFE)["DATABASES"]
    assert named["replica"]["HOST"] == "standby"
    assert "-c default_transaction_read_only=on" in named["replica"]["OPTIONS"]["options"]
    assert "pool" not in named["replica"]["OPTIONS"]


def test_without_a_pool_a_connection_is_kept():
    default = read("DATABASES", **SAFE, DB_POOL="0")["DATABASES"]["default"]

    assert "pool" not in default["OPTIONS"]
    assert default["CONN_MAX_AGE"] == 60


def test_a_proxy_is_trusted_only_where_it_is_named():
    settings = read("SECURE_PROXY_SSL_HEADER", **SAFE, PROXY_SSL_HEADER="X-Forwarded-Proto")

    assert settings == {"SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]}


def test_no_page_may_run_inline_code_or_be_framed():
    policy = read("CONTENT_SECURITY_POLICY", **SAFE)["CONTENT_SECURITY_POLICY"]

    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]


COOKIES = ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE")


@pytest.mark.req("R29")
@pytest.mark.parametrize("cookie", COOKIES)
def test_a_cookie_is_of_this_host_alone_under_tls_and_for_no_script(cookie):
    name, *flags = (f"{cookie}_{what}" for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE"))
    settings = read(name, *flags, **SAFE)

    assert settings[name].startswith("__Host-")  # a browser takes it only with Secure, path / and no domain
    assert (getattr(global_settings, f"{cookie}_PATH"), getattr(global_settings, f"{cookie}_DOMAIN")) == ("/", None)
    assert [settings[flag] for flag in flags] == [True, True, "Lax"]
    assert not read(name, CRS_MODE="demo")[name].startswith("__")  # http://localhost


@pytest.mark.long
def test_no_cookie_is_written_under_another_name():
    """Those of ours that are no setting of Django's begin alike; messages of a page are in the session."""
    shown = (
        "from crsmonitor.accounts.sign_in import known_devices; from crsmonitor.accounts.views import preferences;"
        " from crsmonitor.devices import cookie; from grading.alerting.views import browsers"
    )
    names = "known_devices.COOKIE, preferences.THEME, cookie.COOKIE, browsers.COOKIE"
    code = f"import django; django.setup(); {shown}; print({names})"
    env = SAFE | {"DJANGO_SETTINGS_MODULE": "crsmonitor.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True)
    written = [path for path in sorted(SOURCES) if re.search(r"\.set_(signed_)?cookie\(", path.read_text())]

    assert done.stdout.split() == ["__Host-known_device", "__Host-theme", "__Host-tablet", "__Host-browser"], (
        done.stderr
    )
    # that of the language is Django's, by its setting
    own = ["known_devices.py", "preferences.py", "cookie.py", "browsers.py"]
    assert [path.name for path in written] == ["languages.py", *own]
    assert read("MESSAGE_STORAGE", **SAFE)["MESSAGE_STORAGE"].endswith("session.SessionStorage")
