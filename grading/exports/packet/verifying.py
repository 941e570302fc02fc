"""Whether a packet is whole: every file as its manifest tells of it. The standard library alone, no database."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from grading.exports.packet.layout import MANIFEST

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Fault:
    """`file` is the packet's own where it is of no file in it. `what`: a code."""

    file: str
    what: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}{f' ({self.detail})' if self.detail else ''}"


def faults_in(packet: BinaryIO) -> Iterator[Fault]:
    """Every file whose bytes are not those that were hashed, that is missing, or that nobody knows of."""
    try:
        with ZipFile(packet) as archive:
            yield from _faults(archive)
    except (BadZipFile, ValueError, KeyError, TypeError) as error:
        yield Fault("packet", "cannot_be_read", str(error))


def manifest_in(archive: ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    return manifest


def _faults(archive: ZipFile) -> Iterator[Fault]:
    names = archive.namelist()
    if MANIFEST not in names:
        yield Fault(MANIFEST, "missing")
        return
    entries = {entry["name"]: entry for entry in manifest_in(archive)["files"]}
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(name, "twice")
    for name in names:
        if name != MANIFEST and name not in entries:
            yield Fault(name, "not_in_the_manifest")
    for name, entry in entries.items():
        if name not in names:
            yield Fault(name, "missing")
            continue
        yield from _of_file(archive, name, entry)


def _of_file(archive: ZipFile, name: str, entry: dict[str, Any]) -> Iterator[Fault]:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    except BadZipFile:  # its checksum does not fit its bytes
        yield Fault(name, "bytes_changed", "checksum of the archive")
        return
    if size != entry["bytes"]:
        yield Fault(name, "other_size", f"{size} for {entry['bytes']}")
    elif digest.hexdigest() != entry["sha256"]:
        yield Fault(name, "bytes_changed", f"{digest.hexdigest()} for {entry['sha256']}")


def first_difference(one: BinaryIO, other: BinaryIO) -> int | None:
    """The offset of the first byte that differs; the shorter one's end where it is the beginning of the other.

    None: they are the same.
    """
    offset = 0
    while True:
        left, right = one.read(BLOCK), other.read(BLOCK)
        if left != right:
            same = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
            return offset + (min(len(left), len(right)) if same is None else same)
        if not left:
            return None
        offset += len(left)


def file_at(archive: ZipFile, offset: int) -> str:
    """The file of the archive in whose stretch this byte lies; the directory at its end is none of them."""
    if offset >= archive.start_dir:
        return "the directory of the archive"
    stretches = sorted(archive.infolist(), key=lambda info: info.header_offset)
    before = [info.filename for info in stretches if info.header_offset <= offset]
    return before[-1] if before else "the packet"
