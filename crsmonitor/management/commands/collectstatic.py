"""Django's `collectstatic`, which is done at once where nothing has changed since it last ended."""

import importlib.metadata
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands import collectstatic
from django.contrib.staticfiles.storage import staticfiles_storage

from crsmonitor.pages import static_files

COLLECTED = ".collected"  # in the folder that is collected into: the digest of what
PARTIAL = ("clear", "dry_run", "link", "ignore_patterns")


class Command(collectstatic.Command):
    def handle(self, **options: Any) -> str | None:
        digest, note = digest_of_sources(), Path(staticfiles_storage.location) / COLLECTED
        usual = options["post_process"] and not any(options[name] for name in PARTIAL)
        if usual and note.exists() and note.read_text() == digest:
            return None
        note.unlink(missing_ok=True)  # what is cut off is done again
        summary: str | None = super().handle(**options)
        if usual:
            note.write_text(digest)
        return summary


def digest_of_sources() -> str:
    """Of each file its name, size and time, and what makes of them what browsers get."""
    made_by = [settings.STORAGES["staticfiles"]["BACKEND"], settings.STATIC_URL]
    made_by += [importlib.metadata.version(package) for package in ("django", "whitenoise")]
    digest = sha256("\n".join(made_by).encode() + Path(static_files.__file__).read_bytes())
    for finder in get_finders():
        for name, storage in finder.list(None):
            status = os.stat(storage.path(name))
            digest.update(f"\n{storage.path(name)} {name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()
