"""One error page with a face for each status, also where what broke is what a page needs."""

import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import translation
from django.views.decorators.http import require_POST

from crsmonitor.errors import AlreadyCorrected, InvalidInput
from crsmonitor.pages.error_pages import ERROR_PAGES, broken
from tests.pages import as_read


def raising(error: Exception):
    def view(request):
        raise error

    view.login_required = False
    return view


@require_POST
def only_sent(request):
    """What takes a form and has no page."""


only_sent.login_required = False

urlpatterns = [
    path("400", raising(BadRequest("the reason"))),
    path("403", raising(PermissionDenied("the reason"))),
    path("404", raising(Http404("the reason"))),
    path("405", only_sent),
    path("409", raising(AlreadyCorrected("already_corrected"))),
    path("refused", raising(InvalidInput.at("observed_at", "in_future"))),
    path("500", raising(RuntimeError("the reason"))),
    path("", include("crsmonitor.urls")),
]
from crsmonitor.urls import handler400, handler403, handler404, handler500  # noqa: E402, F401

TITLES = {400: "Not understood", 403: "Not allowed", 404: "Not found", 405: "No page", 409: "Not possible",
          500: "Something broke"}  # fmt: skip


def opened(status: int, language: str = "en"):
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = language
    return client.get(f"/{status}")


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("status", "title"), TITLES.items())
def test_each_status_has_its_face_and_a_way_out(db, status, title):
    answer = opened(status)

    page = as_read(answer.content.decode())
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert f"<title>{title} – crsmonitor</title>" in page
    assert "To the board" in page
    assert "the reason" not in page


@override_settings(ROOT_URLCONF=__name__)
def test_a_value_that_is_refused_was_understood(db):
    answer = Client().get("/refused")

    page = as_read(answer.content.decode())
    assert (answer.status_code, "<h1>Not possible</h1>" in page) == (400, True)
    assert "This time is in the future." in page


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("status", [400, 403, 404, 405, 500])
def test_in_chinese_it_is_in_chinese(db, status):
    page = opened(status, "zh-hant").content.decode()

    with translation.override("zh-hant"):
        assert str(ERROR_PAGES[status].title) in page
    assert TITLES[status] not in page


def test_every_face_is_shown_here():
    assert {*ERROR_PAGES} == {*TITLES}


@pytest.fixture
def request_of_somebody():
    """A request whose user cannot be read: asking for her would ask the database, which is not there."""

    class Gone:
        def __getattr__(self, name):
            raise AssertionError("the page asked who is signed in")

    request = RequestFactory().get("/")
    request.user = Gone()
    return request


def test_what_broke_is_told_without_the_database(request_of_somebody):
    """No fixture of the database: a query would fail this test."""
    answer = broken(request_of_somebody)

    assert answer.status_code == 500
    assert "Write the values on paper" in answer.content.decode()


@pytest.mark.parametrize("error", [OSError(0, "Bad magic number"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")])
def test_what_broke_is_told_without_translations(request_of_somebody, monkeypatch, error):
    def unreadable(*_message):
        raise error

    monkeypatch.setattr("django.utils.translation._trans.gettext", unreadable)

    answer = broken(request_of_somebody)

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Write the values on paper" in page
    assert "請將數值寫在紙上" in page


@override_settings(
    STORAGES={"staticfiles": {"BACKEND": "crsmonitor.pages.static_files.HashedFiles"}},
    STATIC_ROOT="/nowhere",
    DEBUG=False,
)
def test_what_broke_is_told_without_stylesheets(request_of_somebody):
    answer = broken(request_of_somebody)

    assert answer.status_code == 500
    assert re.search("Write the values on\\s+paper", answer.content.decode())
