"""One page for all that cannot be shown or done. What it says depends on the status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from crsmonitor.api.problems import is_api, problem_of

WITH_MENUS = "base.html"
# Stands by itself: the database, which the usual frame asks for its menus, may be what is busy or gone.
BARE = "frame/bare.html"


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    title: Promise
    text: Promise | str = ""


ERROR_PAGES: Mapping[int, ErrorPage] = {
    400: ErrorPage(title=_("Not understood"), text=_("The request could not be read. Nothing was saved.")),
    403: ErrorPage(title=_("Not allowed"), text=_("Your role does not allow this.")),
    404: ErrorPage(title=_("Not found"), text=_("There is no such page, or it is not yours to see.")),
    405: ErrorPage(
        title=_("No page"),
        text=_("Nothing is shown at this address: it only takes what a page sends. Nothing was saved."),
    ),
    409: ErrorPage(title=_("Not possible")),  # the rule that forbids it says why
    500: ErrorPage(
        title=_("Something broke"),
        text=_(
            "This is our fault. Nothing more was saved than the page said. Write the values on paper, go on with care,"
            " and call support."
        ),
    ),
}
# At a desk nobody has values to write on paper.
BROKE_AT_A_DESK = ErrorPage(
    title=ERROR_PAGES[500].title,
    text=_("This is our fault. Nothing more was saved than the page said. Call support before you try it again."),
)
BEDSIDE = re.compile(r"/(?:$|participants/|corrections/|alerts/|board/)")
TOO_MUCH = ErrorPage(
    title=_("Too much at once"),
    text=_(
        "What was sent is too large: nothing was saved and nothing was read. Go back in your browser: what you typed "
        "is still there. Paste fewer rows."
    ),
)
REFUSED_FORM = ErrorPage(title=_("Not saved"))
NOT_NOW = ErrorPage(title=_("Not available now"))  # what is away says why
BUSY_READING = ErrorPage(title=_("One moment"), text=_("The database is busy. Try again in a few seconds."))
BUSY_SAVING = ErrorPage(
    title=_("Not saved yet"),
    text=_("The record is held by somebody else or the database is busy. Nothing is lost: try again in a few seconds."),
)
# Where not even the page can be drawn: no template, no translation, no stylesheet is asked for.
LAST_WORDS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Something broke</title></head><body>
<h1>Something broke</h1>
<p>This is our fault. Nothing more was saved than the page said. Write the values on paper, go on with care, and call
support.</p>
<h1 lang="zh-Hant-TW">發生錯誤</h1>
<p lang="zh-Hant-TW">這是系統的錯誤。僅頁面顯示已儲存的內容有儲存。請將數值寫在紙上，繼續照護，並聯絡支援人員。</p>
<p><code>%s</code></p>
</body></html>
"""


def error_page(request: HttpRequest, status: int, page: ErrorPage, **more: Any) -> HttpResponse:
    """In the frame with the menus, unless `more` says otherwise. A `detail` stands in the place of the page's text."""
    context = {"page": page, "detail": page.text, "frame": WITH_MENUS} | more
    return render(request, "error.html", context, status=status)


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403. What the error says is for the log."""
    if is_api(request):
        return problem_of(403, "forbidden", ERROR_PAGES[403].text)
    return error_page(request, 403, ERROR_PAGES[403])


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if is_api(request):
        return problem_of(404, "not_found", _("There is no such address."))
    return error_page(request, 404, ERROR_PAGES[404])


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. Of such a request nothing is asked, not even who sent it."""
    if is_api(request):
        return problem_of(400, "invalid", ERROR_PAGES[400].text)
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(_alone(TOO_MUCH), status=413)
    return HttpResponse(_alone(ERROR_PAGES[400]), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500. What broke may be what a page needs: it asks no database, and does without the rest."""
    request_id = getattr(request, "id", "")
    if is_api(request):
        detail = "This is our fault. It may not have been kept: send it again under the same id."
        return problem_of(500, "broken", detail, request_id=request_id)
    page = ERROR_PAGES[500] if BEDSIDE.match(request.path) else BROKE_AT_A_DESK
    try:
        return HttpResponse(_alone(page, request_id=request_id), status=500)
    except (OSError, ValueError):  # a catalogue that cannot be read; a stylesheet that was never collected
        return HttpResponse(LAST_WORDS % request_id, status=500)


def _alone(page: ErrorPage, *, request_id: str = "") -> str:
    return render_to_string("error.html", {"page": page, "detail": page.text, "frame": BARE, "request_id": request_id})
