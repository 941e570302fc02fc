"""Processes that are made to hang, with `python -m tests.faults.hosts.hanging`:

`web --port 8000 ...` is the web process with two doors more, behind which it hangs; `celery --app ...` is Celery with
little time for each task of alerts.
"""

import sys
import time

from django.urls import path

HOUR = 3600
LOOP, THREADS = "/test/loop/", "/test/threads/"
TASK_SECONDS = 8  # more than any task takes on a busy machine, also the first one of a process


def web() -> None:
    from django.contrib.auth.decorators import login_not_required

    import crsmonitor.asgi as site
    from crsmonitor import urls
    from crsmonitor.web.__main__ import main as serve

    answered = site.application

    async def application(scope, receive, send):
        if scope.get("path") == LOOP:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"blocked", "more_body": True})
            time.sleep(HOUR)  # of the loop itself: nothing else turns
        await answered(scope, receive, send)

    @login_not_required
    def threads(request):
        time.sleep(HOUR)

    site.application = application
    urls.urlpatterns.insert(0, path(THREADS.removeprefix("/"), threads))
    serve()


def celery() -> None:
    from celery.__main__ import main as run

    from grading.alerting import tasks

    for task in (tasks.deliver, tasks.page):
        assert task.time_limit == tasks.HUNG_SECONDS
        task.time_limit = TASK_SECONDS
    run()


if __name__ == "__main__":
    del sys.argv[0]
    {"web": web, "celery": celery}[sys.argv[0]]()
