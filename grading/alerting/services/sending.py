"""Write down what became of messages that were tried. No exception is lost, and none holds up what else was tried."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from grading.alerting.delivery import lanes, outbox
from grading.alerting.delivery.channels import Try
from grading.alerting.delivery.channels.failure import ChannelFailed, ReceiverGone
from grading.alerting.services import answers
from grading.alerting.services.on_call import browsers
from grading.models import Alert, Delivery, Outgoing, Purpose

logger = logging.getLogger(__name__)


def keep(tries: Sequence[Try], *, at: datetime) -> None:
    """Of messages that ended together. Raises what nobody expected, once all of them are written down."""
    left = [one for one in tries if one.is_begun and one.error is None]
    for (_kind, proven), messages in _by_kind(left).items():
        outbox.mark_all_sent(messages, at=at, proven=proven)
    lanes.tried_all(((one.message, one.took, _came(one)) for one in tries if _is_answer(one)), at=at)
    unexpected = [error for one in tries if (error := _kept(one, at=at)) is not None]
    answers.delivered(_paged(left), at=at)
    if unexpected:
        raise unexpected[0]


def _by_kind(tries: Iterable[Try]) -> dict[tuple[type[Outgoing], bool], list[Outgoing]]:
    kinds: dict[tuple[type[Outgoing], bool], list[Outgoing]] = {}
    for one in tries:
        kinds.setdefault((type(one.message), one.proven), []).append(one.message)
    return kinds


def _is_answer(one: Try) -> bool:
    """Whether it shows how quick its receiver is."""
    return one.is_begun and (one.error is None or isinstance(one.error, ChannelFailed))


def _came(one: Try) -> bool:
    """Whether the receiver answered: one that is gone did."""
    return one.error is None or isinstance(one.error, ReceiverGone)


def _kept(one: Try, *, at: datetime) -> Exception | None:
    """What nobody expected of it, written down all the same."""
    if not one.is_begun:
        outbox.put_back(one.message, until=at)
    elif isinstance(one.error, ReceiverGone):
        browsers.gone(one.message, why=one.error.code, at=at)
    elif isinstance(one.error, ChannelFailed):
        outbox.mark_failed(one.message, why=one.error.code, at=at)
    elif one.error is not None:
        logger.error("delivery %s: unexpected %s", one.message.pk, type(one.error).__name__)
        outbox.mark_failed(one.message, why=f"unexpected: {type(one.error).__name__}", at=at)
        return one.error
    return None


def _paged(left: Iterable[Try]) -> list[Alert]:
    messages = (one.message for one in left)
    return [one.alert for one in messages if isinstance(one, Delivery) and one.purpose == Purpose.PAGE]
