"""Is this container alive? `web`: its own /healthz. `loop` (worker, beat): has the sweep run, by the database?"""

import http.client
import os
import sys

SWEPT = "SELECT clock_timestamp() - at < interval '90 s' FROM grading_heartbeat WHERE name = 'sweep'"


def web() -> bool:
    """Asks with a Host that ALLOWED_HOSTS holds, as any other would be refused."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=3)
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == 200


def loop() -> bool:
    import psycopg  # not for web, which is asked every 10 s

    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute(SWEPT).fetchone()
    return row is not None and row[0]


if __name__ == "__main__":
    sys.exit(not (loop() if sys.argv[1:] == ["loop"] else web()))
