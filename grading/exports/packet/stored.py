"""The bytes of a packet that was kept, whole or a range of them."""

import hashlib
import io
import logging
import os
from collections.abc import Iterator
from typing import BinaryIO

from crsmonitor.stores.s3 import StoreTrouble
from grading.exports.packet.places import PART, STORE_PART, store_named
from grading.models import Packet, PacketPart

logger = logging.getLogger(__name__)


def part_size(packet: Packet) -> int:
    """Bytes of each part but the last."""
    return STORE_PART if packet.store else PART


def bytes_of(packet: Packet, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last`, both in, part by part: one part is in memory at a time. StoreTrouble of `part_of`."""
    size = part_size(packet)
    for number in range(first // size, last // size + 1):
        data = part_of(packet, number)
        yield data[max(first - number * size, 0) : last + 1 - number * size]


def part_of(packet: Packet, number: int) -> bytes:
    """Raises StoreTrouble where its store does not answer, or has other bytes than were given to it."""
    part = PacketPart.objects.get(packet=packet, number=number)
    if part.data is not None:
        return bytes(part.data)
    first = number * STORE_PART
    data = store_named(packet.store).read(packet.key, first, min(first + STORE_PART, packet.size or 0) - 1)
    if hashlib.sha256(data).hexdigest() != part.sha256:
        logger.error("packet %s: part %d in its store is not what was kept", packet.pk, number)
        raise StoreTrouble("store_damaged")
    return data


def read_into(packet: Packet, out: BinaryIO) -> None:
    """All of a packet that is done."""
    for data in bytes_of(packet, 0, (packet.size or 0) - 1):
        out.write(data)


class PacketFile(io.RawIOBase):
    """A packet that is done, as a file that is read where it is sought: no more than one part is in memory."""

    def __init__(self, packet: Packet) -> None:
        self.packet, self.size, self.position = packet, packet.size or 0, 0
        self.number, self.data = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence]
        self.position = max(start + offset, 0)
        return self.position

    def tell(self) -> int:
        return self.position

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer at its end. Negative: all that follow."""
        end = self.size if size < 0 else min(self.position + size, self.size)
        pieces = []
        while self.position < end:
            number, start = divmod(self.position, part_size(self.packet))
            if number != self.number:
                self.number, self.data = number, part_of(self.packet, number)
            piece = self.data[start : start + end - self.position]
            pieces.append(piece)
            self.position += len(piece)
        return b"".join(pieces)
