"""uvicorn's HTTP protocol, with an end to waiting: whoever is silent, or takes nothing, is cut off.

Only the connection is at stake here; no thread waits for the network (bridge.py).
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_SECONDS = 15  # from the first byte of a request (or the connection) to the end of its headers
HEADERS_BYTES = 64 * 1024
KEEP_ALIVE_SECONDS = 20
# To take what has been written: about 50 kB, so the slowest reader that is waited for takes 1.6 kB a second.
TAKE_SECONDS = 30


class Protocol(HttpToolsProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._taking: asyncio.TimerHandle | None = None
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_came()
        self.resume_writing()
        super().connection_lost(exc)

    # --- Headers -------------------------------------------------------------------------------------------------

    def _await_headers(self) -> None:
        self._header_bytes = 0
        self._headers_due: asyncio.TimerHandle | None = self.loop.call_later(HEADERS_SECONDS, self.transport.abort)

    def _headers_came(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._headers_due is None:  # else the connection is new, and it waits already
            self._await_headers()

    def on_headers_complete(self) -> None:
        self._headers_came()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._headers_due is not None:
            self._header_bytes += len(data)
            if self._header_bytes > HEADERS_BYTES and not self.transport.is_closing():
                self.send_400_response("Headers too long.")

    # --- Answers -------------------------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._taking is None:
            self._taking = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():  # what is left in the buffer does not keep the connection for ever
            self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self.loop.call_later(TAKE_SECONDS, self.transport.abort)


def as_uvicorn_settings() -> dict[str, Any]:
    """What every server of ours is started with."""
    return {
        "http": Protocol, "lifespan": "off", "ws": "none", "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "access_log": False, "proxy_headers": False,  # whom to believe is crsmonitor/security/addresses.py's
    }  # fmt: skip
