"""A Valkey server, which speaks the protocol of Redis."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from crsmonitor.embedded.binaries import give, others_can_reach, reachable_copy, valkey_bin
from crsmonitor.embedded.engine import Engine
from crsmonitor.embedded.processes import HOST, EmbeddedError, command_of, secret

# Last words of a server that finds garbage in the files of its last run.
CANNOT_READ = ("Bad file format reading the append only file", "FATAL AOF MANIFEST FILE ERROR")


class Valkey(Engine):
    """A Valkey server; speaks the protocol of Redis."""

    name = "valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        super().__init__(state, durable=durable)
        self.data = state / "valkey"
        self.run_file = state / "valkey.run"  # "pid port" of the last start
        self.program = self.reachable_program()

    def reachable_program(self) -> Path:
        """The program, or a copy where the user who runs it cannot reach it."""
        program = valkey_bin()
        if not self.user or others_can_reach(program.parent):
            return program
        return reachable_copy([program], below=program.parent, into=self.state) / program.name

    def url(self) -> str:
        """Address and password in one."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    @property
    def password(self) -> str:
        """Kept in the state folder."""
        return secret(self.state / "valkey.secret")

    def start(self) -> Self:
        """As every engine. What it kept and cannot read is set aside: hints only, which the outbox sends again."""
        self.word = ""
        try:
            return super().start()
        except EmbeddedError:
            if not any(words in self.log_tail() for words in CANNOT_READ):
                raise
        aside = self.state / f"valkey.unreadable-{int(time.time())}"
        self.data.rename(aside)
        self.word = f"valkey could not read what it had kept: set aside in {aside}, started empty (nothing is lost)"
        return super().start()

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        give(self.data, self.user)

    def launch(self, port: int) -> None:
        configuration = [
            f"bind {HOST}",
            f"port {port}",
            f'dir "{self.data}"',
            "daemonize no",
            f"requirepass {self.password}",
            "maxmemory-policy noeviction",
            'save ""',
            "appendonly yes" if self.durable else "appendonly no",
            "appendfsync everysec",
        ]
        # Through stdin: a password on a command line can be read by every user.
        self.process = self.popen([self.program, "-"], stdin=subprocess.PIPE, cwd=self.data)
        self.run_file.write_text(f"{self.process.pid} {port}")
        assert self.process.stdin is not None
        try:
            self.process.stdin.write("\n".join(configuration).encode() + b"\n")
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it ended already; the caller sees that and shows its log

    def answers(self, port: int) -> bool:
        try:
            with socket.create_connection((HOST, port), timeout=1) as talk, talk.makefile("rb") as replies:
                talk.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return replies.readline() == b"+OK\r\n" and replies.readline() == b"+PONG\r\n"
        except OSError:
            return False

    def orphan(self) -> int | None:
        try:
            pid, port = self.run_file.read_text().split()
        except (FileNotFoundError, ValueError):
            return None
        return int(pid) if f":{port}" in command_of(int(pid)) else None
