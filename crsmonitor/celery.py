"""The Celery app. The broker carries hints; the rows in the database are the record."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")

app = Celery("crsmonitor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Everything that runs by the clock. A missed tick is caught up by the next: due times are rows.
BEAT = [
    ("escalate", "grading.tasks.escalate", 2.0),  # finds what nobody answered or acted on in time
    ("watch_courses", "grading.tasks.watch_courses", 2.0),  # finds what has come due in a course by itself
    ("sweep", "grading.tasks.sweep", 2.0),  # seconds; finds what a lost message left unsent
]
app.conf.beat_schedule = {
    # Ticks that no worker takes die unread. Not at once: the clocks of two machines may differ by seconds.
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds + 30}}
    for name, task, seconds in BEAT
}
