"""Which query parameters an address of the API takes: those that its description names, and no other."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # REST framework's views ask for this class while they are imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


class KnownParameters(BasePermission):
    """Refuses a parameter that the description does not name: a filter that is not applied shows too much.

    What is described is what is known: `extend_schema(parameters=...)` of the view's method.
    """

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        given = request.query_params
        if given and (unknown := set(given) - described(view, request.method or "")):
            raise ValidationError({name: [_("No such parameter.")] for name in sorted(unknown)})
        return True


def described(view: "APIView", method: str) -> set[str]:
    """The query parameters in the description of this method of the view."""
    from drf_spectacular.utils import OpenApiParameter

    handler = getattr(view, "get" if method == "HEAD" else method.lower(), None)
    inspector = getattr(handler, "kwargs", {}).get("schema")
    if inspector is None:
        return set()
    schema = inspector()
    schema.view, schema.method = view, method
    names: set[str] = set()
    for one in schema.get_override_parameters():
        if isinstance(one, OpenApiParameter):
            names |= {one.name} if one.location == OpenApiParameter.QUERY else set()
        else:  # a serializer: each of its fields
            names |= set((one() if isinstance(one, type) else one).fields)
    return names
