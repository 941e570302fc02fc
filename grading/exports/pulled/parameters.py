"""Query parameters of what programs pull: each with the values that it may have."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from crsmonitor.errors import InvalidInput
from grading.exports.pulled.answer import RowRange

MOST = 2**31 - 1
_NUMBER = {"type": "integer", "minimum": 0, "maximum": MOST, "default": 0}
PARTS = [
    OpenApiParameter("metadataonly", OpenApiTypes.BOOL, description="All but the rows."),
    OpenApiParameter("dataonly", OpenApiTypes.BOOL, description="The rows alone."),
    OpenApiParameter("offset", _NUMBER, description="Rows before."),
    OpenApiParameter("limit", _NUMBER, description="Rows at most; 0: all."),
]


def parts_in(request: Request) -> tuple[RowRange, bool, bool]:
    """Which rows, whether with what stands before them, and whether with rows at all. Raises InvalidInput."""
    without_rows, without_words = flag_in(request, "metadataonly"), flag_in(request, "dataonly")
    if without_rows and without_words:
        raise InvalidInput.at("dataonly", "no_such_parameter")
    offset, limit = number_in(request, "offset", least=0) or 0, number_in(request, "limit", least=0) or None
    return RowRange(offset=offset, limit=limit), not without_words, not without_rows


def flag_in(request: Request, name: str) -> bool:
    """False where it is not sent; `True` is how CDISC's guide writes it. Raises InvalidInput."""
    value = request.query_params.get(name, "false")
    if value not in ("true", "false", "True", "False"):
        raise InvalidInput.at(name, "one_of", choices="true, false")
    return value.lower() == "true"


def number_in(request: Request, name: str, *, least: int, most: int = MOST) -> int | None:
    """None where it is not sent. Raises InvalidInput."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 10 and least <= int(value) <= most):
        raise InvalidInput.at(name, "one_of", choices=f"{least}-{most}")
    return int(value)
