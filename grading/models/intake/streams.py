"""Temperatures as a device sends them, one every few minutes: a series of its own, read by no board and no grade."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from regimens.models import Participant


class DeviceReading(models.Model):
    """One value. Written once; of a participant, a device and an instant there is one, the first that came.

    `temperature_c`: in °C, as sent. What of a series is graded are the rows of the queue that it is thinned to.
    """

    app_may = "SELECT, INSERT"

    id = models.BigAutoField(primary_key=True)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="device_readings", db_index=False
    )
    device = models.CharField(max_length=40)
    at = models.DateTimeField()
    temperature_c = models.DecimalField(max_digits=7, decimal_places=3)
    received_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "device", "at"], name="device_reading_once")]
        indexes = [
            # what came lately: the rows lie in the order in which they came, so that this index is a few pages
            BrinIndex(fields=["received_at"], name="device_reading_received"),
        ]

    def __str__(self) -> str:
        return f"{self.device} at {self.at:%Y-%m-%d %H:%M}"
