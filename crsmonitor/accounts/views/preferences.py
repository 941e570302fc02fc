"""Language, day and night, and a form whose key does not fit."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from crsmonitor.accounts import languages
from crsmonitor.api.problems import is_tablet_door, problem_of
from crsmonitor.pages.error_pages import REFUSED_FORM, error_page

THEMES = ("light", "dark")
THEME = f"{settings.COOKIE_PREFIX}theme"
YEAR_S = 365 * 24 * 60 * 60


@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Django's own choice of a language, kept by the tablet; and for messages, of whoever is signed in."""
    if request.method == "POST" and request.user.is_authenticated:
        languages.keep(request.user, request.POST.get("language"))
    return set_language(request)


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Day or night, kept by the tablet."""
    answer = HttpResponseRedirect(local_page(request, "next") or "/")
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        answer.set_cookie(
            THEME, wanted, max_age=YEAR_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return answer


def theme_of(request: HttpRequest) -> dict[str, str]:
    """For templates: what the tablet chose, or nothing."""
    return {"theme": request.COOKIES.get(THEME, "")}


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose key does not fit: nothing is saved, and the page says why. Django's CSRF_FAILURE_VIEW.

    Signing in makes a new key, so that a form left open in another tab holds an old one. What was typed is kept by
    the tablet, and offered where the form is opened again: `back`.
    """
    if is_tablet_door(request):  # 403 would say that it was revoked: what it keeps waits for a page of this session
        return problem_of(401, "csrf_failed", REFUSED_FORM.title)
    context = {"no_cookie": reason == REASON_NO_CSRF_COOKIE, "back": page_before(request)}
    return error_page(request, 403, REFUSED_FORM, more="frame/_refused_form.html", **context)


def page_before(request: HttpRequest) -> str:
    """The page of this site on which somebody sent a form, or nothing: what takes it often has no page of its own."""
    came_from = request.META.get("HTTP_REFERER", "")
    if not _is_here(request, came_from):
        return ""
    page = urlsplit(came_from)
    address = urlunsplit(("", "", page.path, page.query, ""))
    return address if _is_here(request, address) else ""  # without its host, "//elsewhere/" is another site


def local_page(request: HttpRequest, name: str) -> str:
    """An address of this site that the form names, or nothing."""
    page = request.POST.get(name, "")
    return page if _is_here(request, page) else ""


def _is_here(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
