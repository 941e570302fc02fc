"""What is drawn once for many, as an answer: now, or each time that it changes."""

from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe

from crsmonitor.pages.compression import Packed, takes_gzip
from crsmonitor.pages.live import Arrange, Page, Picture, as_drawn, gallery
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.views.alert_list import still_shown


def shown(picture: Picture) -> SafeString:
    """As it is now."""
    return mark_safe("".join(gallery.show(picture)))  # noqa: S308 - what a template gave


def stream_of(request: HttpRequest, picture: Picture, *, arrange: Arrange = as_drawn) -> LiveResponse:
    """For as long as the page is open. Writes nothing, the session neither."""
    session = request.session.session_key or ""
    page = Page(person=request.user.pk, session=session, picture=picture, still=still_shown, arrange=arrange)
    return answer_of(request, page)


def answer_of(request: HttpRequest, page: Page) -> LiveResponse:
    is_packed = takes_gzip(request)
    answer = LiveResponse(Packed(page) if is_packed else page, content_type="text/event-stream")
    if is_packed:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # nginx would keep the events until it has a page full
    return answer
