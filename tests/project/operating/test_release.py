"""Which program an answer came from: in a folder with git, in one without, and in an image."""

import re
import subprocess
from functools import cache

import pytest

from crsmonitor.operating import release


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    """Asked anew in each; what this process remembers, as /healthz does, stays for the tests that compare with it."""
    monkeypatch.delenv("CRS_COMMIT", raising=False)
    monkeypatch.setattr(release, "commit", cache(release.commit.__wrapped__))


def test_an_image_says_what_it_was_built_from(monkeypatch):
    monkeypatch.setenv("CRS_COMMIT", "0123456789abcdef0123456789abcdef01234567")

    assert release.commit().startswith("0123456789ab")


def test_a_checkout_says_its_commit_and_whether_files_differ(monkeypatch, tmp_path):
    def git(*words: str) -> None:
        who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "-m", "one")
    monkeypatch.setattr(release, "BASE", tmp_path)

    clean = release.commit()
    (tmp_path / "file").write_text("two")
    release.commit.cache_clear()

    assert re.fullmatch(r"[0-9a-f]{12}", clean)
    assert release.commit() == f"{clean}-dirty"


def test_a_folder_without_either_says_that_nobody_knows(monkeypatch, tmp_path):
    monkeypatch.setattr(release, "BASE", tmp_path)

    assert release.commit() == "unknown"


def test_the_schema_is_the_newest_migration_of_each_app():
    assert re.fullmatch(r"accounts \d{4}, audit \d{4}, devices \d{4}, grading \d{4}, regimens \d{4}", release.schema())
