"""A trial that never was: told by a seed, recorded through the bedside's own door, and read back from the export.

`story`, `vitals`, `shown` and `rates` are pure: no Django, no clock. `trial` records, `report` reads back.
"""
