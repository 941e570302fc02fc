"""When something that nobody answered is told again: often at first, then less and less, and never not at all. Pure.

A convention (docs/conventions.md, "nobody answers"): who did not come to the seventh page within an hour is not brought
by a hundredth, and mail that comes every ten minutes for ever is filtered. Whatever changes is told at once by itself.
"""

from datetime import timedelta

SHORT, LONG, DAILY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
SHORT_TIMES = 6  # an hour of them
LONG_TIMES = 23  # the rest of the first day


def page_again_after(repeats: int) -> timedelta:
    """Of a page of an alert, by how many repeats there were: 10 min for an hour, hourly for a day, then daily."""
    if repeats < SHORT_TIMES:
        return SHORT
    return LONG if repeats < SHORT_TIMES + LONG_TIMES else DAILY


def mail_again_after(mails: int) -> timedelta:
    """Of a trouble of the machines, to its operators, by how many mails there were, at least 1: 10 min, 1 h, daily."""
    return (SHORT, LONG, DAILY)[min(mails, 3) - 1]
