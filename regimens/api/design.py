"""The design workbench for programs: one case in, its answer out. Nothing is read of a study, and nothing is kept."""

from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import READING
from crsmonitor.accounts.models import TokenScope
from crsmonitor.accounts.roles import Act
from crsmonitor.api.answers import PROBLEM, ProblemSerializer, problem
from crsmonitor.api.parsing import ExactJSONParser, UnreadableBody
from crsmonitor.errors import Forbidden, NotFound
from regimens.api.design_examples import EXAMPLES
from regimens.design.contract.kinds import KINDS, answer
from regimens.rules.reading import CaseError
from regimens.selectors import may

RUNS_AT = "/api/v1/designs/"
MOST_SHOWN = 300  # characters of a detail, which may repeat a stranger's text
KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS), description="What is asked.")


class DesignAnswerSerializer(serializers.Serializer):
    """The answer of the kind, as `manage.py design` gives it, without `id`."""

    engine = serializers.CharField(help_text="Changes whenever an answer could.")


class DesignProblemSerializer(ProblemSerializer):
    """`field`: the path of the value to blame, such as `doses[0].mg`; null: the whole case."""

    code = serializers.CharField()
    field = serializers.CharField(allow_null=True)


class DesignKindView(APIView):
    """`POST /api/v1/design/KIND/`: the same answers as `manage.py design`, as far as they cost little."""

    token_scopes = {**READING, "POST": TokenScope.READ}  # it keeps nothing
    parser_classes = [ExactJSONParser]

    @extend_schema(
        operation_id="design",
        summary="One question to the design workbench: starting dose, exposure, risk, escalation, evidence",
        description="Answers at once what costs little; a larger trial is refused with `out_of_range` and made a run. "
        "The body: the fields of the kind, as `manage.py design` takes them, without `id` and `kind`.",
        parameters=[KIND],
        request=OpenApiTypes.OBJECT,
        responses={200: DesignAnswerSerializer, (400, PROBLEM): DesignProblemSerializer}
        | {(status, PROBLEM): ProblemSerializer for status in (401, 403, 404, 413, 415)},
        examples=[OpenApiExample(kind, body, request_only=True) for kind, body in EXAMPLES.items()],
    )
    def post(self, request: Request, kind: str) -> Response:
        if kind not in KINDS:
            raise NotFound("no_such_page")
        if not may(request.user, Act.DESIGN):
            raise Forbidden("role_forbids")
        try:
            return Response(answer(kind, request.data, runs_at=RUNS_AT))
        except (CaseError, UnreadableBody) as error:
            return refused(error.code, error.detail, error.field)


def refused(code: str, detail: str, field: str | None) -> Response:
    """What the contract says of a case, as a problem with its code and path."""
    shown = _kept(detail)[:MOST_SHOWN]
    place = None if field is None else _kept(field)
    response = problem(status=400, code=code, detail=shown, errors={place or "body": [shown]})
    response.data |= {"code": code, "field": place}
    return response


def _kept(text: str) -> str:
    """A name that a stranger gave may hold half of a character, which no answer can."""
    return text.encode(errors="backslashreplace").decode()


urlpatterns: list[URLPattern] = [path("design/<str:kind>/", DesignKindView.as_view(), name="api-design")]
