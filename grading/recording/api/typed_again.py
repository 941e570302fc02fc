"""What of a body is typed a second time, and why something was not done."""

from collections.abc import Container
from typing import Any

from rest_framework import serializers

from grading.recording.api.fields import Measured, Reading, Text


def typed_again(values: dict[str, Any], fields: Container[str]) -> list[str]:
    """The names of the fields whose second typing agrees with the first. Raises ValidationError for any other."""
    again = values.get("retyped", {})
    wrong = {name: ["No such measured value."] for name in again if name not in fields} | {
        name: ["Not the same as before."] for name in again if name in fields and again[name] != values.get(name)
    }
    if wrong:
        raise serializers.ValidationError({"retyped": wrong})
    return sorted(again)


class NotDone(serializers.DictField):
    """Field -> why it was not looked at."""

    child = Text(most=60)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        reasons = super().to_internal_value(data)
        unknown = {name: ["No such field."] for name in reasons if name not in self.parent.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        return reasons


class Retyped(serializers.DictField):
    """Unusual values, typed a second time: `{field: value}`. They must be the same."""

    child = Measured(digits=12, places=4)


class RetypedReading(Retyped):
    """The same, of what devices send."""

    child = Reading()


class RetypedMeasurement(Retyped):
    child = Reading(digits=12)


class RetypedTreatment(Retyped):
    """The same; the drug's name too is typed again where it is not known."""

    def run_child_validation(self, data: dict[str, Any]) -> dict[str, Any]:
        named = {"drug": data["drug"]} if "drug" in data else {}
        rest = super().run_child_validation({name: value for name, value in data.items() if name != "drug"})
        try:
            return rest | {name: _NAME.run_validation(value) for name, value in named.items()}
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"drug": error.detail}) from None


_NAME = Text(most=60)
