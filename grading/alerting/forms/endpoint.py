"""Where a study's alerts go besides its people. A secret goes in and is never shown again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crsmonitor.audit.admin import ReasonForm
from crsmonitor.errors import InvalidInput
from crsmonitor.pages.error_forms import ShowsErrors
from grading.alerting.delivery.channels.webhook.form import check_address, check_secret
from grading.models import Endpoint


class EndpointForm(ShowsErrors, ReasonForm):
    url = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")
    secret = forms.CharField(
        label=_("Secret"), required=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Signs the calls of a webhook. At least 16 characters; never shown again. Empty: as it was."),
    )  # fmt: skip

    class Meta:
        model = Endpoint
        fields = ("study", "site", "url", "secret", "gateway", "active")

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or self.cleaned_data
        url, secret = entered.get("url", ""), entered.get("secret", "")
        if not entered.get("gateway") and "url" not in self.errors:
            self._check_webhook(url, secret)
        elif entered.get("gateway") and (url or secret):
            self.add_error("gateway", _("Either a gateway, or an address with its secret."))
        return entered

    def _check_webhook(self, url: str, secret: str) -> None:
        if not url:
            self.add_error("url", _("An address, or the name of a gateway."))
        # Not of one that stays as it was or is switched off: its name may be gone from the network.
        elif "url" in self.changed_data or ("active" in self.changed_data and self.cleaned_data["active"]):
            self._take_from(check_address, url)
        if secret or not self.instance.sealed_secret:
            self._take_from(check_secret, secret)

    def _take_from(self, check: Any, value: str) -> None:
        try:
            check(value)
        except InvalidInput as error:
            self.take(error)

    def _post_clean(self) -> None:
        """Before the model's own checks, which ask for one."""
        if secret := self.cleaned_data.get("secret"):
            self.instance.secret = secret
        elif self.cleaned_data.get("gateway"):
            self.instance.secret = ""
        super()._post_clean()
