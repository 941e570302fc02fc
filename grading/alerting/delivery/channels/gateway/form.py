"""A gateway of the operator as a person's contact: one of the names in CRS_GATEWAYS."""

from django.conf import settings

from crsmonitor.errors import InvalidInput


def check_address(address: str) -> None:
    """Raises InvalidInput."""
    if address not in settings.GATEWAYS:
        raise InvalidInput.at("address", "no_such_gateway")
