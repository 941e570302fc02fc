"""What dev.py decides. What it installs is seen by every run of the tests."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tests import lint

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with three locks and an environment that was never filled."""
    for name in dev.LOCKS:
        (tmp_path / name).write_text(f"packages of {name}")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setenv("CRS_VENV", str(tmp_path / "venv"))
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/bin/python").touch()
    return tmp_path


def finish_install(lock: str) -> None:
    (dev.venv() / ".stamp").write_text(json.dumps(dev.stamp_for(lock)))


def test_an_environment_that_was_never_filled_is_not_installed(checkout):
    assert not dev.is_installed("requirements-run.lock")


def test_a_finished_installation_is_installed(checkout):
    finish_install("requirements-run.lock")

    assert dev.is_installed("requirements-run.lock")


def test_what_tests_need_is_enough_to_run(checkout):
    finish_install("requirements-dev.lock")

    assert dev.is_installed("requirements-run.lock")


def test_what_the_run_needs_is_not_enough_for_tests(checkout):
    finish_install("requirements-run.lock")

    assert not dev.is_installed("requirements-dev.lock")


def test_a_changed_lock_is_installed_again(checkout):
    finish_install("requirements-run.lock")
    (checkout / "requirements-run.lock").write_text("newer packages")

    assert not dev.is_installed("requirements-run.lock")


def test_another_python_is_installed_again(checkout, monkeypatch):
    finish_install("requirements-run.lock")
    monkeypatch.setattr(sys, "version", "3.99.0")

    assert not dev.is_installed("requirements-run.lock")


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null"])
def test_a_cut_off_installation_is_done_again(checkout, stamp):
    (checkout / "venv/.stamp").write_text(stamp)

    assert not dev.is_installed("requirements-run.lock")


def test_a_vanished_interpreter_is_installed_again(checkout):
    finish_install("requirements-run.lock")
    dev.python().unlink()

    assert not dev.is_installed("requirements-run.lock")


@pytest.mark.fault
def test_an_installation_that_fails_leaves_no_stamp(checkout, monkeypatch):
    finish_install("requirements-run.lock")
    (checkout / "requirements-run.lock").write_text("this is no list of packages\n")

    with pytest.raises(SystemExit):
        dev.install("requirements-run.lock")
    assert dev.read_stamp() is None


UV = """\
uv==0.13.9 ; python_version > '3' \\
    --hash=sha256:2 \\
    --hash=sha256:3
"""


@pytest.mark.parametrize("after", ["", "uvicorn==0.1 \\\n    --hash=sha256:4\n"])
def test_one_package_of_a_lock_keeps_its_version_and_hashes(after):
    lock = f"uritemplate==4 \\\n    --hash=sha256:1\n{UV}{after}"

    assert dev.requirement_of("uv", lock) == UV


def test_a_package_that_is_not_locked_has_no_lines():
    assert dev.requirement_of("uv", "uvloop==1 \\\n    --hash=sha256:5\n") == ""


def test_tests_are_installed_by_a_uv_that_is_held_by_hash():
    assert "--hash=sha256:" in dev.requirement_of("uv", (ROOT / "requirements-dev.lock").read_text())


def test_a_second_installer_waits_for_the_first(checkout):
    waiting = "import dev; lock = dev.only_one_installs(); lock.__enter__(); print('mine', flush=True)"
    with dev.only_one_installs():
        other = subprocess.Popen(
            [sys.executable, "-c", waiting], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert "waiting for it" in other.stderr.readline()
        assert other.poll() is None
    assert other.communicate(timeout=120)[0] == "mine\n"


def run_dev(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "dev.py", *args], capture_output=True, text=True)


def test_an_unknown_command_shows_the_commands():
    done = run_dev("start")

    assert done.returncode == 2
    assert "python3 dev.py up" in done.stderr
    assert "there is no command 'start'" in done.stderr


@pytest.mark.parametrize("args", [[], ["help"], ["--help"]])
def test_asking_for_help_is_no_error(args):
    done = run_dev(*args)

    assert done.returncode == 0
    assert "python3 dev.py test" in done.stdout


def test_every_command_that_needs_packages_says_which():
    assert set(dev.COMMANDS) - set(dev.LOCKED_FOR) == {"lock"}


def test_the_bootstrap_needs_the_standard_library_only():
    done = subprocess.run([sys.executable, "-I", "-S", ROOT / "dev.py", "help"], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


def test_what_compose_insists_on_is_what_the_check_gives():
    insisted = (ROOT / "docker-compose.yml").read_text()

    assert {name for name in lint.FOR_COMPOSE if f"${{{name}:?" not in insisted} == set()
