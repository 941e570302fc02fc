"""Query parameters of what programs pull: each with the values that it may have."""

from rest_framework.request import Request

from crsmonitor.errors import InvalidInput

MOST = 2**31 - 1


def flag_in(request: Request, name: str) -> bool:
    """False where it is not sent. Raises InvalidInput."""
    value = request.query_params.get(name, "false")
    if value not in ("true", "false"):
        raise InvalidInput.at(name, "one_of", choices="true, false")
    return value == "true"


def number_in(request: Request, name: str, *, least: int, most: int = MOST) -> int | None:
    """None where it is not sent. Raises InvalidInput."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and least <= int(value) <= most):
        raise InvalidInput.at(name, "one_of", choices=f"{least}-{most}")
    return int(value)
