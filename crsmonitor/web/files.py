"""Static files, from the event loop: a slow reader costs an open file and no thread."""

from whitenoise.middleware import WhiteNoiseMiddleware

from crsmonitor.web import headers
from crsmonitor.web.messages import Client, Scope

CHUNK = 64 * 1024  # bytes read at a time, from the system's cache as a rule


class Files:
    """Those that WhiteNoise knows, with its rules for caching, compression and ranges."""

    def __init__(self) -> None:
        self._noise = WhiteNoiseMiddleware(lambda request: None)
        self._more = headers.of_every_answer()

    def find(self, path: str):
        """The file, as WhiteNoise describes it. None: there is none."""
        if not path.startswith(self._noise.static_prefix):
            return None
        return self._noise.find_file(path) if self._noise.autorefresh else self._noise.files.get(path)

    async def answer(self, file, scope: Scope, client: Client) -> None:
        wanted = {
            f"HTTP_{k.decode('latin1').upper().replace('-', '_')}": v.decode("latin1") for k, v in scope["headers"]
        }
        reply = file.get_response(scope["method"], wanted)
        own = [(name.lower().encode("latin1"), str(value).encode("latin1")) for name, value in reply.headers]
        try:
            await client.give({"type": "http.response.start", "status": int(reply.status), "headers": own + self._more})
            while reply.file is not None and (chunk := reply.file.read(CHUNK)):
                await client.give({"type": "http.response.body", "body": chunk, "more_body": True})
            await client.give({"type": "http.response.body", "body": b""})
        finally:
            if reply.file is not None:
                reply.file.close()
