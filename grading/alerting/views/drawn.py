"""What is drawn once for many, as an answer: now, or each time that it changes."""

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from crsmonitor.pages.live import Arrange, Page, Picture, as_drawn, gallery
from crsmonitor.web.bridge import LiveResponse
from grading.alerting.views.alert_list import still_shown


def shown(picture: Picture) -> SafeString:
    """As it is now."""
    return mark_safe("".join(gallery.show(picture)))  # noqa: S308 - what a template gave


def stream_of(request: HttpRequest, picture: Picture, *, arrange: Arrange = as_drawn) -> LiveResponse:
    """For as long as the page is open. Writes nothing, the session neither."""
    session = request.session.session_key or ""
    return answer_of(Page(person=request.user.pk, session=session, picture=picture, still=still_shown, arrange=arrange))


def answer_of(page: Page) -> LiveResponse:
    answer = LiveResponse(page, content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # nginx would keep the events until it has a page full
    return answer
