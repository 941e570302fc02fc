"""The web process: `python -m crsmonitor.web --host 0.0.0.0 --port 8000`."""

import argparse
import gc
import os
import resource
import socket
import sys

import uvicorn

from crsmonitor.operating.listening import listen_at
from crsmonitor.web.lanes import EXPORTS
from crsmonitor.web.processes import fork_into
from crsmonitor.web.protocol import as_uvicorn_settings
from crsmonitor.web.pulse import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="crsmonitor.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="a socket that listens already, instead of host and port")
    parser.add_argument("--log-level", default="info", help="of the server itself")
    parser.add_argument("--stop-seconds", type=int, default=10, help="for requests that are being answered")
    parser.add_argument("--stuck-seconds", type=int, default=60, help="until a process ends whose threads are all held")
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection that waits is a file and nothing else

    from django.conf import settings

    from crsmonitor.asgi import application, lanes  # all of the app, before the first request
    from crsmonitor.database.connections import say_connection_doubts
    from crsmonitor.database.limits import SITE
    from crsmonitor.database.pooling import refuse_shared_sessions
    from crsmonitor.logs.lines import say_start
    from crsmonitor.pages import live
    from crsmonitor.web.drawing import DrawingProcess

    refuse_shared_sessions(SITE)
    gc.collect()
    gc.freeze()  # it stays to the end: looked through again and again it would hold requests up
    listening = None if arguments.fd is None else socket.socket(fileno=arguments.fd)
    pulse = None
    if settings.WEB_PROCESSES > 1:
        listening = listening or listen_at(arguments.host, arguments.port)
        pulse = fork_into(settings.WEB_PROCESSES, listening, stop_seconds=arguments.stop_seconds)
    live.gallery.drawn_by = DrawingProcess()
    say_start("web")
    say_connection_doubts()

    sys.setswitchinterval(0.001)  # seconds: a long page gives way to a save that comes back from the database
    config = uvicorn.Config(
        application, host=arguments.host, port=arguments.port, log_config=None, log_level=arguments.log_level,
        timeout_graceful_shutdown=arguments.stop_seconds, **as_uvicorn_settings(),
    )  # fmt: skip
    may_not_wait = {name: threads for name, threads in lanes.items() if name != EXPORTS}  # downloads last for minutes
    server = Server(config, pulse=pulse, lanes=may_not_wait, stuck_seconds=arguments.stuck_seconds)
    server.run(None if listening is None else [listening])
    if server.is_stuck:
        os._exit(4)  # the interpreter would wait for its threads
    if not server.started:
        sys.exit(3)


if __name__ == "__main__":
    main()
