"""Strict readers of environment variables. A wrong value stops the start and says what to write.

Of our own, because environs (15.2) takes True, 1, yes and on for true, keeps the blanks and empty parts of a list, and
reads a variable that is set and empty as a wrong one: tests/project/operating/test_env.py has a row for each.
"""

import os
import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from crsmonitor.security.proxies import Proxies
from crsmonitor.stores.address import StoreAddress, store_address


class BadSetting(Exception):
    """An environment variable is missing or unusable. The message names it and says what to do."""


def env_str(name: str, *, default: str | None = None) -> str:
    """The variable, or `default` where it is unset or empty. No default: it must be set."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise BadSetting(f"{name} is not set. Set it (see .env.example).")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    """Exactly 'true' or 'false': a typo must never switch something off."""
    value = env_str(name, default=str(default).lower())
    if value not in ("true", "false"):
        raise BadSetting(f"{name}={value!r}: say 'true' or 'false'.")
    return value == "true"


def env_int(name: str, *, default: int, at_least: int = 0) -> int:
    """A whole number that is not below `at_least`."""
    value = env_str(name, default=str(default))
    try:
        number = int(value)
    except ValueError:
        raise BadSetting(f"{name}={value!r}: say a whole number.") from None
    if number < at_least:
        raise BadSetting(f"{name}={number}: say {at_least} or more.")
    return number


def env_list(name: str) -> list[str]:
    """The parts of a comma-separated variable, without blanks. Unset: an empty list."""
    return [part.strip() for part in env_str(name, default="").split(",") if part.strip()]


def env_choice(name: str, *, among: tuple[str, ...], default: str) -> str:
    """One of the words in `among`."""
    value = env_str(name, default=default)
    if value not in among:
        raise BadSetting(f"{name}={value!r}: say one of {', '.join(among)}.")
    return value


def env_url(name: str, *, schemes: tuple[str, ...], default: str | None = None) -> str:
    """A URL with one of these schemes and a host. Never shown in an error: it may hold a password."""
    value = env_str(name, default=default)
    split_url(value, name=name, schemes=schemes)
    return value


def split_url(value: str, *, name: str, schemes: tuple[str, ...]) -> SplitResult:
    """`value` taken apart. Raises BadSetting, naming `name` and not the value."""
    try:
        parts = urlsplit(value)
        port_is_a_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_a_number = False
    if not port_is_a_number or parts.scheme not in schemes or not parts.hostname:
        raise BadSetting(
            f"{name} is not a URL of the form {schemes[0]}://user:password@host:port/name "
            "(write special characters of the password as %XX)."
        )
    return parts


def database(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's connection settings for a PostgreSQL URL. Query parameters go to libpq."""
    parts = split_url(url, name=name, schemes=("postgresql", "postgres"))
    if not parts.path.strip("/"):
        raise BadSetting(f"{name} names no database: end it with /crs.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or 5432),
        "OPTIONS": {"connect_timeout": 5} | dict(parse_qsl(parts.query)),
    }


def env_gateways(name: str) -> dict[str, tuple[str, ...]]:
    """Name -> addresses, from `name=address` with blanks between; a name may come several times.

    Addresses hold secrets: an error names the gateway only.
    """
    urls: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(env_str(name, default="").split(), start=1):
        gateway, equals, url = entry.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", gateway):
            raise BadSetting(f"{name}: entry {number} is not of the form name=address (blanks between entries).")
        if not re.match(r"[A-Za-z0-9+.-]+://", url):
            raise BadSetting(f"{name}: the address of {gateway} does not begin with a scheme, such as ntfys://.")
        urls[gateway] = (*urls.get(gateway, ()), url)
    return urls


def env_stores(name: str) -> dict[str, StoreAddress]:
    """Name -> store, from `name=address` with blanks between. Addresses hold secrets: an error names the store only."""
    stores: dict[str, StoreAddress] = {}
    for number, entry in enumerate(env_str(name, default="").split(), start=1):
        store, equals, url = entry.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", store):
            raise BadSetting(f"{name}: entry {number} is not of the form name=address (blanks between entries).")
        if store in stores:
            raise BadSetting(f"{name}: {store} is named twice. A packet remembers the name: give the new one another.")
        try:
            stores[store] = store_address(url)
        except ValueError as error:
            raise BadSetting(f"{name}: the address of {store} cannot be used: {error}.") from None
    return stores


def env_proxies(name: str) -> Proxies:
    """The proxies in front of the site: a number, or networks with commas between. Unset: none."""
    value = env_str(name, default="0")
    try:
        return Proxies.of(value)
    except ValueError:
        raise BadSetting(f"{name}={value!r}: say how many proxies, or their networks: 10.0.0.0/8, 192.0.2.7") from None


def mail(url: str, *, name: str = "EMAIL_URL") -> dict[str, Any]:
    """Django's EMAIL_* settings for smtp:// (plain), smtp+tls:// (STARTTLS) or smtps:// (TLS)."""
    parts = split_url(url, name=name, schemes=("smtp+tls", "smtps", "smtp"))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
