"""Guessing passwords gets slow: after a few failures each further try waits twice as long."""

import hashlib

from django.core.cache import cache

FREE_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 5, 300
FORGOTTEN_AFTER_S = 3600


def _key(what: str, name: str, address: str) -> str:
    # Hashed: a sign-in name may hold what a cache key may not, or be a password typed into the wrong field.
    return f"guess:{what}:" + hashlib.sha256(f"{name.casefold()}|{address}".encode()).hexdigest()


def must_wait(name: str, address: str) -> bool:
    """Whether this name from this address has to wait before its next try."""
    return cache.get(_key("wait", name, address)) is not None


def failed(name: str, address: str) -> None:
    """Note a failure, and from FREE_TRIES on make the next try wait."""
    key = _key("count", name, address)
    cache.add(key, 0, FORGOTTEN_AFTER_S)
    beyond = cache.incr(key) - FREE_TRIES
    if beyond >= 0:
        cache.set(_key("wait", name, address), True, min(FIRST_WAIT_S * 2**beyond, LONGEST_WAIT_S))


def succeeded(name: str, address: str) -> None:
    cache.delete_many([_key("count", name, address), _key("wait", name, address)])
