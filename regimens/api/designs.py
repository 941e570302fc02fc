"""Designs for programs: drafted version by version, run, watched, cancelled. Who may design may do this with a key."""

from typing import Any
from uuid import UUID

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import WRITING
from crsmonitor.api.answers import PROBLEM, ProblemSerializer
from crsmonitor.api.parsing import ExactJSONParser
from crsmonitor.error_words import text_of
from crsmonitor.errors import InvalidInput, Message
from regimens.api.design import refused
from regimens.models import Design, DesignProgress
from regimens.rules.runs import RunState, expected_s, left_s
from regimens.selectors.designs import (
    design_for,
    design_result_for,
    design_run_for,
    design_runs_for,
    design_study_for,
    design_version_for,
    designs_for,
)
from regimens.services.design_runs import cancel_run, queue_run
from regimens.services.designs import create_design, save_version

REFUSED = {(status, PROBLEM): ProblemSerializer for status in (401, 403, 404)}
FAULTY = REFUSED | {(status, PROBLEM): ProblemSerializer for status in (400, 409, 413, 415)}
MOST_KEY = 2**31 - 1


class DesignVersionSerializer(serializers.Serializer):
    """All that a design says, as it was saved. `sha256`: of the canonical text of `contents`."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    drafted_by = serializers.CharField(source="drafted_by.username")
    note = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField()
    contents = serializers.JSONField(help_text="Kind of the contract -> its input.")


class DesignSerializer(serializers.Serializer):
    """`newest`: the number of its newest version."""

    id = serializers.IntegerField()
    study = serializers.CharField(source="study.code")
    name = serializers.CharField()
    made_by = serializers.CharField(source="made_by.username")
    made_at = serializers.DateTimeField()
    newest = serializers.SerializerMethodField()

    def get_newest(self, design: Design) -> int:
        return max(version.number for version in design.versions.all())


class NewVersionSerializer(serializers.Serializer):
    """`id` is yours: the same again is answered as at first, with another body 409. `after`: the number of the version
    that was changed; 409 where somebody saved another since.
    """

    id = serializers.UUIDField(required=False, allow_null=True, default=None, source="key")
    contents = serializers.DictField()
    note = serializers.CharField(required=False, default="", allow_blank=True)
    after = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=MOST_KEY)


class NewDesignSerializer(serializers.Serializer):
    """`id` is yours: the same again is answered as at first, with another body 409."""

    id = serializers.UUIDField(required=False, allow_null=True, default=None, source="key")
    study = serializers.CharField()
    name = serializers.CharField()
    contents = serializers.DictField()
    note = serializers.CharField(required=False, default="", allow_blank=True)


class NewRunSerializer(serializers.Serializer):
    """`id` is yours: the same again is answered as at first, with another input 409. `version`: else the newest."""

    id = serializers.UUIDField(required=False, allow_null=True, default=None)
    kind = serializers.CharField(help_text="As of `manage.py design`, such as trial.")
    input = serializers.DictField(help_text="The fields of the kind, as `manage.py design` takes them.")
    version = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=MOST_KEY)


class RunProgressSerializer(serializers.Serializer):
    """`done` of `of` people are solved. `left_s`: seconds left at the pace until now; null: nothing is known yet.

    `problem` null: nothing went wrong; its `detail` is in words.
    """

    state = serializers.ChoiceField(choices=[state.value for state in RunState])
    done = serializers.IntegerField()
    of = serializers.IntegerField()
    left_s = serializers.SerializerMethodField()
    attempts = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    told_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField(source="ended_by.username", allow_null=True, default=None)
    problem = serializers.SerializerMethodField()

    def get_left_s(self, progress: DesignProgress) -> int | None:
        if progress.state != RunState.RUNNING.value or progress.started_at is None:
            return None
        return left_s(progress.done, progress.of, started_at=progress.started_at, at=timezone.now())

    def get_problem(self, progress: DesignProgress) -> dict[str, Any] | None:
        problem = progress.problem
        if not problem:
            return None
        words = text_of(Message(problem["code"], problem.get("values", {})))
        return {"code": problem["code"], "field": problem.get("field"), "detail": words}


class DesignRunSerializer(serializers.Serializer):
    """One input given to the engine. `size`: people x regimens x max(1, draws); `expected_s`: of CPU, about."""

    id = serializers.UUIDField()
    design = serializers.IntegerField(source="design_id")
    version = serializers.IntegerField(source="version.number")
    kind = serializers.CharField(help_text="As of `manage.py design`, such as trial.")
    seed = serializers.IntegerField(allow_null=True)
    engine = serializers.CharField()
    digest = serializers.CharField()
    size = serializers.IntegerField()
    expected_s = serializers.SerializerMethodField()
    queued_by = serializers.CharField(source="queued_by.username")
    queued_at = serializers.DateTimeField()
    progress = RunProgressSerializer()
    input = serializers.JSONField(source="fields")

    def get_expected_s(self, run: Any) -> int:
        return expected_s(run.size)


class DesignResultSerializer(serializers.Serializer):
    """`sha256`: of the very bytes that are kept, which `manage.py design_run ID --again` computes anew."""

    run = serializers.UUIDField(source="run_id")
    at = serializers.DateTimeField()
    cpu_s = serializers.FloatField()
    sha256 = serializers.CharField()
    answer = serializers.JSONField(source="contents")


class DesignAPI(APIView):
    """Keys that may write may draft and run: it stays on the workbench."""

    token_scopes = WRITING
    parser_classes = [ExactJSONParser]

    def body(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        given = shape(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def handle_exception(self, error: Exception) -> Response:
        """A fault that the contract found is told as `POST /api/v1/design/KIND/` tells it."""
        if isinstance(error, InvalidInput) and "detail" in error.message.values and error.fields:
            [field] = error.fields
            return refused(error.message.code, str(error.message.values["detail"]), field or None)
        return super().handle_exception(error)


class Designs(DesignAPI):
    @extend_schema(
        operation_id="designs_list", summary="The designs of your studies",
        parameters=[OpenApiParameter("study", str, description="Code of a study.")],
        responses={200: DesignSerializer(many=True)} | REFUSED,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        designs = designs_for(request.user)
        if code := request.query_params.get("study"):
            designs = designs.filter(study=design_study_for(request.user, code))
        return Response(DesignSerializer(designs, many=True).data)

    @extend_schema(
        operation_id="designs_create", summary="A design of a study, with its first version",
        request=NewDesignSerializer, responses={201: DesignSerializer} | FAULTY,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        given = self.body(NewDesignSerializer)
        study = design_study_for(request.user, given.pop("study"))
        version = create_design(study=study, **given, by=request.user, at=timezone.now())
        return Response(DesignSerializer(design_for(request.user, version.design_id)).data, status=201)


class OneDesign(DesignAPI):
    @extend_schema(
        operation_id="designs_read", summary="One design", responses={200: DesignSerializer} | REFUSED
    )  # fmt: skip
    def get(self, request: Request, design_id: int) -> Response:
        return Response(DesignSerializer(design_for(request.user, design_id)).data)


class DesignVersions(DesignAPI):
    @extend_schema(
        operation_id="design_versions_list", summary="The versions of a design, the newest first",
        responses={200: DesignVersionSerializer(many=True)} | REFUSED,
    )  # fmt: skip
    def get(self, request: Request, design_id: int) -> Response:
        versions = design_for(request.user, design_id).versions.all()
        return Response(DesignVersionSerializer(versions, many=True).data)

    @extend_schema(
        operation_id="design_versions_create", summary="Save another version; the same contents again make none",
        request=NewVersionSerializer, responses={201: DesignVersionSerializer} | FAULTY,
    )  # fmt: skip
    def post(self, request: Request, design_id: int) -> Response:
        design_for(request.user, design_id)  # a stranger is told nothing of the body
        given = self.body(NewVersionSerializer)
        version = save_version(design_id=design_id, **given, by=request.user, at=timezone.now())
        return Response(DesignVersionSerializer(version).data, status=201)


class OneDesignVersion(DesignAPI):
    @extend_schema(
        operation_id="design_versions_read", summary="One version", responses={200: DesignVersionSerializer} | REFUSED
    )  # fmt: skip
    def get(self, request: Request, design_id: int, number: int) -> Response:
        return Response(DesignVersionSerializer(design_version_for(request.user, design_id, number)).data)


class DesignRuns(DesignAPI):
    @extend_schema(
        operation_id="design_runs_list", summary="The runs of a design, the newest first",
        responses={200: DesignRunSerializer(many=True)} | REFUSED,
    )  # fmt: skip
    def get(self, request: Request, design_id: int) -> Response:
        design = design_for(request.user, design_id)
        return Response(DesignRunSerializer(design_runs_for(request.user).filter(design=design), many=True).data)

    @extend_schema(
        operation_id="design_runs_create", summary="Queue a run: its whole input, of one version",
        description="Refused at its field where the contract refuses it, or where it is too large, with size and time.",
        request=NewRunSerializer, responses={202: DesignRunSerializer} | FAULTY,
    )  # fmt: skip
    def post(self, request: Request, design_id: int) -> Response:
        design_for(request.user, design_id)
        given = self.body(NewRunSerializer)
        run = queue_run(
            design_id=design_id, number=given["version"], kind=given["kind"], fields=given["input"], key=given["id"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        return Response(DesignRunSerializer(run).data, status=202)


class OneDesignRun(DesignAPI):
    @extend_schema(
        operation_id="design_runs_read", summary="One run, and how far it is",
        responses={200: DesignRunSerializer} | REFUSED,
    )  # fmt: skip
    def get(self, request: Request, run_id: UUID) -> Response:
        return Response(DesignRunSerializer(design_run_for(request.user, run_id)).data)


class CancelDesignRun(DesignAPI):
    @extend_schema(
        operation_id="design_runs_cancel", summary="Cancel a run; one that has ended stays as it is",
        request=None, responses={200: RunProgressSerializer} | REFUSED,
    )  # fmt: skip
    def post(self, request: Request, run_id: UUID) -> Response:
        progress = cancel_run(run_id=run_id, by=request.user, at=timezone.now())
        return Response(RunProgressSerializer(progress).data)


class ResultOfDesignRun(DesignAPI):
    @extend_schema(
        operation_id="design_runs_result", summary="What came of a run; 404 until it is done",
        responses={200: DesignResultSerializer} | REFUSED,
    )  # fmt: skip
    def get(self, request: Request, run_id: UUID) -> Response:
        return Response(DesignResultSerializer(design_result_for(request.user, run_id)).data)


urlpatterns: list[URLPattern] = [
    path("designs/", Designs.as_view(), name="api-designs"),
    path("designs/<int:design_id>/", OneDesign.as_view(), name="api-design-one"),
    path("designs/<int:design_id>/versions/", DesignVersions.as_view(), name="api-design-versions"),
    path("designs/<int:design_id>/versions/<int:number>/", OneDesignVersion.as_view(), name="api-design-version"),
    path("designs/<int:design_id>/runs/", DesignRuns.as_view(), name="api-design-runs"),
    path("designs/runs/<uuid:run_id>/", OneDesignRun.as_view(), name="api-design-run"),
    path("designs/runs/<uuid:run_id>/cancel/", CancelDesignRun.as_view(), name="api-design-run-cancel"),
    path("designs/runs/<uuid:run_id>/result/", ResultOfDesignRun.as_view(), name="api-design-run-result"),
]
