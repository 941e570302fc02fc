"""A packet is built in the background: the archive in a file of its own first, which is then kept (keeping.py)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

import psycopg
from django.db import connection

from crsmonitor.stores.s3 import StoreTrouble
from grading.exports.packet.contents import write_packet
from grading.exports.packet.cuts import next_packet
from grading.exports.packet.keeping import give_up_uploads, keep
from grading.exports.packet.known_at import known_at
from grading.exports.packet.places import new_store
from grading.exports.writers import connection_parameters
from grading.models import DataCut, Packet, PacketState

LEASE = timedelta(minutes=10)  # renewed at each step; a killed worker's packet is begun again after it
ASKED_AGAIN = timedelta(minutes=2)  # so long a packet waits before a store that did not take it is asked again
GOES_ON = timedelta(minutes=5)  # a slow store is sent to for so long at once: what else this worker does has its turn

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
_GO_ON = """
UPDATE grading_packet SET steps = %s, steps_in_all = %s, claimed_until = %s WHERE cut_id = %s AND state = 'running'
"""


class Stopped(Exception):
    """Somebody cancelled it, or another worker took it over."""


def build_into(cut: DataCut, out: BinaryIO, *, step: Callable[[int, int], None]) -> None:
    """The bytes of the cut's packet, as it was known then."""
    with known_at(cut.study, cut.cut, progress=lambda done, of: step(0, 0)), connection.cursor() as cursor:
        write_packet(cut, out, cursor.cursor, step=step)


def build_next(*, clock: Clock) -> Packet | None:
    """Take one that waits, build it and keep it. None: none waits.

    Where its store does not take it, which is asked before anything is built, it waits and says why.
    """
    packet = next_packet(at=clock(), lease=LEASE)
    if packet is None:
        return None
    try:
        if (place := new_store()) is not None:
            place[1].answers()
        _build(packet, clock)
    except Stopped:
        give_up_uploads()
    except StoreTrouble as trouble:
        _wait(packet, trouble.message.code, clock())
    except Exception as error:
        Packet.objects.filter(pk=packet.pk, state=PacketState.RUNNING.value).update(
            state=PacketState.FAILED.value, finished_at=clock(), problem=type(error).__name__[:60]
        )
        raise
    return packet


def _build(packet: Packet, clock: Clock) -> None:
    with BuildProgress(packet, clock) as steps, TemporaryFile() as file:
        build_into(packet.cut, file, step=steps.step)
        keep(packet, file, at=clock(), step=steps.sending)


def _wait(packet: Packet, code: str, at: datetime) -> None:
    logger.warning("packet %s: waits for its store (%s)", packet.pk, code)
    Packet.objects.filter(pk=packet.pk, state=PacketState.RUNNING.value).update(
        state=PacketState.QUEUED.value, problem=code, claimed_until=None, not_before=at + ASKED_AGAIN
    )


@dataclass
class BuildProgress:
    """How far it is, on a connection of its own: that of the build is in a transaction which is taken back."""

    packet: Packet
    clock: Clock
    done: int = 0
    of: int = 0
    since: datetime | None = None

    def __enter__(self) -> "BuildProgress":
        # Where the row is not committed, as in a test, nobody else can see it: nothing is told.
        self.connection = None if connection.in_atomic_block else psycopg.connect(
            **connection_parameters(read_only=False), autocommit=True
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        if self.connection is not None:
            self.connection.close()

    def sending(self) -> None:
        """Another part goes into a store. Raises StoreTrouble where that has taken long: the rest goes later."""
        at = self.clock()
        self.since = self.since or at
        if at > self.since + GOES_ON:
            raise StoreTrouble("store_slow")
        self.step(self.done, self.of)

    def step(self, done: int, of: int) -> None:
        """Raises Stopped where it is no longer ours to go on with."""
        self.done, self.of = done, of
        if self.connection is not None:
            result = self.connection.execute(_GO_ON, [done, of, self.clock() + LEASE, self.packet.pk])
            if result.rowcount == 0:
                raise Stopped
