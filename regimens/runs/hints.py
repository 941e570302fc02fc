"""Tell the worker of runs that one waits. Only hurries: what is lost here, the tick finds."""

import logging
from datetime import timedelta

from django.conf import settings
from kombu.exceptions import OperationalError

from crsmonitor.operating import running

logger = logging.getLogger(__name__)

QUEUE = "designs"
EXPIRES = timedelta(minutes=1)  # the tick asks again
BROKER = {"max_retries": 0, "interval_start": 0}


def hurry() -> bool:
    """False: the broker did not take it, which is logged and not an error."""
    from crsmonitor.celery import app  # at the first use: the web process needs it for nothing else

    running.want(settings.STATE_DIR, QUEUE)
    try:
        with app.connection_for_write(connect_timeout=1, transport_options={"socket_timeout": 1, **BROKER}) as broker:
            app.send_task(
                "regimens.runs.tasks.compute_runs", queue=QUEUE, expires=EXPIRES.total_seconds(), connection=broker,
                retry=False, ignore_result=True,
            )  # fmt: skip
    except (OperationalError, OSError) as error:
        logger.warning("no hint for a run: broker failed (%s)", type(error).__name__)
        return False
    return True
