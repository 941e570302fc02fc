"""The project: wiring of the apps, no clinical word in it."""
