"""Moments and spans: MicroPython's own, which cannot be compared with None."""

import datetime as plain

datetime, timedelta, UTC = plain.datetime, plain.timedelta, plain.timezone.utc
_equals = plain.datetime.__eq__


def _equal(self, other):
    return isinstance(other, datetime) and _equals(self, other)


datetime.__eq__ = _equal
