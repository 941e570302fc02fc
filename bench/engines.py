"""A durable PostgreSQL and a Valkey of a benchmark's own, migrated, with Django set up on them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Engines:
    postgres: object
    valkey: object
    environment: dict[str, str]  # for processes that a benchmark starts


@contextmanager
def engines(*, durable: bool = True, **more: str) -> Iterator[Engines]:
    """Start both, migrate, set Django up; stop and remove everything at the end."""
    from crsmonitor import embedded

    with tempfile.TemporaryDirectory(prefix="crs-bench-") as folder:
        Path(folder).chmod(0o755)  # as root, postgres runs as `nobody`
        postgres = embedded.Postgres(Path(folder), durable=durable).start()
        valkey = embedded.Valkey(Path(folder), durable=durable).start()
        try:
            settings = {
                "CRS_MODE": "demo", "DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "LOG_LEVEL": "WARNING",
                "DATABASE_URL": postgres.url(embedded.APP), "DATABASE_OWNER_URL": postgres.url(embedded.OWNER),
                "REDIS_URL": valkey.url(), "CRS_STATE_DIR": folder,
            } | more  # fmt: skip
            os.environ |= settings
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            yield Engines(postgres, valkey, os.environ | settings)
        finally:
            valkey.stop()
            postgres.stop()
