"""What /readyz asks of the runs of the workbench. No alert needs one: none takes the site out of service."""

import logging

from django.utils import timezone

from crsmonitor.health import Doubtful
from regimens.runs import claims

logger = logging.getLogger(__name__)


def check_runs() -> None:
    """Raises Doubtful where a run waits and no worker of runs was seen."""
    if claims.unattended(at=timezone.now()):
        logger.warning("readyz: runs wait and nobody computes one: is there a worker of the queue designs?")
        raise Doubtful
