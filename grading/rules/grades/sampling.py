"""Which episodes central review reads at random: by a seed, so that anybody can draw the same sample again."""

import hashlib

_PLACES = 2**64


def is_drawn(key: str, *, seed: str, percent: int) -> bool:
    """Whether what `key` names is among so many of a hundred.

    By the first 64 bits of SHA-256 of "seed/key": of another key nothing follows, and a higher percentage draws all
    that a lower one does. Where the key is random, as the root of a fact is, nobody can tell before who is drawn.
    """
    place = int.from_bytes(hashlib.sha256(f"{seed}/{key}".encode()).digest()[:8])
    return place * 100 < percent * _PLACES
