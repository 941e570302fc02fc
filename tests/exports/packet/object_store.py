"""An S3-compatible server as a process of its own, on loopback: moto, which is installed for tests."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crsmonitor.stores.address import StoreAddress, store_address
from crsmonitor.stores.s3 import _client

START_S = 60  # on a machine that does much else


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def address_at(port: int, bucket: str = "packets", how: str = "") -> StoreAddress:
    return store_address(f"s3+http://key:secret@127.0.0.1:{port}/{bucket}/crs{how}")


@contextmanager
def running() -> Iterator[int]:
    """The port it listens on. Skips where moto is not installed."""
    if not all(map(importlib.util.find_spec, ("moto", "flask", "flask_cors"))):
        pytest.skip("no S3-compatible server is installed (moto, requirements-dev.in)")
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parent,
        env=os.environ | {"MOTO_S3_CUSTOM_ENDPOINTS": f"http://127.0.0.1:{port}"},
    )  # fmt: skip
    try:
        until = time.monotonic() + START_S
        while not _listens(port):
            assert server.poll() is None, "the S3-compatible server ended"
            assert time.monotonic() < until, "the S3-compatible server does not listen"
            time.sleep(0.05)
        yield port
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def raw(address: StoreAddress) -> Any:
    """What an operator of the store may do, and the app never does."""
    return _client(address)
