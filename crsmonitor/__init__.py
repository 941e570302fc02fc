"""The project: wiring of the apps, no clinical word in it."""

import gc

# The app's modules make 270,000 objects that stay. Looked through at every 700 new ones, as Python does unasked, they
# cost a tenth of the CPU of every start.
gc.set_threshold(50_000, 20, 50)

__version__ = (
    "0.2.0"  # of the program: its one place. Pages, /healthz and exports say it; CHANGELOG.md has what changed
)
