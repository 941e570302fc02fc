"""What is told of a fact that is kept."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from rest_framework import serializers

from grading.models import Grade, NeuroAssessment
from grading.recording.api.fields import Id, Instant
from grading.recording.api.grade import GradeReasonSerializer
from grading.recording.api.shapes import FactSerializer
from grading.recording.neuro_banks import bank_differences
from grading.recording.record import Recorded
from grading.rules.grades.graded import CRITERIA
from grading.rules.neuro.mixing import CODES
from grading.treatment.services.drugs import CLASS_FROM_NAME
from regimens.facts import Fact
from regimens.rules.releases import Deviation


class SetGradeSerializer(serializers.Serializer):
    """The grade of one set: -1 where more than one is attainable, between `at_least` and `at_most`."""

    kind = serializers.CharField()
    grade = serializers.IntegerField()
    at_least = serializers.IntegerField()
    at_most = serializers.IntegerField()
    reasons = GradeReasonSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField())
    criteria = serializers.CharField()
    version = serializers.CharField()


class RaisedAlertSerializer(serializers.Serializer):
    id = Id()
    kind = serializers.CharField()
    grade = serializers.IntegerField()
    thresholds = serializers.ListField(child=serializers.CharField())
    late = serializers.BooleanField()


class ToldSerializer(serializers.Serializer):
    grade = serializers.IntegerField(allow_null=True, help_text="-1: more than one is attainable.")
    at_least = serializers.IntegerField(allow_null=True)
    at_most = serializers.IntegerField(allow_null=True)
    ended_at = Instant(allow_null=True, help_text="Of an episode that is over.")
    flags = serializers.ListField(child=serializers.CharField())


class ChangeSerializer(serializers.Serializer):
    """One thing that is told otherwise than before. `before` or `after` null: there was, or is, none."""

    what = serializers.ChoiceField(choices=["grade", "episode", "now", "dose_period"])
    kind = serializers.ChoiceField(choices=["crs", "icans"])
    at = Instant(allow_null=True, help_text="Of the set, or the begin of the episode or the period; null: now.")
    dose_number = serializers.IntegerField(allow_null=True)
    before = ToldSerializer(allow_null=True)
    after = ToldSerializer(allow_null=True)


class RecordedSerializer(serializers.Serializer):
    """A fact that is kept, and what it brought about."""

    id = Id()
    root = Id(help_text="The id of the first version, which all corrections share.")
    observed_at = Instant()
    recorded_at = Instant()
    grade = SetGradeSerializer(allow_null=True)
    alerts = RaisedAlertSerializer(many=True)
    to_confirm = serializers.ListField(
        child=serializers.CharField(),
        help_text="Unusual values of a worsening: kept, graded and told at once. Confirm each by a correction with "
        "`retyped`, or correct it.",
    )
    unconfirmed = serializers.ListField(child=serializers.CharField(), help_text="`to_confirm` by its earlier name.")
    rounded = serializers.ListField(
        child=serializers.CharField(), help_text="Fields kept with three decimals that came with more."
    )
    changes = ChangeSerializer(
        many=True,
        help_text="What a late entry or a correction made different of what was told before.",
    )
    deviation = serializers.ChoiceField(
        choices=[one.value for one in Deviation],
        allow_null=True,
        help_text="Of a dose that was given without its release. Recorded as a deviation; nothing is refused.",
    )
    flags = serializers.ListField(
        child=serializers.CharField(),
        help_text="class_from_name: of a treatment, the class is that of the drug it names, not the one sent.",
    )
    bank_differs = serializers.ListField(
        child=serializers.ChoiceField(choices=CODES),
        help_text="Of a neuro assessment: its words are not those of the baseline, or of the assessment before.",
    )
    complete_the_set = serializers.BooleanField(help_text="What is missing could hide a grade of 2 or more: look now.")


def recorded(outcome: Recorded, *, rounded: Sequence[str] = ()) -> dict[str, Any]:
    """The shape of RecordedSerializer, built by hand: it is the answer of every round."""
    fact = outcome.fact
    return {
        "id": str(fact.id),
        "root": str(fact.root),
        "observed_at": fact.observed_at.isoformat(),
        "recorded_at": fact.recorded_at.isoformat(),
        "grade": None if outcome.grade is None else set_grade(outcome.grade),
        "alerts": [
            {"id": str(a.id), "kind": a.kind, "grade": a.grade, "thresholds": a.thresholds, "late": a.late}
            for a in outcome.alerts
        ],
        "to_confirm": list(outcome.unconfirmed),
        "unconfirmed": list(outcome.unconfirmed),
        "rounded": list(rounded),
        "changes": list(outcome.changes),
        "deviation": outcome.deviation,
        "flags": [flag for flag in getattr(fact, "unusual", ()) if flag == CLASS_FROM_NAME],
        "bank_differs": _bank_differs(fact),
        "complete_the_set": outcome.grade is not None and outcome.grade.is_to_be_completed,
    }


def _bank_differs(fact: Fact) -> list[str]:
    """Asked only where words are on record: it costs the other rounds nothing."""
    if not isinstance(fact, NeuroAssessment) or not fact.bank_language:
        return []
    return list(bank_differences(fact.participant_id).get(fact.pk, ()))


def set_grade(grade: Grade) -> dict[str, Any]:
    return {
        "kind": grade.kind,
        "grade": grade.grade,
        "at_least": grade.at_least,
        "at_most": grade.at_most,
        "reasons": [{"code": why["code"], "text": why["text"]} for why in grade.reasons],
        "missing": grade.missing,
        "flags": grade.flags,
        "criteria": CRITERIA,
        "version": grade.rules_version,
    }


class KeptFields(serializers.Serializer):
    """What the server adds to a fact's own fields."""

    root = Id()
    recorded_at = Instant()
    recorded_by = serializers.CharField()
    source = serializers.CharField()
    tablet = serializers.CharField(
        allow_null=True, help_text="The enrolled tablet it came from; null: none, or not known."
    )
    grade = SetGradeSerializer(allow_null=True)


@cache  # one class a shape: the schema tells two of one name apart
def kept_serializer(shape: type[FactSerializer]) -> type[serializers.Serializer]:
    """The serializer, for the schema, of a kept fact of this shape."""
    own: dict[str, Any] = {"__doc__": shape.__doc__}
    if "retyped" in shape._declared_fields:
        own["retyped"] = serializers.ListField(child=serializers.CharField())
    own |= {name: serializers.ListField(child=serializers.CharField()) for name in (*shape.server_adds, *shape.derives)}
    if "dropped" in own:
        own["dropped"] = serializers.DictField(
            child=serializers.CharField(), help_text="Field -> what an import held there, which nobody can have."
        )
    return type("Kept" + shape.__name__, (KeptFields, shape), own)


def kept(fact: Fact, shape: FactSerializer, grade: Grade | None) -> dict[str, Any]:
    """A kept fact: its own fields as they were sent, and what the server added."""
    values: dict[str, Any] = {}
    for name, field in shape.fields.items():
        if field.write_only:
            continue
        value = getattr(fact, field.source) if name != "step" else fact.step.position  # type: ignore[attr-defined]
        plain = value is None or name == "retyped"
        values[name] = value if plain else field.to_representation(value)
    return (
        values
        | {name: getattr(fact, name) for name in (*shape.server_adds, *shape.derives)}
        | {
            "root": str(fact.root),
            "recorded_at": fact.recorded_at.isoformat(),
            "recorded_by": fact.recorded_by.get_username(),
            "source": fact.source,
            "tablet": None if fact.tablet is None else fact.tablet.name,
            "grade": None if grade is None else set_grade(grade),
        }
    )
