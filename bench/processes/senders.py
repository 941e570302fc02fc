"""Tablets that save one set after the other, a process of its own: `python -m bench.processes.senders PORT < JSON`.

The JSON says the token's `key`, the `participants`, how many sets `each` sends, and when the first was `observed`.
Every participant has a connection of her own, and sends the next set when the one before is answered. Prints the
seconds that each answer took.
"""

import asyncio
import json
import sys
import time
import uuid
from datetime import datetime, timedelta


def body(observed_at: datetime, **changes: object) -> bytes:
    """A set of somebody who is well, changed where it is said."""
    signs = {
        "id": str(uuid.uuid4()), "observed_at": observed_at.isoformat(), "temperature_c": 36.8, "sbp": 121, "dbp": 70,
        "spo2": 97, "heart_rate": 80, "respiratory_rate": 16, "oxygen_device": "room_air", "hypotension": False,
        "fluid_bolus": False, "vasopressors": [],
    }  # fmt: skip
    return json.dumps(signs | changes).encode()


async def send(port: int, key: str, participant: int, bodies: list[bytes]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /api/v1/participants/{participant}/vital-signs/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Token {key}\r\nContent-Type: application/json\r\nContent-Length: "
    )
    taken = []
    for one in bodies:
        began = time.perf_counter()
        writer.write(f"{head}{len(one)}\r\n\r\n".encode() + one)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        content = await reader.readexactly(int(length.split(b":")[1]))
        taken.append(time.perf_counter() - began)
        if not answer.startswith(b"HTTP/1.1 201"):
            sys.exit(f"{answer.decode()}{content.decode()}")
    writer.close()
    return taken


async def main() -> None:
    said, port = json.load(sys.stdin), int(sys.argv[1])
    observed = datetime.fromisoformat(said["observed"])
    bodies = {
        one: [body(observed + timedelta(seconds=number)) for number in range(said["each"])]
        for one in said["participants"]
    }
    began = time.perf_counter()
    taken = await asyncio.gather(*(send(port, said["key"], one, mine) for one, mine in bodies.items()))
    json.dump({"seconds": time.perf_counter() - began, "taken": [one for mine in taken for one in mine]}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
