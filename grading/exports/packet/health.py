"""What /readyz asks of the stores in which packets lie. No alert needs one: none takes the site out of service."""

import logging

from django.utils import timezone

from crsmonitor.health import Doubtful
from grading.exports.packet.places import stores_in_use, trouble_of

logger = logging.getLogger(__name__)


def check_stores() -> None:
    """Raises Doubtful where one does not answer, or is no longer named though packets lie in it. The log says which."""
    at = timezone.now()
    troubles = {name: code for name in stores_in_use() if (code := trouble_of(name, at=at))}
    if troubles:
        logger.warning("readyz: stores of packets: %s", ", ".join(f"{name} {code}" for name, code in troubles.items()))
        raise Doubtful
