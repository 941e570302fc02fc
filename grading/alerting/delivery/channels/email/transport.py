"""Hand a mail to the mail server, through Django's mail framework. Its time-out is settings.EMAIL_TIMEOUT."""

import smtplib
from datetime import datetime

from grading.alerting.delivery.channels.email.words import mail_of
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.notification import Notification


def send(notification: Notification, at: datetime) -> None:
    """Raises ChannelFailed where the server has not taken it."""
    try:
        taken = mail_of(notification).send()
    except TimeoutError as error:
        raise ChannelFailed("mail_timeout") from error
    except smtplib.SMTPResponseException as error:
        raise ChannelFailed(f"mail_{error.smtp_code}") from error
    except smtplib.SMTPException as error:
        raise ChannelFailed(f"mail_{type(error).__name__}") from error
    except OSError as error:
        raise ChannelFailed("mail_unreachable") from error
    if not taken:
        raise ChannelFailed("mail_not_taken")
