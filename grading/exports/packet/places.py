"""Where the bytes of packets lie: in the database, or in a store that the settings name."""

from datetime import datetime
from functools import lru_cache

from django.conf import settings

from crsmonitor.stores.s3 import Store, StoreTrouble
from grading.models import Packet

PART = 4 << 20  # bytes of a packet in one row
STORE_PART = 8 << 20  # of one in a store, where 5 MiB is the least and 10,000 parts the most; packets lie there cut so
ASKED_AGAIN_S = 20  # whether a store answers is known for so long


def store_named(name: str) -> Store:
    """Raises StoreTrouble for one that the settings no longer name, though a packet may lie in it."""
    address = settings.PACKET_STORES.get(name)
    if address is None:
        raise StoreTrouble("store_unknown")
    return Store(address)


def new_store() -> tuple[str, Store] | None:
    """Where a packet that is made now goes. None: into the database."""
    name = settings.PACKET_STORE
    return (name, store_named(name)) if name else None


def trouble_of(name: str, *, at: datetime) -> str:
    """The code of what is wrong with a store; empty: it answers. Asked of it every few seconds at most."""
    return _trouble_of(name, int(at.timestamp() // ASKED_AGAIN_S))


def stores_in_use() -> list[str]:
    """By name: those that the settings name, and those in which packets lie."""
    return sorted({*settings.PACKET_STORES, *Packet.objects.exclude(store="").values_list("store", flat=True)})


@lru_cache(maxsize=32)
def _trouble_of(name: str, _tick: int) -> str:
    try:
        store_named(name).answers()
    except StoreTrouble as trouble:
        return trouble.message.code
    return ""
