"""The channels by which a message leaves: one row for each, with its folder's transport, words and form.

Nothing here touches the database, and nothing here runs inside a transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from grading.alerting.delivery.channels.email import form as email_form
from grading.alerting.delivery.channels.email import transport as email
from grading.alerting.delivery.channels.gateway import form as gateway_form
from grading.alerting.delivery.channels.gateway import transport as gateway
from grading.alerting.delivery.channels.push import form as push_form
from grading.alerting.delivery.channels.push import transport as push
from grading.alerting.delivery.channels.webhook import transport as webhook
from grading.alerting.delivery.messages import notification_of
from grading.alerting.delivery.notification import Notification
from grading.models import Channel, Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """`send` raises ChannelFailed. `proves_receipt`: its answer is the receiver's own, not of something on the way.

    `check_address`: of a person's contact by it, raises InvalidInput. None: no person is reached so.
    """

    send: Callable[[Notification, datetime], None]
    proves_receipt: bool = False
    check_address: Callable[[str], None] | None = None


CHANNELS: Mapping[Channel, ChannelRow] = {
    Channel.EMAIL: ChannelRow(send=email.send, check_address=email_form.check_address),
    Channel.GATEWAY: ChannelRow(send=gateway.send, check_address=gateway_form.check_address),
    Channel.PUSH: ChannelRow(send=push.send, check_address=push_form.check_address),
    Channel.WEBHOOK: ChannelRow(send=webhook.send, proves_receipt=True),
}


def send(message: Outgoing, *, at: datetime) -> bool:
    """Send it now, once, in the language of its reader.

    Raises ChannelFailed where it was not taken, ReceiverGone where it never will be.

    True: the receiver itself has it (a webhook's 2xx). False: something on the way has taken it (a mail server).
    """
    notification = notification_of(message)
    row = CHANNELS[notification.destination.channel]
    row.send(notification, at)
    return row.proves_receipt
