"""`python3 dev.py bench NAME ...`: run one benchmark. Without a name: list them."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDERS = (HERE, HERE / "glass", HERE / "designs")  # what is seen on glass, and what designs are worth, beside others
HELPERS = ("_", "engines", "cpu", "tablet_page")
FILES = {
    path.stem: path for folder in FOLDERS for path in folder.glob("*.py") if not path.stem.startswith(HELPERS)
}  # fmt: skip

if len(sys.argv) < 2 or sys.argv[1] not in FILES:
    sys.exit(f"benchmarks: {', '.join(sorted(FILES))}")
file = FILES[sys.argv.pop(1)]
sys.argv[0] = str(file)
module = ".".join(file.relative_to(HERE.parent).with_suffix("").parts)
runpy.run_module(module, run_name="__main__", alter_sys=True)
