"""The body of a fact, read by what was sent of it.

REST framework asks every field of a shape whether it was sent: a set of vital signs has 33, and a bedside sends a
dozen. Here only what came is looked at, by the same fields. Whatever is not as it must be is left to REST framework,
which then says what and where: nothing is refused here.
"""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty


class SentFields:
    """How the fields of one shape are read. Made once a shape, and keeps nothing of a body."""

    def __init__(self, shape: serializers.Serializer) -> None:
        fields = shape.fields
        assert not any(field.read_only or hasattr(shape, f"validate_{name}") for name, field in fields.items())
        self._readers = {name: (str(field.source), field.allow_null, _reader(field)) for name, field in fields.items()}
        self._needed = frozenset(name for name, field in fields.items() if field.required)
        self._defaults = {name: field for name, field in fields.items() if field.default is not empty}

    def values(self, data: Any) -> dict[str, Any] | None:
        """What `to_internal_value` of the shape makes of it. None: it is for REST framework to say what that is."""
        if type(data) is not dict or not self._needed <= data.keys():
            return None
        values = {}
        try:
            for name, sent in data.items():
                if name not in self._readers:
                    return None
                source, may_be_null, read = self._readers[name]
                if sent is not None:
                    values[source] = read(sent)
                elif may_be_null:
                    values[source] = None
                else:
                    return None
        except serializers.ValidationError:
            return None
        for name, field in self._defaults.items():
            if name not in data:
                values[str(field.source)] = field.get_default()
        return values


def _reader(field: serializers.Field) -> Callable[[Any], Any]:
    """What is asked of a value that is there: where a field has no more to it than this, it is asked at once."""
    whole = type(field).run_validation is not serializers.Field.run_validation or field.validators
    return field.run_validation if whole else field.to_internal_value
