"""`python3 dev.py tablet [FILE]`: lower the rules for tablets; what came out, and how large it is."""

import gzip
import json
import sys
from pathlib import Path

from crsmonitor.settings_fixed import TABLET_RULES
from crsmonitor.tablet.bundle import bundle
from crsmonitor.tablet.unlowered import Unlowered


def main(arguments: list[str]) -> None:
    try:
        content = bundle(*TABLET_RULES)
    except Unlowered as error:
        sys.exit(f"dev.py tablet: {error}")
    if arguments:
        Path(arguments[0]).write_text(content, encoding="utf-8")
    parts = json.loads(content)
    size, packed = len(content.encode()), len(gzip.compress(content.encode(), mtime=0))
    print(f"{len(parts['modules'])} modules, {size / 1000:.0f} kB, gzip {packed / 1000:.0f} kB, {parts['digest']}")


if __name__ == "__main__":
    main(sys.argv[1:])
