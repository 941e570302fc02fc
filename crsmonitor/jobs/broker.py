"""Celery's way to the broker, past messages that nobody can read.

The broker carries hints: what is thrown away here costs seconds, since the rows are the record (outbox.py). A message
that ends the worker which reads it ends every worker, one after the other.
"""

import logging
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024  # of a body; ours are below one kilobyte


class Channel(redis.Channel):
    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)
        except ValueError as error:  # it is no JSON, and it is off the queue
            _thrown_away(error)
            return True


class Transport(redis.Transport):
    Channel = Channel

    def _deliver(self, message: Any, queue: str) -> None:
        try:
            if len(message["body"] or "") > MOST_BYTES:
                raise ValueError("too large")
            super()._deliver(message, queue)
        except (*self.connection_errors, *self.channel_errors):
            raise
        except Exception as error:  # the worker's own edge: whatever it is, it is this message's
            _thrown_away(error)
            self._acknowledge(message)

    def _acknowledge(self, message: Any) -> None:
        """So that it does not come back from those who were given out and never done."""
        properties = message.get("properties") if isinstance(message, dict) else None
        tag = properties.get("delivery_tag") if isinstance(properties, dict) else None
        for channel in self.channels:
            if channel and tag in channel.qos._delivered:
                channel.basic_ack(tag)


def _thrown_away(error: Exception) -> None:
    # Its class only: what stands in the message is not ours.
    logger.error("broker: threw away a message that cannot be read (%s)", type(error).__name__)


def use() -> None:
    """Of every connection to a broker from now on."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))
