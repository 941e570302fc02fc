"""`python3 dev.py lint`: every check that needs no test. All are run, a core each; those that failed are named last."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Production's settings, so that what is checked is what runs. Nothing is connected to.
LIKE_PRODUCTION = {
    "CRS_MODE": "production",
    "SECRET_KEY": "only-for-checks-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "CRS_SEALING_KEYS": "b25seS1mb3ItY2hlY2tzLW9ubHktZm9yLWNoZWNrcyE=",
    "ALLOWED_HOSTS": "crsmonitor.example.org",
    "DATABASE_URL": "postgresql://crs_app@127.0.0.1:9/crs",
    "DATABASE_OWNER_URL": "postgresql://crs_owner@127.0.0.1:9/crs",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "DB_POOL": "0",
}
# What docker-compose.yml insists on.
FOR_COMPOSE = {
    "SECRET_KEY": LIKE_PRODUCTION["SECRET_KEY"],
    "CRS_SEALING_KEYS": LIKE_PRODUCTION["CRS_SEALING_KEYS"],
    "ALLOWED_HOSTS": LIKE_PRODUCTION["ALLOWED_HOSTS"],
    "POSTGRES_PASSWORD": "a",
    "CRS_OWNER_PASSWORD": "b",
    "CRS_APP_PASSWORD": "c",
    "VALKEY_PASSWORD": "d",
    "EMAIL_URL": "smtp://localhost",
    "OPERATOR_EMAIL": "operator@example.org",
}


def main() -> None:
    steps = lint_steps()
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (name, _, _), (code, output, seconds) in zip(steps, pool.map(outcome_of, steps), strict=True):
            say(f"--- {name}")
            print(output, end="", file=sys.stderr, flush=True)
            say(f"{name}: {'FAILED' if code else 'ok'} ({seconds:.1f} s)")
            failed += [name] * bool(code)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    sys.exit(1 if failed else 0)


def say(text: str) -> None:
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def lint_steps() -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and additional environment of each check."""
    bin_ = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    templates = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("templates/**/*.html"))]
    return [
        ("types", [f"{bin_}/mypy"], {"CRS_MODE": "demo"}),  # first, since it takes as long as all others
        ("ruff check", [f"{bin_}/ruff", "check", "."], {}),
        ("ruff format", [f"{bin_}/ruff", "format", "--check", "."], {}),
        ("import directions", [f"{bin_}/lint-imports"], {}),
        (
            "migrations",
            [*manage, "makemigrations", "--check", "--dry-run"],
            LIKE_PRODUCTION | {"PYTHONWARNINGS": NO_DB},
        ),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], LIKE_PRODUCTION),
        ("templates, format", [f"{bin_}/djade", "--check", "--target-version", "5.2", *templates], {}),
        ("templates", [f"{bin_}/djlint", "--lint", "--quiet", "templates"], {}),
        ("scripts and stylesheets", [f"{bin_}/biome", "check", BIOME_RULES, "--error-on-warnings", *OURS], {}),
        ("types of scripts", [f"{bin_}/deno", "check", *DENO_OPTIONS, *OURS], {"DENO_NO_UPDATE_CHECK": "1"}),
        ("Dockerfile", [f"{bin_}/hadolint", "Dockerfile"], {}),
        ("docker-compose.yml", [f"{bin_}/docker-compose", "config", "--quiet"], FOR_COMPOSE),
    ]


OURS = ["crsmonitor/static", "tests/scripts"]  # what others wrote is excluded in both configurations
BIOME_RULES = "--config-path=tests/scripts/biome-rules.json"
DENO_OPTIONS = ["--config", "tests/scripts/deno.json", "--no-lock", "--no-remote", "--quiet"]
NO_DB = "ignore:Got an error checking a consistent migration history"  # there is no database, on purpose


def outcome_of(step: tuple[str, list[str], dict[str, str]]) -> tuple[int, str, float]:
    """Exit code, all that was said, and seconds."""
    _, command, env = step
    began = time.monotonic()
    together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | env, check=False, **together)
    return done.returncode, done.stdout, time.monotonic() - began


if __name__ == "__main__":
    main()
