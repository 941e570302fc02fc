"""Questions about tablets: those that somebody looks after, and who may switch on one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.devices.models import Badge, Pin, SiteTablets, Tablet, TabletSignIn
from crsmonitor.devices.places import crew_of, run_by, works_at
from crsmonitor.errors import NotFound


def tablet_of_key(key: str) -> Tablet | None:
    """Also a revoked one. None: a key that we did not give. The key itself is the right to ask."""
    if not key:
        return None
    return Tablet.objects.select_related("site__tablet_rules").filter(digest=Tablet.digest_of(key)).first()


def enrolled(tablets: Iterable[int]) -> frozenset[int]:
    """Those of them that nobody has revoked."""
    return frozenset(Tablet.objects.filter(pk__in=tablets, revoked_at=None).values_list("pk", flat=True))


def site_run_by(user: User, site_id: int) -> Any:
    """A site whose tablets this user runs. NotFound for any other."""
    site = run_by(user).filter(pk=site_id).first()
    if site is None:
        raise NotFound("no_such_site")
    return site


def rules_of(site: Any) -> SiteTablets:
    """Of a site that was read with `site__tablet_rules`, without another question."""
    try:
        return site.tablet_rules
    except SiteTablets.DoesNotExist:
        return SiteTablets(site=site)


def tablets_for(user: User) -> QuerySet[Tablet]:
    """The tablets of the sites that this user runs, those in use first."""
    tablets = Tablet.objects.filter(site__in=run_by(user)).select_related(
        "site__tablet_rules", "enrolled_by", "revoked_by"
    )
    return tablets.order_by("site__code", F("revoked_at").desc(nulls_first=True), "name")


def sign_ins_on(tablets: Iterable[Tablet], *, at: datetime) -> list[TabletSignIn]:
    """Who may switch by PIN or badge on these tablets, but for what is asked of each at that moment (`may_switch`)."""
    since = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    open_ = TabletSignIn.objects.filter(tablet__in=tablets, ended_at=None, at__gt=since, user__is_active=True)
    holding = open_.filter(epoch=F("user__session_epoch")).select_related("user", "tablet")
    return list(holding.order_by("user__username"))


def may_switch(sign_in: TabletSignIn, *, at: datetime) -> bool:
    """Signed in fully on this tablet within the shift, of an account that is open, and still at work at its site."""
    tablet = sign_in.tablet
    return tablet.revoked_at is None and sign_in.holds(at=at) and works_at(sign_in.user, tablet.site_id)


def people_on(tablet: Tablet, *, at: datetime) -> list[User]:
    """Whom the lock offers: who may switch here, and has a PIN."""
    there = [one.user for one in sign_ins_on([tablet], at=at) if may_switch(one, at=at)]
    with_pin = set(Pin.objects.filter(user__in=there).values_list("user", flat=True))
    return [one for one in there if one.pk in with_pin]


def sign_in_of(tablet: Tablet, user: User, *, at: datetime) -> TabletSignIn | None:
    """Hers on this tablet, if she may switch by it. None: she signs in fully first."""
    mine = TabletSignIn.objects.filter(tablet=tablet, user=user, ended_at=None).select_related("user", "tablet").first()
    return mine if mine is not None and may_switch(mine, at=at) else None


def pin_of(user: User) -> Pin | None:
    return Pin.objects.filter(user=user).first()


def badge_of(user: User) -> Badge | None:
    return Badge.objects.filter(user=user).first()


def badges_for(user: User) -> QuerySet[Badge]:
    """The badges of everybody who works where this user runs the tablets."""
    return Badge.objects.filter(user__in=crew_of(user)).select_related("user").order_by("user__username")
