"""What runs by the clock is known to whoever takes it."""

from crsmonitor.celery import BACKGROUND, BEAT, app


def test_a_worker_knows_every_task_of_the_clock():
    app.loader.import_default_modules()

    assert [task for _, task, _ in BEAT if task not in app.tasks] == []
    assert set(BACKGROUND) <= {name for name, _, _ in BEAT}
