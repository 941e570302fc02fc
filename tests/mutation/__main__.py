"""python3 dev.py mutate [--seed N] [--sample M] [--since REV] [PATHS]

Puts small faults into rules, one at a time, and runs the rule tests on each: which are not noticed?
PATHS: files or folders; without them the rules changed since --since, by default since this branch left main, or on
main itself the last 20 commits. Only tests without a database are run (every folder tests/**/rules), on a copy.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.trial import NotUsable, Outcome, measure, try_out

RULES = ("grading/rules", "regimens/rules")
COMMITS = 20


def main(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py mutate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", metavar="PATHS")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws another sample (0)")
    parser.add_argument("--sample", type=int, default=40, help="how many faults (40); 0: every one")
    parser.add_argument("--since", metavar="REV", help="the rules changed since this commit")
    chosen = parser.parse_args(args)
    files = named(chosen.paths) if chosen.paths else changed(chosen.since or where_this_began())
    if not files:
        print("mutate: no rules changed; name files or give --since")
        return 0
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, as_interrupt)
    with tempfile.TemporaryDirectory(prefix="crs-mutate-") as folder:
        copy_to(Path(folder))
        os.chdir(folder)
        forget_this_tree(folder)
        return report(files, chosen.seed, chosen.sample)


ASKED_TO_END: list[int] = []  # the signals


def as_interrupt(number: int, frame: FrameType | None) -> None:
    """Noted besides, because Python drops what is raised while it forks."""
    ASKED_TO_END.append(number)
    raise KeyboardInterrupt


# --- Which files --------------------------------------------------------------------------------


def git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"mutate: git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def where_this_began() -> str:
    """Where this branch left main; on main itself, or where there is none, 20 commits ago or the first of all."""
    head, *before = git("rev-list", "--first-parent", f"--max-count={COMMITS + 1}", "HEAD")
    left = subprocess.run(["git", "merge-base", "main", "HEAD"], capture_output=True, text=True, check=False)
    return left.stdout.strip() if left.returncode == 0 and left.stdout.strip() != head else [head, *before][-1]


def changed(since: str) -> list[str]:
    """Rules of the work tree that are new or other than in that commit."""
    new = git("ls-files", "--others", "--exclude-standard", "--", *RULES)
    return rules_among([*git("diff", "--name-only", "--diff-filter=d", since, "--", *RULES), *new])


def named(paths: Sequence[str]) -> list[str]:
    here = Path.cwd()
    rules = []
    for path in map(Path, paths):
        if not path.exists():
            sys.exit(f"mutate: there is no {path}")
        rules += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return rules_among(path.absolute().relative_to(here).as_posix() for path in rules)


def rules_among(paths: Iterable[str]) -> list[str]:
    return sorted({path for path in paths if path.endswith(".py")})


# --- The copy -----------------------------------------------------------------------------------


def copy_to(folder: Path) -> None:
    """The work tree as it is now, without what git ignores."""
    for path in git("ls-files", "--cached", "--others", "--exclude-standard"):
        if Path(path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / path)


def forget_this_tree(folder: str) -> None:
    """From now on `tests`, `grading` and all else are those of the copy."""
    here = str(Path(__file__).parents[2])
    sys.path[:] = [folder, *(path for path in sys.path if path not in ("", here))]
    for name in [name for name in sys.modules if name == "tests" or name.startswith("tests.")]:
        del sys.modules[name]


# --- The report ---------------------------------------------------------------------------------


def report(files: Sequence[str], seed: int, sample: int) -> int:
    every = [mutant for path in files for mutant in mutants_of(path, Path(path).read_bytes())]
    if not every:
        print("mutate: nothing in these files can be changed")
        return 0
    drawn = sorted(random.Random(seed).sample(every, min(sample or len(every), len(every))))
    began = time.monotonic()
    where = "1 file" if len(files) == 1 else f"{len(files)} files"
    print(f"mutate: {len(drawn)} of {len(every)} faults in {where}, seed {seed}; measuring the rule tests", flush=True)
    folders = sorted(path.as_posix() for path in Path("tests").rglob("rules") if path.is_dir())
    try:
        coverage = measure(folders, files)
    except NotUsable as error:
        print(f"mutate: {error}")
        return 1
    for why in coverage.left_out:
        print(f"left out, for it fails without any fault: {why}")
    print(f"{len(coverage.seconds):,} rule tests, without database tests; {time.monotonic() - began:.0f} s", flush=True)
    outcomes: list[Outcome] = []
    code = 0
    try:
        for mutant in drawn:
            outcomes.append(tried(mutant, try_out(mutant, coverage)))
            if ASKED_TO_END:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        print("mutate: interrupted")
        code = 130
    print(score(outcomes), f"({time.monotonic() - began:.0f} s)")
    return code


def tried(mutant: Mutant, outcome: Outcome) -> Outcome:
    if outcome in (Outcome.SURVIVED, Outcome.NOT_COVERED):
        print(f"{outcome:<11}  {mutant}", flush=True)
    return outcome


def score(outcomes: Sequence[Outcome]) -> str:
    """Killed of all that were tried: what no test runs counts against the tests too."""
    slow = outcomes.count(Outcome.SLOW)
    killed, survived = outcomes.count(Outcome.KILLED) + slow, outcomes.count(Outcome.SURVIVED)
    share = f"{100 * killed / len(outcomes):.1f} %" if outcomes else "none tried"
    by_clock = f" ({slow} by the clock)" if slow else ""
    unseen = outcomes.count(Outcome.NOT_COVERED)
    return f"score {share}: killed {killed}{by_clock}, survived {survived}, not covered {unseen} of {len(outcomes)}"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
