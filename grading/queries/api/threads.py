"""Queries for programs: those that wait, one with its steps, and each step that a person may take."""

from typing import Any
from uuid import UUID

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import WRITING
from crsmonitor.accounts.roles import Act
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import NotFound
from grading.queries.selectors import Thread, in_states, queries_for, thread_for, threads_of
from grading.queries.services import LONGEST, AboutRecord, StepBy, move_query, open_query
from grading.rules.queries.thread import QueryMove, QueryState
from regimens.facts import Source
from regimens.selectors import may

LATER = [move.value for move in QueryMove if move is not QueryMove.OPENED]
MOST_KEY = 2**63 - 1
REFUSALS = dict.fromkeys((400, 401, 403, 404), ProblemSerializer)


class QueryStepSerializer(serializers.Serializer):
    """One step. `correction`: the version of the record that was made since it was asked, with an answer."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    move = serializers.ChoiceField(choices=[move.value for move in QueryMove])
    text = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()
    source = serializers.CharField()
    correction = serializers.UUIDField(allow_null=True)


class ThreadSerializer(serializers.Serializer):
    """A query with its steps, the first one first. `field` empty: it is about the record as a whole.

    `kind` and `record` are the table of the record and its root; `version` is the one that was asked about.
    """

    id = serializers.UUIDField(source="query.pk")
    study = serializers.CharField(source="query.participant.study.code")
    site = serializers.CharField(source="query.participant.site.code")
    participant = serializers.IntegerField(source="query.participant_id")
    number = serializers.CharField(source="query.participant.number")
    kind = serializers.CharField(source="query.kind")
    record = serializers.UUIDField(source="query.root")
    version = serializers.UUIDField(source="query.version")
    field = serializers.CharField(source="query.field")
    state = serializers.ChoiceField(choices=[state.value for state in QueryState])
    opened_at = serializers.DateTimeField(source="query.opened_at")
    closed_at = serializers.DateTimeField(allow_null=True)
    age_days = serializers.SerializerMethodField(help_text="Whole days from its question to its closing, or to now.")
    steps = QueryStepSerializer(many=True)

    def get_age_days(self, thread: Thread) -> int:
        return thread.age_days(self.context["at"])


class QueriesAskedSerializer(serializers.Serializer):
    study = serializers.CharField(required=False, help_text="Code of a study.")
    participant = serializers.IntegerField(required=False, min_value=1, max_value=MOST_KEY)
    state = serializers.ChoiceField(choices=[state.value for state in QueryState], required=False)


class QuestionSerializer(serializers.Serializer):
    """`id` is yours: the same again is answered as at first, with another body 409."""

    id = serializers.UUIDField()
    participant = serializers.IntegerField(min_value=1, max_value=MOST_KEY)
    kind = serializers.CharField(max_length=100, help_text="Table of the record, such as grading_vitalsigns.")
    record = serializers.UUIDField(help_text="Root of the record: the id of its first version.")
    field = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    text = serializers.CharField(max_length=LONGEST)


class MoveSerializer(serializers.Serializer):
    """`id` is yours, as of a question. `text` may be empty where a query is closed."""

    id = serializers.UUIDField()
    move = serializers.ChoiceField(choices=LATER)
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST)


class QueryPageSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ThreadSerializer(many=True)


class QueryPagination(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


def shown(thread: Thread) -> dict[str, Any]:
    return ThreadSerializer(thread, context={"at": timezone.now()}).data


def step_of(request: Request, key: UUID) -> StepBy:
    return StepBy(id=key, by=request.user, at=timezone.now(), source=Source.API)


class Queries(APIView):
    token_scopes = WRITING

    @extend_schema(
        operation_id="queries_list", summary="Queries about records, the oldest first",
        parameters=[
            QueriesAskedSerializer, OpenApiParameter("limit", int, description="At most 200; 50 if it is not given."),
            OpenApiParameter("offset", int),
        ],
        responses={200: QueryPageSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        if not may(request.user, Act.SEE_WARD):
            raise NotFound("no_such_page")
        filters = QueriesAskedSerializer(data=request.query_params)
        filters.is_valid(raise_exception=True)
        wanted, chosen = filters.validated_data, queries_for(request.user)
        if "study" in wanted:
            chosen = chosen.filter(participant__study__code=wanted["study"])
        if "participant" in wanted:
            chosen = chosen.filter(participant=wanted["participant"])
        if "state" in wanted:
            chosen = in_states(chosen, [QueryState(wanted["state"])])
        pages = QueryPagination()
        page = pages.paginate_queryset(chosen, request, view=self) or []
        threads = threads_of(queries_for(request.user).filter(pk__in=[one.pk for one in page]))
        return pages.get_paginated_response([shown(thread) for thread in threads])

    @extend_schema(
        operation_id="queries_open", summary="Open a query about a record, or a field of it",
        request=QuestionSerializer,
        responses={201: ThreadSerializer, 409: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        body = QuestionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        about = AboutRecord(
            participant_id=values["participant"], kind=values["kind"], root=values["record"], field=values["field"]
        )  # fmt: skip
        query = open_query(about, values["text"], step=step_of(request, values["id"]))
        return Response(shown(thread_for(request.user, query.pk)), status=201)


class OneQuery(APIView):
    @extend_schema(
        operation_id="queries_one", summary="One query with its steps", responses={200: ThreadSerializer} | REFUSALS
    )
    def get(self, request: Request, query_id: UUID) -> Response:
        return Response(shown(thread_for(request.user, query_id)))


class QuerySteps(APIView):
    token_scopes = WRITING

    @extend_schema(
        operation_id="queries_step", summary="Answer a query, close it, or open it again", request=MoveSerializer,
        description="Who opens also closes, site staff answers, and nobody accepts an answer of their own.",
        responses={201: ThreadSerializer, 409: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def post(self, request: Request, query_id: UUID) -> Response:
        thread_for(request.user, query_id)  # a stranger finds nothing, whatever is sent
        body = MoveSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        move_query(query_id, QueryMove(values["move"]), values["text"], step=step_of(request, values["id"]))
        return Response(shown(thread_for(request.user, query_id)), status=201)


urlpatterns: list[URLPattern] = [
    path("queries/", Queries.as_view(), name="api-queries"),
    path("queries/<uuid:query_id>/", OneQuery.as_view(), name="api-query"),
    path("queries/<uuid:query_id>/steps/", QuerySteps.as_view(), name="api-query-steps"),
]
