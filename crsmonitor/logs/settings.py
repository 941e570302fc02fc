"""Django's LOGGING: who writes, how, and what is too much. Every process writes to its standard error."""

from typing import Any

from crsmonitor.env import env_choice


def logging_settings(*, production: bool) -> dict[str, Any]:
    """Without it, Django tells nobody of an error while DEBUG is off. JSON in production, else text for people."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "crsmonitor.logs.lines.RequestIdFilter"},
            "not_what_we_refused": {"()": "crsmonitor.logs.lines.NotWhatWeRefused"},
        },
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
            "json": {"()": "crsmonitor.logs.lines.JsonLines"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": env_choice("LOG_FORMAT", among=("json", "text"), default="json" if production else "text"),
            },
        },
        "root": {
            "handlers": ["console"],
            "level": env_choice("LOG_LEVEL", among=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
        },
        "loggers": {
            # Django's own handlers would send a second copy; its console speaks only in DEBUG.
            "django": {"handlers": [], "propagate": True},
            # What was refused has its line already (logs.log_answer).
            "django.request": {"level": "ERROR", "filters": ["not_what_we_refused"]},
            "httpx": {"level": "WARNING"},  # logs the address of every webhook at INFO
            "apprise": {"level": "CRITICAL"},  # logs addresses with their secrets; outbox.py logs what failed
            # Three ticks every 2 s, each sent, received and done: 390,000 lines a day of nothing.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
