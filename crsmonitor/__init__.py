"""The project: wiring of the apps, no clinical word in it."""

__version__ = (
    "0.2.0"  # of the program: its one place. Pages, /healthz and exports say it; CHANGELOG.md has what changed
)
