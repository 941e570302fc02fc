"""Sign in, sign out, day and night."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language
from django_htmx.http import HttpResponseClientRefresh

from crsmonitor.accounts import guessing, languages
from crsmonitor.error_pages import REFUSED_FORM, error_page

THEMES = ("light", "dark")
YEAR_S = 365 * 24 * 60 * 60


class SignInForm(AuthenticationForm):
    """Name and password; guessing gets slower and slower."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if guessing.must_wait(name, address):
            raise ValidationError(_("Too many tries. Wait a moment, then try again."), code="wait")
        try:
            cleaned = super().clean()
        except ValidationError:
            guessing.failed(name, address)
            raise
        guessing.succeeded(name, address)
        return cleaned


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            # The session ended under a page that refreshes itself: the whole page must go.
            return HttpResponseClientRefresh()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        languages.keep(form.get_user(), get_language(), unless_known=True)
        return answer


class SignOut(auth_views.LogoutView):
    """By POST. `next` brings back to the page after the next sign-in."""

    http_method_names = ["post", "options"]

    def get_success_url(self) -> str:
        page = _local(self.request, "page")
        sign_in = reverse("login")
        return f"{sign_in}?{urlencode({'next': page})}" if page else sign_in


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
    answer = HttpResponseRedirect(_local(request, "next") or "/")
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        answer.set_cookie("theme", wanted, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    return answer


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose key does not fit: nothing is saved, and the page says why. Django's CSRF_FAILURE_VIEW.

    Signing in makes a new key, so that a form left open in another tab holds an old one. What was typed is kept by
    the tablet, and offered where the form is opened again: `back`.
    """
    came_from = request.META.get("HTTP_REFERER", "")
    allowed = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    page = urlsplit(came_from) if allowed else None
    context = {
        "no_cookie": reason == REASON_NO_CSRF_COOKIE,
        "back": "" if page is None else urlunsplit(("", "", page.path, page.query, "")),
    }
    return error_page(request, 403, REFUSED_FORM, more="frame/_refused_form.html", **context)


def _local(request: HttpRequest, name: str) -> str:
    """An address of this site that the form names, or nothing."""
    page = request.POST.get(name, "")
    allowed = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if allowed else ""
