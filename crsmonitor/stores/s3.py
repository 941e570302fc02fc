"""What is asked of an S3-compatible store. Nothing is ever overwritten or deleted: no call here could.

A file is sent in parts, each with its SHA-256 for the store to check, and is not there before the last call joins them;
that call is refused where something lies under its name already (If-None-Match, RFC 9110, 13.1.2).
botocore is imported where it is used: a site without a store never loads it.
"""

import base64
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from crsmonitor.errors import DomainError
from crsmonitor.stores.address import StoreAddress

CONNECT_SECONDS, READ_SECONDS = 3, 20
PROBE_SECONDS = 2  # a store that takes longer to say that it is there is not
TRIES = 2


class StoreTrouble(DomainError):
    """A store does not do what is asked of it now. The code says how: away, refusing, or not having what it had."""

    status = 503
    code = "store"


class UploadGone(Exception):
    """The store knows no such upload: it was joined, given up, or swept away."""


class ObjectThere(Exception):
    """Something lies under this name already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPart:
    """What the store calls a part, and whether it says that it has the bytes of the hash: some stores ignore one."""

    etag: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Store:
    """One bucket. Every call raises StoreTrouble: `store_away` passes by itself, `store_refuses` needs an operator."""

    address: StoreAddress

    def answers(self) -> None:
        """It is there, has the bucket, and knows us; within seconds."""
        try:
            with _troubles():
                _client(self.address, probing=True).head_bucket(Bucket=self.address.bucket)
        except StoreTrouble as trouble:
            if trouble.message.code == "store_missing":  # the bucket
                raise StoreTrouble("store_refuses") from trouble
            raise

    def begin(self, key: str, *, at: datetime) -> str:
        """The id of an upload that may be gone on with later."""
        lock: dict[str, Any] = {}
        if self.address.lock:
            until = at + timedelta(days=self.address.lock_days)
            lock = {"ObjectLockMode": self.address.lock.upper(), "ObjectLockRetainUntilDate": until}
        with _troubles():
            begun = self._call("create_multipart_upload", key, ChecksumAlgorithm="SHA256", **lock)
        return str(begun["UploadId"])

    def send(self, key: str, upload: str, number: int, data: bytes) -> SentPart:
        """One part, from 1. Raises UploadGone."""
        digest = checksum(hashlib.sha256(data).hexdigest())
        with _troubles():
            sent = self._call("upload_part", key, UploadId=upload, PartNumber=number, Body=data, ChecksumSHA256=digest)
        return SentPart(etag=str(sent["ETag"]), checked=sent.get("ChecksumSHA256") == digest)

    def join(self, key: str, upload: str, parts: Sequence[tuple[str, str]]) -> None:
        """Now it is there, whole. `parts`: what the store called each, and its SHA-256. UploadGone, ObjectThere."""
        joined = [
            {"PartNumber": number, "ETag": etag, "ChecksumSHA256": checksum(digest)}
            for number, (etag, digest) in enumerate(parts, 1)
        ]
        if self.size_of(key) is not None:  # some stores do not know the condition below
            raise ObjectThere(key)
        with _troubles():
            self._call(
                "complete_multipart_upload", key, UploadId=upload, MultipartUpload={"Parts": joined}, IfNoneMatch="*"
            )

    def give_up(self, key: str, upload: str) -> None:
        """Nothing of the upload is left. One that is gone already is well."""
        try:
            with _troubles():
                self._call("abort_multipart_upload", key, UploadId=upload)
        except UploadGone:
            return

    def size_of(self, key: str) -> int | None:
        """In bytes. None: nothing lies there."""
        try:
            with _troubles():
                return int(self._call("head_object", key)["ContentLength"])
        except StoreTrouble as trouble:
            if trouble.message.code == "store_missing":
                return None
            raise

    def read(self, key: str, first: int, last: int) -> bytes:
        """Bytes `first` to `last`, both in."""
        with _troubles():
            data: bytes = self._call("get_object", key, Range=f"bytes={first}-{last}")["Body"].read()
        return data

    def _call(self, name: str, key: str, **more: Any) -> Any:
        where = {"Bucket": self.address.bucket, "Key": self.address.prefix + key}
        return getattr(_client(self.address), name)(**where, **more)


def checksum(sha256: str) -> str:
    """As S3 writes one: the bytes in base64."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


@lru_cache(maxsize=16)
def _client(address: StoreAddress, *, probing: bool = False) -> Any:
    """Clients may be shared by threads. Neither files nor variables of this machine say who we are or where it is."""
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session(session_vars={"config_file": (None, None, os.devnull, None)})
    return session.create_client(
        "s3", region_name=address.region, endpoint_url=address.endpoint, aws_access_key_id=address.key,
        aws_secret_access_key=address.secret,
        config=Config(
            connect_timeout=PROBE_SECONDS if probing else CONNECT_SECONDS,
            read_timeout=PROBE_SECONDS if probing else READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 1 if probing else TRIES},
            signature_version="s3v4", s3={"addressing_style": "path"}, proxies={},
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        ),
    )  # fmt: skip


@contextmanager
def _troubles() -> Iterator[None]:
    """Errors of botocore as ours. What they say may quote an address: it goes nowhere."""
    from botocore import exceptions
    from urllib3.exceptions import HTTPError

    try:
        yield
    except exceptions.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise _named(code, status) from error
    except (
        exceptions.HTTPClientError, exceptions.ConnectionError, exceptions.IncompleteReadError, HTTPError, OSError,
    ) as error:  # fmt: skip
        raise StoreTrouble("store_away") from error
    except exceptions.BotoCoreError as error:
        raise StoreTrouble("store_refuses") from error


def _named(code: str, status: int) -> Exception:
    if code == "NoSuchUpload":
        return UploadGone()
    if code == "PreconditionFailed":
        return ObjectThere()
    if code == "NoSuchKey" or (status == 404 and code != "NoSuchBucket"):
        return StoreTrouble("store_missing")
    if status >= 500 or status in (408, 429):
        return StoreTrouble("store_away")
    return StoreTrouble("store_refuses")
