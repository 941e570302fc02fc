"""A message as a mail: subject, text, and an id that is the same for its twins."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMessage

from grading.alerting.delivery.notification import Notification

KEY_HEADER = "X-Crsmonitor-Key"


def mail_of(notification: Notification) -> EmailMessage:
    digest = hashlib.sha256(notification.key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    return EmailMessage(
        subject=notification.subject,
        body=notification.body,
        to=list(notification.destination.addresses),
        headers={KEY_HEADER: notification.key, "Message-ID": f"<{digest}@{domain}>"},
    )
