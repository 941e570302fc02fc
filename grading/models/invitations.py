"""The mail that invites somebody to an account."""

from django.conf import settings
from django.db import models

from grading.models.deliveries import Outgoing
from regimens.models import Study


class Invitation(Outgoing):
    """To whom a data manager opened an account, in the name of a study. The link in it is kept nowhere."""

    sending_reads = ("study", "recipient")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="invitations")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
