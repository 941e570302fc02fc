"""The Celery app. The broker carries hints; the rows in the database are the record."""

import os
import sys
from typing import Any

from celery import Celery, Task
from celery.signals import beat_init, setup_logging, task_prerun, worker_init, worker_ready
from django.db import close_old_connections
from django.urls import reverse
from kombu import Exchange, Queue

from crsmonitor.jobs import broker
from crsmonitor.jobs.queues import ALERTS, PACKETS, TAKEN, TICKS
from crsmonitor.logs.lines import say_start
from crsmonitor.web.room import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")


class RoomyTask(Task):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return with_room(super().__call__, *args, **kwargs)


broker.use()
app = Celery("crsmonitor", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "grading.alerting",
        "grading.downtime",
        "grading.effort",
        "grading.evidence",
        "grading.exports",
        "grading.intake.files",
        "grading.intake.streams",
        "grading.policies",
        "regimens.runs",
        "crsmonitor.audit",
    ]
)
app.conf.beat_scheduler = "crsmonitor.jobs.beat:Scheduler"
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize  # or Celery connects anew for each task, which takes as long as the task


@task_prerun.connect
def _look_at_connections(**_: Any) -> None:
    """As before each request: one that broke or is a minute old (CONN_MAX_AGE) is not used again."""
    close_old_connections()


@setup_logging.connect
def _leave_logging_alone(**_: Any) -> None:
    """settings.LOGGING is for workers and beat too. That somebody listens here keeps Celery's own handlers away."""


@worker_init.connect
def _read_pages(**_: Any) -> None:
    """Of every address, before processes are forked: the first message's link does not wait for their modules."""
    reverse("healthz")


@worker_ready.connect
def _say_worker(**_: Any) -> None:
    say_start("worker")


@beat_init.connect
def _say_beat(**_: Any) -> None:
    say_start("beat")


# Everything that runs by the clock. A missed tick is caught up by the next: due times are rows.
BEAT = [
    ("escalate", "grading.alerting.tasks.escalate", 2.0),  # finds what nobody answered or acted on in time
    ("watch_courses", "grading.alerting.tasks.watch_courses", 2.0),  # finds what has come due in a course by itself
    ("watch_policies", "grading.alerting.tasks.watch_policies", 60.0),  # finds who was left under an earlier policy
    ("verify", "crsmonitor.audit.tasks.verify", 600.0),  # asks whether today's verification is done
    ("rota_notes", "grading.alerting.tasks.rota_notes", 600.0),  # leaves the morning's mails about who is on call
    ("downtime_sheets", "grading.downtime.tasks.downtime_sheets", 300.0),  # makes those whose hour is over
    ("let_efforts_go", "grading.effort.tasks.let_efforts_go", 3600.0),  # what is older than is kept
    ("design_runs", "regimens.runs.tasks.hurry_runs", 5.0),  # asks for runs of the workbench that lie
    ("packets", "grading.exports.tasks.build_packets", 20.0),  # builds the packets of data cuts that wait
    ("lines", "grading.exports.tasks.write_lines", 300.0),  # writes those of periods that are over
    ("intake_files", "grading.intake.files.tasks.take_files", 10.0),  # takes in the files that wait
    ("streams", "grading.intake.streams.tasks.thin_streams", 300.0),  # proposes what of the series is graded
    ("evidence", "grading.evidence.tasks.fit_evidence", 60.0),  # lays bands over the doses that were given since
    ("silent_runs", "grading.policies.tasks.run_silently", 60.0),  # computes what a version would have said
    ("sweep", "grading.alerting.tasks.sweep", 2.0),  # seconds; finds what a lost message left unsent
]
# `packets` and `designs` (regimens/runs/hints.py) are not among `task_queues`, so that a worker takes them that is told
# to (`worker -Q packets`): one task takes minutes.
BACKGROUND = ("packets", "lines", "intake_files", "streams", "evidence", "silent_runs")  # by name in BEAT
app.conf.task_default_queue = ALERTS
app.conf.task_queues = [Queue(name, Exchange(name), routing_key=name) for name in TAKEN]
app.conf.beat_schedule = {
    # Ticks that no worker takes die unread. Not at once: the clocks of two machines may differ by seconds.
    name: {
        "task": task,
        "schedule": seconds,
        "options": {"expires": seconds + 30, "queue": PACKETS if name in BACKGROUND else TICKS},
    }
    for name, task, seconds in BEAT
}
