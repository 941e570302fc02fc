"""The session's cookie, and who may take it away."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from crsmonitor.accounts.sign_in.idle import is_by_itself


class KeptSessionMiddleware(SessionMiddleware):
    """As Django's, but a request that a page makes by itself takes no cookie away.

    It may have been under way while the session got another key, as at each unlocking of a tablet: its answer, which
    comes later and knows the old key alone, would sign out whoever just showed who she is.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        kept = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if is_by_itself(request) and kept is not None and not kept.value:
            del answer.cookies[settings.SESSION_COOKIE_NAME]
        return answer
