"""A proxy with TLS before several web servers, as production has one: whoever has gone is passed over."""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

BLOCK = 65536
HERE = "127.0.0.1"


def certificate(folder: Path) -> Path:
    """A certificate and its key for this address, signed by itself, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "proxy.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


class Proxy:
    """Begins with the server `first`; where nobody answers it takes the next one."""

    def __init__(self, ports: list[int], pem: Path) -> None:
        self.ports, self.first = ports, 0
        self.trusted = ssl.create_default_context(cafile=str(pem))
        self.own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.own.load_cert_chain(pem)
        self.loop, self.address = asyncio.new_event_loop(), ""
        self.clients: list[asyncio.StreamWriter] = []

    async def listen(self) -> None:
        self.server = await asyncio.start_server(self.pass_on, HERE, 0, ssl=self.own)
        self.address = f"https://{HERE}:{self.server.sockets[0].getsockname()[1]}"

    async def end(self) -> None:
        self.server.close()
        passing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)
        for client in self.clients:
            with contextlib.suppress(AttributeError):  # of 3.11.2, where it has gone already
                client.transport.abort()  # else it waits for a client that has gone to say so
        await asyncio.sleep(0.05)  # what was closed goes with the next turns of the loop

    async def pass_on(self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        self.clients.append(client_out)
        try:
            for n in range(len(self.ports)):
                with contextlib.suppress(OSError):
                    answers, asks = await asyncio.open_connection(HERE, self.ports[(self.first + n) % len(self.ports)])
                    await either(pump(client_in, asks), pump(answers, client_out))
                    asks.close()
                    return
        finally:
            client_out.close()


async def either(*both: Coroutine[None, None, None]) -> None:
    """Until one of them is over; the others are not gone on with."""
    tasks = [asyncio.ensure_future(one) for one in both]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Until either end has gone."""
    with contextlib.suppress(OSError, ssl.SSLError):
        while block := await source.read(BLOCK):
            sink.write(block)
            await sink.drain()


@contextmanager
def proxied(ports: list[int], folder: Path) -> Iterator[Proxy]:
    """A proxy before the servers on these ports, until the block ends."""
    proxy = Proxy(ports, certificate(folder))
    proxy.loop.run_until_complete(proxy.listen())
    thread = threading.Thread(target=proxy.loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(proxy.end(), proxy.loop).result(20)
        proxy.loop.call_soon_threadsafe(proxy.loop.stop)
        thread.join()
        proxy.loop.close()
