"""`python3 dev.py bench NAME ...`: run one benchmark. Without a name: the table of what each with a target says."""

import runpy
import subprocess
import sys
from pathlib import Path

from bench.figures import failed, figures_of, table

HERE = Path(__file__).parent
FOLDERS = (
    HERE,
    HERE / "glass",
    HERE / "sizes",
    HERE / "designs",
)  # what is seen on glass, and what designs are worth, beside others
HELPERS = ("_", "engines", "figures", "cpu", "tablet_page", "large")
FILES = {
    path.stem: path for folder in FOLDERS for path in folder.glob("*.py") if not path.stem.startswith(HELPERS)
}  # fmt: skip


def module(file: Path) -> str:
    return ".".join(file.relative_to(HERE.parent).with_suffix("").parts)


def print_table() -> None:
    """Minutes: each benchmark says on standard error when it begins, and the table comes at the end."""
    rows = []
    for name, file in sorted(FILES.items()):
        if "\ndef figures(" not in file.read_text():
            continue
        print(f"bench: {name}", file=sys.stderr, flush=True)
        try:
            rows += figures_of(module(file))
        except subprocess.CalledProcessError as error:
            rows.append(failed(module(file), error))
    print(table(rows))


if len(sys.argv) < 2:
    print_table()
elif sys.argv[1] in FILES:
    file = FILES[sys.argv.pop(1)]
    sys.argv[0] = str(file)
    runpy.run_module(module(file), run_name="__main__", alter_sys=True)
else:
    sys.exit(f"benchmarks: {', '.join(sorted(FILES))}")
