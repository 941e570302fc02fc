"""A clock of this process's own: the seconds in the file SHIFTED_CLOCK are added to the machine's, also while it runs.

Only for tests: parent.py imports it in what they start. As when the clock of a machine is set, time.monotonic and
sleeping go on as ever.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

LOOK_SECONDS = 0.05


def follow(file: Path) -> None:
    shifted = float(file.read_text())
    clock = time_machine.travel(time.time() + shifted, tick=True).start()
    while True:
        wanted = float(file.read_text() or shifted)  # empty: it is being written
        if wanted != shifted:
            clock.shift(wanted - shifted)
            shifted = wanted
        ready.set()
        time.sleep(LOOK_SECONDS)


ready = threading.Event()
threading.Thread(target=follow, args=[Path(os.environ["SHIFTED_CLOCK"])], daemon=True).start()
ready.wait()
