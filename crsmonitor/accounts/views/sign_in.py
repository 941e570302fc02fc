"""Sign in and out: one door for every page, the administration's too."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _l
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from crsmonitor.accounts.sign_in import sessions
from crsmonitor.accounts.views.forms import SignInForm
from crsmonitor.accounts.views.preferences import local_page, page_before
from crsmonitor.api.problems import is_api, problem_of

WHY = {"membership": _l("Your session was ended, since what you are in a study has changed. Sign in again.")}
UNSAVED = "unsaved"  # in the address of the sign-in page: what was sent came after the session's end


def single_sign_on_name() -> str:
    """What the provider is called. Empty: there is none."""
    return settings.SINGLE_SIGN_ON_NAME if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] else ""


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    """The first step by password. django-allauth takes the others: a second factor, and then the session."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    extra_context = {"single_sign_on": single_sign_on_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = WHY.get(self.request.session.get(sessions.ENDED_BECAUSE, ""))
        return super().get_context_data(**kwargs) | {"ended": ended}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            # The session ended under a page that refreshes itself: the whole page must go.
            return HttpResponseClientRefresh()
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        return perform_password_login(self.request, {"username": form.cleaned_data["username"]}, login)


@method_decorator(login_not_required, name="dispatch")
class SignOut(auth_views.LogoutView):
    """By POST. `page` brings back to the page after the next sign-in, also where the session had ended by itself."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        get_adapter().logout(request)
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        page = local_page(self.request, "page")
        sign_in = reverse("login")
        return f"{sign_in}?{urlencode({'next': page})}" if page else sign_in


class SignInRequired(LoginRequiredMiddleware):
    """A page is closed unless it says open. Who sends something after the end of a session is told it is not saved."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if is_api(request):
            return problem_of(401, "not_authenticated", _l("Sign in first."))
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        part = request.headers.get("HX-Request") is not None
        here = page_before(request) or request.get_full_path()
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path if part else here
        address = f"{reverse('login')}?{urlencode({'next': page or '/', UNSAVED: '1'})}"
        return HttpResponseClientRedirect(address) if part else HttpResponseRedirect(address)


@login_not_required
def administration(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own: whoever is signed in and no operator may not go in."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    page = request.GET.get("next") or reverse("admin:index")
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': page})}")


@login_not_required
def cancelled(request: HttpRequest) -> HttpResponse:
    """Whoever turned back at the single sign-on."""
    return HttpResponseRedirect(reverse("login"))
