"""What every log line carries."""

import logging


class RequestIdFilter(logging.Filter):
    """Gives each record the id of its request, so that the lines of one request are found together."""

    def filter(self, record: logging.LogRecord) -> bool:
        """'-' outside a request. Never drops a record."""
        from crsmonitor.middleware import current_request_id  # not before the settings are read

        record.request_id = current_request_id() or "-"
        return True
