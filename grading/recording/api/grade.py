"""The stateless grader: one case in, its answer out. Nothing is read or kept."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import READING
from crsmonitor.accounts.models import TokenScope
from crsmonitor.api.answers import PROBLEM, ProblemSerializer, problem
from crsmonitor.api.parsing import ExactJSONParser, UnreadableBody
from grading.rules.contract.contract import answer
from regimens.rules.reading import CaseError

MOST_CASES = 1000


class CaseSerializer(serializers.Serializer):
    """One case of the contract. What each kind's inputs are: docs of the contract, and its error answers."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(["crs", "icans", "icans_ped", "series"])
    inputs = serializers.DictField(required=False, help_text="null or absent: nobody looked")
    events = serializers.ListField(child=serializers.DictField(), required=False, help_text="of a series")


class GradeReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()


class AnswerSerializer(serializers.Serializer):
    """The grade, or -1 where what is missing leaves more than one grade between `at_least` and `at_most`."""

    id = serializers.CharField()
    grade = serializers.IntegerField(min_value=-1, max_value=5)
    at_least = serializers.IntegerField(min_value=0, max_value=5)
    at_most = serializers.IntegerField(min_value=0, max_value=5)
    reasons = GradeReasonSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField())
    criteria = serializers.CharField()
    version = serializers.CharField()


class CaseErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(allow_null=True)


class ListedAnswerSerializer(AnswerSerializer):
    """Of a case in a list: the answer, or `id` (null where it has none) and `error` alone."""

    id = serializers.CharField(allow_null=True)
    error = CaseErrorSerializer(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields: dict[str, serializers.Field] = super().get_fields()
        for name, field in fields.items():
            field.required = name == "id"
        return fields


class CaseProblemSerializer(ProblemSerializer):
    code = serializers.CharField()


FEVERISH = {"id": "1", "kind": "crs", "inputs": {"temperature_c": 38.6, "sbp": 85, "hypotension": True}}


class GradeView(APIView):
    """`POST /api/v1/grade/`, the same answers as `manage.py grade`."""

    token_scopes = {**READING, "POST": TokenScope.READ}  # it keeps nothing

    parser_classes = [ExactJSONParser]

    @extend_schema(
        operation_id="grade",
        summary="Grade one case, or up to 1,000 in a list",
        description="A list is answered by a list in the same order; in it, a case that is not valid is answered "
        "by `{id, error: {code, detail, field}}`.",
        request=PolymorphicProxySerializer(
            component_name="CaseOrCases",
            serializers=[CaseSerializer, CaseSerializer(many=True)],
            resource_type_field_name=None,
            many=False,
        ),
        responses={
            200: PolymorphicProxySerializer(
                component_name="AnswerOrAnswers",
                serializers=[AnswerSerializer, ListedAnswerSerializer(many=True)],
                resource_type_field_name=None,
                many=False,
            ),
            (400, PROBLEM): CaseProblemSerializer,
        }
        | {(status, PROBLEM): ProblemSerializer for status in (401, 403, 413, 415)},
        examples=[OpenApiExample("fever and hypotension", FEVERISH, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        try:
            body = request.data
            if not isinstance(body, list):
                return Response(answer(body))
            if len(body) > MOST_CASES:
                raise CaseError("too_many", f"at most {MOST_CASES} cases at once", "body")
        except UnreadableBody as error:
            return _refused(error.code, error.detail, error.field)
        except CaseError as error:
            return _refused(error.code, error.detail, error.field)
        return Response([_answer_or_error(case) for case in body])


def _answer_or_error(case: object) -> dict[str, Any]:
    try:
        return answer(case)
    except CaseError as error:
        return {"id": error.id, "error": {"code": error.code, "detail": error.detail, "field": error.field}}


def _refused(code: str, detail: str, field: str | None) -> Response:
    response = problem(status=400, code=code, detail=detail, errors={field or "body": [detail]})
    response.data["code"] = code
    return response


urlpatterns = [path("grade/", GradeView.as_view(), name="api-grade")]
