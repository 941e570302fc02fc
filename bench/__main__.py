"""`python3 dev.py bench NAME ...`: run one benchmark. Without a name: list them."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith(("_", "engines")))

if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
    sys.exit(f"benchmarks: {', '.join(NAMES)}")
name = sys.argv.pop(1)
sys.argv[0] = str(HERE / f"{name}.py")
runpy.run_module(f"bench.{name}", run_name="__main__", alter_sys=True)
