"""What a person has to do before anything else: a password of her own, and a second factor where one is required.

Until then every page leads there, and the API answers 403. Which roles need a second factor is not known here:
apps say who does (`second_factor_rules`, when they are ready).
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.idle import is_by_itself
from crsmonitor.api.problems import is_api, is_tablet_door, problem_of
from crsmonitor.error_words import detail_of
from crsmonitor.errors import Forbidden

# Each says whether this person needs one, for what she is now.
second_factor_rules: list[Callable[[User], bool]] = []
HAS_WHAT_IT_NEEDS = "second_factor"  # in the session, so that nothing is asked again
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

ALWAYS = frozenset({
    "login", "logout", "account_login", "account_logout", "set_language", "theme", "healthz", "readyz",
    "lock", "lock-now", "lock-open", "lock-leave", "lock-use", "lock-alarms", "lock-alarm-stream",
})  # fmt: skip
OWN_PASSWORD = ALWAYS | {"account_change_password", "account_set_password", "account_reauthenticate"}
SECOND_FACTOR = ALWAYS | {
    "account_reauthenticate", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_list_webauthn",
    "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes", "account_change_password", "usersessions_list",
}  # fmt: skip


def needs_second_factor(user: User) -> bool:
    return (user.is_staff and settings.OPERATOR_SECOND_FACTOR) or any(rule(user) for rule in second_factor_rules)


def has_second_factor(user: User, *, besides: Authenticator | None = None) -> bool:
    """Recovery codes alone are none."""
    mine = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return mine.exclude(pk=None if besides is None else besides.pk).exists()


def has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


class FirstStepsMiddleware(MiddlewareMixin):
    """After the session is known, before the view. Keys of machines are revoked when a password changes hands."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        name = "" if request.resolver_match is None else request.resolver_match.view_name
        if request.user.must_change_password:
            return None if name in OWN_PASSWORD else _lead(request, "account_change_password", "own_password_first")
        if _lacks_factor(request):
            return None if name in SECOND_FACTOR else _lead(request, "mfa_index", "second_factor_first")
        return None


def _lacks_factor(request: HttpRequest) -> bool:
    if request.session.get(HAS_WHAT_IT_NEEDS):
        return False
    lacks = needs_second_factor(request.user) and not has_second_factor(request.user)
    if not lacks and not is_by_itself(request):
        request.session[HAS_WHAT_IT_NEEDS] = True
    return lacks


def _lead(request: HttpRequest, name: str, code: str) -> HttpResponse:
    if not is_api(request):
        return HttpResponseRedirect(reverse(name))
    if is_tablet_door(request):  # 403 says to a tablet that it was revoked
        return problem_of(401, code, detail_of(Forbidden(code)))
    from crsmonitor.api.answers import PROBLEM, problem  # REST framework wants the apps to be ready

    answer = problem(status=403, code=code, detail=detail_of(Forbidden(code)))
    return JsonResponse(answer.data, status=403, content_type=PROBLEM)
