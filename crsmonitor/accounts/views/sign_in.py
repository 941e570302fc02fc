"""Sign in and out: one door for every page, the administration's too."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from crsmonitor.accounts import guessing, known_devices, languages
from crsmonitor.accounts.views.preferences import local_page
from crsmonitor.audit.events import record_event


class SignInForm(AuthenticationForm):
    """Name and password; guessing gets slower and slower."""

    def clean(self) -> dict[str, Any]:
        guess = guessing.at_the_door("sign_in", self.request, self.cleaned_data.get("username") or "")
        if not guess.is_allowed:
            raise ValidationError(_("Too many tries. Wait a moment, then try again."), code="wait")
        try:
            cleaned = super().clean()
        except ValidationError:
            guess.failed()
            raise
        guess.succeeded()
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
        answer, user = super().form_valid(form), form.get_user()
        languages.keep(user, get_language(), unless_known=True)
        record_event("sign_in", by=user, **guessing.whence(self.request, user))
        known_devices.remember(self.request, answer, user)
        return answer


class SignOut(auth_views.LogoutView):
    """By POST. `next` brings back to the page after the next sign-in."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            record_event("sign_out", by=request.user)
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        page = local_page(self.request, "page")
        sign_in = reverse("login")
        return f"{sign_in}?{urlencode({'next': page})}" if page else sign_in


@login_not_required
def administration(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own: whoever is signed in and no operator may not go in."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    page = request.GET.get("next") or reverse("admin:index")
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': page})}")
