"""What a data manager says of a new key."""

from ipaddress import ip_network
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.models import User
from crsmonitor.accounts.tokens import MOST_DAYS
from crsmonitor.pages.error_forms import ShowsErrors
from grading.exports.datasets import ALL
from grading.exports.keys.services import Binding, profiles_of, sites_to_bind
from grading.exports.words import PROFILES
from regimens.blinding import Profile
from regimens.models import Study
from regimens.selectors import sites_of

EVERY_SITE = "*"
MOST_NETWORKS = 20


class KeyForm(ShowsErrors, forms.Form):
    """Nothing is ticked before somebody ticks it, and the profile that tells least stands first."""

    name = forms.CharField(
        max_length=40, validators=[RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", _l("Small letters, digits and hyphens."))]
    )
    datasets = forms.MultipleChoiceField(
        choices=[(one.name, f"{one.name.upper()} · {one.label}") for one in ALL], widget=forms.CheckboxSelectMultiple
    )
    sites = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    profile = forms.ChoiceField()
    networks = forms.CharField(required=False, max_length=900)
    shifts_dates = forms.BooleanField(required=False)
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=90)

    def __init__(self, *args: Any, study: Study, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, here = sites_to_bind(study, by), sites_of(study).order_by("code")
        every = [(EVERY_SITE, _l("All sites, also those to come"))] if own is None else []
        self.fields["sites"].choices = every + [(one.pk, one.code) for one in here if own is None or one.pk in own]
        self.fields["profile"].choices = [(one.value, PROFILES[one]) for one in profiles_of(study)]

    def clean_networks(self) -> tuple[str, ...]:
        """As they are compared: 192.0.2.8 is the network 192.0.2.8/32."""
        try:
            networks = [ip_network(one) for one in self.cleaned_data["networks"].replace(",", " ").split()]
        except ValueError as error:
            raise ValidationError(_l("Addresses or networks such as 192.0.2.0/24, with a comma between.")) from error
        if len(networks) > MOST_NETWORKS:
            raise ValidationError(_l("Addresses or networks such as 192.0.2.0/24, with a comma between."))
        return tuple(map(str, networks))

    @property
    def binding(self) -> Binding:
        given = self.cleaned_data
        sites = None if EVERY_SITE in given["sites"] else tuple(map(int, given["sites"]))
        return Binding(
            sites=sites, datasets=given["datasets"], profile=Profile(given["profile"]), networks=given["networks"],
            shifts_dates=given["shifts_dates"],
        )  # fmt: skip
