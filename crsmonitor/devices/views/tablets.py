"""The tablets of the sites that somebody runs: enrolled, listed with who is on them, revoked; shifts and badges."""

from collections import defaultdict

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crsmonitor.devices import cookie
from crsmonitor.devices.enrolling import end_shift, enrol, revoke, set_rules, withdraw_badge
from crsmonitor.devices.forms import RulesForm, TabletForm
from crsmonitor.devices.places import run_by
from crsmonitor.devices.selectors import badges_for, rules_of, sign_ins_on, site_run_by, tablets_for
from crsmonitor.devices.shifts import signed_in_fully, tablet_of
from crsmonitor.error_words import detail_of
from crsmonitor.errors import InvalidInput, NotFound


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def tablets(request: HttpRequest) -> HttpResponse:
    """A POST enrols the very browser that it comes from."""
    form = TabletForm(request.POST if request.method == "POST" else None, sites=run_by(request.user))
    if form.is_bound and form.is_valid():
        at, name, site = timezone.now(), form.cleaned_data["name"], form.cleaned_data["site"]
        try:
            tablet, key = enrol(name, site_id=site, by=request.user, at=at)
        except InvalidInput as error:
            form.take(error)
        else:
            request.tablet = tablet
            signed_in_fully(request, request.user, at=at)  # she just proved who she is
            messages.success(request, _("%(tablet)s is enrolled: this browser is it.") % {"tablet": tablet.name})
            answer = redirect("tablets")
            cookie.keep(answer, key)
            return answer
    return _page(request, form=form, status=400 if form.is_bound else 200)


@require_POST
def tablet_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Without asking again who one is: a lost tablet is revoked at once, and whoever is wrong enrols it again."""
    try:
        tablet = revoke(pk, reason=request.POST.get("reason", "")[:500], by=request.user, at=timezone.now())
    except InvalidInput as error:
        return _page(request, refused=(pk, detail_of(error)), status=400)
    messages.success(request, _("%(tablet)s is revoked: it opens nothing any more.") % {"tablet": tablet.name})
    return redirect("tablets")


@require_POST
def tablet_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """How the tablets of the site `pk` lock and open."""
    site_run_by(request.user, pk)
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, status=400)
    set_rules(pk, **form.cleaned_data, by=request.user)
    messages.success(request, _("Kept. Each tablet follows it from its next request on."))
    return redirect("tablets")


@require_POST
def shift_end(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Of whoever went home without signing out. On the tablet that one is at, oneself signs out."""
    here = tablet_of(request)
    if person == request.user.pk and here is not None and here.pk == pk:
        raise NotFound("no_such_record")
    shift = end_shift(pk, person, by=request.user, at=timezone.now())
    names = {"person": shift.user.get_username(), "tablet": shift.tablet.name}
    messages.success(request, _("The shift of %(person)s on %(tablet)s is over.") % names)
    return redirect("tablets")


@require_POST
def badge_withdraw(request: HttpRequest, person: int) -> HttpResponse:
    """Without asking again who one is, as of a lost tablet."""
    owner = withdraw_badge(person, by=request.user)
    messages.success(request, _("The badge of %(person)s opens nothing any more.") % {"person": owner.get_username()})
    return redirect("tablets")


def _page(
    request: HttpRequest, *, form: TabletForm | None = None, refused: tuple[int, str] | None = None, status: int = 200
) -> HttpResponse:
    """`refused`: the tablet that was not revoked, and why."""
    sites = list(run_by(request.user).select_related("tablet_rules"))
    if not sites:
        raise NotFound("no_such_page")
    at, listed = timezone.now(), list(tablets_for(request.user))
    people = defaultdict(list)
    for one in sign_ins_on(listed, at=at):
        people[one.tablet_id].append(one)
    context = {
        "sites": [
            (
                site,
                RulesForm(initial={name: getattr(rules_of(site), name) for name in RulesForm.base_fields}),
                [(tablet, people[tablet.pk]) for tablet in listed if tablet.site_id == site.pk],
            )
            for site in sites
        ],
        "badges": badges_for(request.user),
        "here": tablet_of(request),
        "form": form or TabletForm(None, sites=sites),
        "refused": refused,
    }
    return render(request, "devices/tablets.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("tablets/", tablets, name="tablets"),
    path("tablets/<int:pk>/revoke/", tablet_revoke, name="tablet-revoke"),
    path("tablets/<int:pk>/shifts/<int:person>/end/", shift_end, name="shift-end"),
    path("tablets/badges/<int:person>/withdraw/", badge_withdraw, name="badge-withdraw"),
    path("tablets/sites/<int:pk>/", tablet_rules, name="tablet-rules"),
]
