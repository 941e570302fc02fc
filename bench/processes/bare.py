"""A Celery task that does nothing but say when it began: what a message costs by itself."""

import time

import redis
from celery import shared_task
from django.conf import settings

BEGAN = "bench-began"  # a list of the broker


@shared_task
def bare(number: int) -> None:
    began = time.monotonic()
    _client().rpush(BEGAN, f"{began} {number}")


def _client() -> redis.Redis:
    global _kept
    _kept = _kept or redis.Redis.from_url(settings.CELERY_BROKER_URL)
    return _kept


_kept: redis.Redis | None = None
