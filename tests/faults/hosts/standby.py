"""A standby that follows a PostgreSQL of a test: a copy of it, and then its log as it is written."""

import subprocess

from crsmonitor import embedded
from crsmonitor.embedded.binaries import give
from crsmonitor.embedded.processes import HOST, secret


class Standby(embedded.Postgres):
    """Made of `primary`, which runs. Its passwords are the primary's."""

    def __init__(self, primary: embedded.Postgres) -> None:
        state = primary.state / "standby"
        state.mkdir(exist_ok=True)
        super().__init__(state, durable=primary.durable)
        self.primary = primary
        for role in (embedded.SUPERUSER, embedded.OWNER, embedded.APP):
            (state / f"{role}.secret").touch(mode=0o600)
            (state / f"{role}.secret").write_text(secret(primary.state / f"{role}.secret"))

    def make_cluster(self) -> None:
        self.data.mkdir(mode=0o700)
        give(self.data, self.user)
        source = f"host={HOST} port={self.primary.port} user={embedded.SUPERUSER} sslmode=disable gssencmode=disable"
        password = {"PGPASSWORD": secret(self.primary.state / f"{embedded.SUPERUSER}.secret")}
        copy = [
            "--checkpoint=fast",
            "--write-recovery-conf",
            "--no-sync",
            f"--pgdata={self.data}",
            f"--dbname={source}",
        ]
        subprocess.run(
            [self.bin / "pg_basebackup", *copy], check=True, capture_output=True, cwd="/", env=password, **self.user
        )

    def provision(self) -> None:
        """It has what the primary has."""
