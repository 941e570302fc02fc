"""A person's e-mail address as a contact."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crsmonitor.errors import InvalidInput


def check_address(address: str) -> None:
    """Raises InvalidInput."""
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput.at("address", "not_an_email") from None
