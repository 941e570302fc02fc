"""A packet that was built is kept: in the database, all at once, or part by part in a store.

In a store it is named by its cut and its hash, so that no other bytes can ever come under the same name. It is not
there before all of its parts are: what was interrupted is invisible, and gone on with by whoever builds the same
bytes again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO

from django.db import transaction

from crsmonitor.stores.s3 import ObjectThere, Store, StoreTrouble, UploadGone
from grading.exports.packet.places import PART, STORE_PART, new_store, store_named
from grading.models import Packet, PacketPart, PacketState

OVER = (PacketState.CANCELLED.value, PacketState.FAILED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256 of all of it and of each of its parts, in hexadecimal; `size` in bytes."""

    whole: str
    parts: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is to be sent. `step` raises what ends it; `at`: now, from which the store's lock counts."""

    file: BinaryIO
    digests: Digests
    at: datetime
    step: Callable[[], None]


@dataclass(slots=True, kw_only=True)
class Upload:
    """One under way, as the row of its packet keeps it. `etags`: what the store called the parts that it has.
    `unchecked`: of one or another it did not say that it held it against its SHA-256."""

    store: str
    key: str
    id: str
    etags: list[str] = field(default_factory=list)
    unchecked: bool = False


def keep(packet: Packet, file: BinaryIO, *, at: datetime, step: Callable[[], None] = lambda: None) -> None:
    """The bytes and their hash, unless it was cancelled meanwhile: all or none. `step` raises what ends it.

    Raises StoreTrouble where they go into a store that does not take them now: what it has of them is not lost.
    """
    place = new_store()
    if place is None:
        digests = digests_of(file, PART)
        _enter(packet, digests, _parts_of(file, PART), at=at, store="", key="")
        return
    name, store = place
    digests = digests_of(file, STORE_PART)
    key = f"{packet.pk}/{digests.whole}.zip"
    source = Source(file=file, digests=digests, at=at, step=step)
    _put(packet, Upload(store=name, key=key, id=""), source, store)
    _enter(packet, digests, (None for _ in digests.parts), at=at, store=name, key=key)


def give_up_uploads() -> None:
    """What stores have of packets that nobody goes on with is let go. One that is away: later, and no other waits."""
    for packet in Packet.objects.filter(state__in=OVER, upload__isnull=False):
        with suppress(StoreTrouble):
            give_up(packet)


def give_up(packet: Packet) -> None:
    if packet.upload is not None:
        store_named(packet.upload["store"]).give_up(packet.upload["key"], packet.upload["id"])
        _note(packet, None)


def digests_of(file: BinaryIO, size: int) -> Digests:
    whole, parts = sha256(), []
    for data in _parts_of(file, size):
        whole.update(data)
        parts.append(sha256(data).hexdigest())
    return Digests(whole=whole.hexdigest(), parts=tuple(parts), size=file.tell())


def _parts_of(file: BinaryIO, size: int) -> Iterator[bytes]:
    file.seek(0)
    while data := file.read(size):
        yield data


def _put(packet: Packet, new: Upload, source: Source, store: Store, *, again: bool = True) -> None:
    """It lies in the store, whole. What lies there already under its name is read back and compared, and so is what the
    store did not check itself."""
    try:
        upload = _begun(packet, new, store, at=source.at)
        _send(packet, upload, source, store)
        store.join(upload.key, upload.id, list(zip(upload.etags, source.digests.parts, strict=True)))
        if upload.unchecked:
            _compare(store, upload.key, source.digests)
    except UploadGone:  # joined by a worker that died before it could say so, or swept away by the store
        _note(packet, None)
        if store.size_of(new.key) is not None:
            _compare(store, new.key, source.digests)
        elif again:
            _put(packet, new, source, store, again=False)
        else:
            raise StoreTrouble("store_refuses") from None
    except ObjectThere:
        _compare(store, new.key, source.digests)
        give_up(packet)


def _send(packet: Packet, upload: Upload, source: Source, store: Store) -> None:
    """The parts that the store does not have yet, each noted as it arrives."""
    for number, data in enumerate(_parts_of(source.file, STORE_PART)):
        source.step()
        if number < len(upload.etags):
            continue
        sent = store.send(upload.key, upload.id, number + 1, data)
        upload.etags.append(sent.etag)
        upload.unchecked |= not sent.checked
        _note(packet, asdict(upload))
    source.step()


def _begun(packet: Packet, new: Upload, store: Store, *, at: datetime) -> Upload:
    """The one that was begun with the same bytes; another is given up."""
    packet.refresh_from_db(fields=["upload"])
    if packet.upload is not None:
        old = Upload(**packet.upload)
        if (old.store, old.key) == (new.store, new.key):
            return old
        give_up(packet)
    begun = replace(new, id=store.begin(new.key, at=at), etags=[])
    _note(packet, asdict(begun))
    return begun


def _note(packet: Packet, upload: dict[str, Any] | None) -> None:
    packet.upload = upload
    Packet.objects.filter(pk=packet.pk).update(upload=upload)


def _compare(store: Store, key: str, digests: Digests) -> None:
    """Raises StoreTrouble where what lies there is something else."""
    for number, digest in enumerate(digests.parts):
        first = number * STORE_PART
        data = store.read(key, first, min(first + STORE_PART, digests.size) - 1)
        if sha256(data).hexdigest() != digest:
            raise StoreTrouble("store_damaged")
    if store.size_of(key) != digests.size:
        raise StoreTrouble("store_damaged")


def _enter(
    packet: Packet, digests: Digests, parts: Iterator[bytes | None], *, at: datetime, store: str, key: str
) -> None:
    """Its rows, unless somebody cancelled it, or kept it before us."""
    with transaction.atomic():
        held = Packet.objects.select_for_update().get(pk=packet.pk)
        if held.state != PacketState.RUNNING.value:
            return
        for number, data in enumerate(parts):
            digest = "" if data is not None else digests.parts[number]
            PacketPart.objects.create(packet=held, number=number, data=data, sha256=digest)
        held.state, held.finished_at, held.claimed_until = PacketState.DONE.value, at, None
        held.size, held.sha256, held.problem = digests.size, digests.whole, ""
        held.store, held.key, held.upload = store, key, None
        held.save()
