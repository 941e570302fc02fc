"""Mails to people that are about no alert: an invitation, who is on call, what tells what a study is blinded for."""

from django.conf import settings
from django.db import models

from grading.models.deliveries import Outgoing
from regimens.models import Site, Study


class Invitation(Outgoing):
    """To whom a data manager opened an account, in the name of a study. The link in it is kept nowhere."""

    sending_reads = ("study", "recipient")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="invitations")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class RotaNote(Outgoing):
    """To somebody who is on call at a site within the next day: who is on now, and who is next.

    What it says is looked up when it leaves; a day later nobody needs it.
    """

    sending_reads = ("study", "site", "recipient")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="rota_notes")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rota_notes")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class UnblindingNote(Outgoing):
    """To whoever keeps a study blinded: something left that tells what it is blinded for, or a key was made that does.

    It names nobody and nothing: what it was stands on the page that it leads to.
    """

    sending_reads = ("study", "recipient")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="unblinding_notes")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    of_a_key = models.BooleanField(default=False)
