"""A participant's plan was changed: another cohort, another version of the regimen; or a site was described anew. Who
derives from it is told.

Whoever changes one calls `replanned` or `site_described` in the same transaction; whoever has derived something of
it registers once.
"""

from collections.abc import Callable
from datetime import datetime

from crsmonitor.accounts.models import User
from regimens.models import Participant, Site

PLANNED_BY = frozenset({"cohort", "regimen"})  # of a participant: what planned doses, hours and releases are derived of

Listener = Callable[[Participant, User, datetime], None]
SiteListener = Callable[[Site], None]
_listeners: list[Listener] = []
_site_listeners: list[SiteListener] = []


def on_replanned(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def replanned(participant: Participant, *, by: User, at: datetime) -> None:
    for listener in _listeners:
        listener(participant, by, at)


def on_site_described(listener: SiteListener) -> None:
    if listener not in _site_listeners:
        _site_listeners.append(listener)


def site_described(site: Site) -> None:
    for listener in _site_listeners:
        listener(site)
