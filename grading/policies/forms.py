"""A threshold policy being drafted, and its approval."""

from typing import Any

import yaml
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.error_words import place_text
from crsmonitor.formats.yaml_once import line_of
from crsmonitor.pages.error_forms import ShowsErrors
from grading.models import AlertPolicy
from grading.policies.error_words import policy_error_text
from grading.policies.library import Policy, parse_policy
from grading.rules.treatment.policy_numbers import BadPolicy
from grading.words.wording import named

LONGEST_TEXT = 64_000  # characters; the default policy has 8,000
LONGEST_REASON = 500


def as_yaml(policy: AlertPolicy) -> str:
    """A version as it was written; one from before texts were kept, as it would be written."""
    if policy.text:
        return policy.text
    sections = {name: value for name, value in policy.data.items() if value is not None}
    return str(yaml.safe_dump({"title": policy.title} | sections, sort_keys=False, allow_unicode=True, width=110))


class PolicyForm(ShowsErrors, forms.Form):
    """YAML typed or in a file; a file counts where both are there. `policy` is what it says, checked."""

    text = forms.CharField(required=False, max_length=LONGEST_TEXT, strip=False)
    file = forms.FileField(required=False, validators=[FileExtensionValidator(["yaml", "yml", "json", "txt"])])
    reason = forms.CharField(
        max_length=LONGEST_REASON, error_messages={"required": _l("Say what the version is for.")}
    )  # fmt: skip
    policy: Policy | None = None

    def __init__(self, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial, auto_id="policy_%s")
        self.written = ""  # what was typed or sent, to be shown again whatever is wrong with it

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        sent = values.get("file")
        self.written = self.data.get("text", "")
        if sent is not None:
            if sent.size > 4 * LONGEST_TEXT:
                self.add_error("file", _("This file is too long to be a threshold policy."))
                return values
            try:
                self.written = sent.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is no UTF-8 text."))
                return values
        self.written = self.written.replace("\r\n", "\n")
        if "text" in self.errors or "file" in self.errors:
            return values
        if not self.written.strip():
            self.add_error("text", _("Paste the policy or choose its file."))
            return values
        try:
            self.policy = parse_policy(self.written)
        except BadPolicy as bad:
            line = line_of(self.written, bad.where)
            place = f"{bad.where} ({_('line %(n)s') % {'n': line}})" if line else place_text(bad.where)
            self.add_error("text", ValidationError(named(place, policy_error_text(bad))))
        return values


class ApprovalForm(ShowsErrors, SignatureForm):
    """Why a draft may come into force, signed. `against`: the version it was compared with, empty where none was."""

    because = forms.CharField(
        max_length=LONGEST_REASON, error_messages={"required": _l("Say why it may come into force.")}
    )  # fmt: skip
    against = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="approve_%s")
