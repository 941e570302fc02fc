"""Facts by participant, in and out: POST one, GET the standing ones, GET one version."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import READING, WRITING
from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.api.parsing import ExactJSONParser
from crsmonitor.database.rows import unsaved
from grading.recording.api import answers
from grading.recording.api.fields import Id
from grading.recording.api.shapes import FactSerializer
from grading.recording.api.signature import proof_in
from grading.recording.kinds import FactKind
from grading.recording.record import Recorded, record
from grading.recording.selectors import ended_fact, fact_of, facts_page, step_at
from regimens.facts import Fact, Source

LIMIT, MOST = 100, 500  # facts on a page


class PageSerializer(serializers.Serializer):
    """What may be asked of a list."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=LIMIT)
    after = Id(required=False, help_text="`next` of the page before.")


def draft_of(kind: FactKind, values: dict[str, Any], *, participant_id: int, by: User) -> Fact:
    """The unsaved fact of a checked body. What it names must be the participant's own."""
    if kind.of_step:
        values["step"] = step_at(by, participant_id, values["step"])
    if kind.names is not None:
        named_id = values.pop(f"{kind.names}_id")
        values[kind.names] = ended_fact(by, participant_id, kind.named, named_id, field=kind.names)
    return unsaved(kind.model, participant_id=participant_id, source=Source.API, **values)


def record_sent(
    request: HttpRequest, kind: FactKind, values: dict[str, Any], *, participant_id: int, by: User, at: datetime
) -> Recorded:
    """Keep the fact of a checked body, as signed where a signature came with it."""
    signature = values.pop("signature", None)
    draft = draft_of(kind, values, participant_id=participant_id, by=by)
    return record(draft, by=by, at=at, proof=proof_in(request, signature))


class FactView(APIView):
    """What the addresses of all facts share."""

    kind: FactKind
    shape: FactSerializer
    parser_classes = [ExactJSONParser]


class FactListView(FactView):
    def get(self, request: Request, participant_id: int) -> Response:
        query = PageSerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        page = facts_page(request.user, participant_id, self.kind.model, **query.validated_data)
        results = [answers.kept(fact, self.shape, page.grades.get(fact.id)) for fact in page.facts]
        return Response({"results": results, "next": page.next_id})

    def post(self, request: Request, participant_id: int) -> Response:
        at = timezone.now()
        status, answer = self.keep(
            request._request, request.data, by=request.user, at=at, participant_id=participant_id
        )
        return Response(answer, status=status)

    @classmethod
    def keep(
        cls, request: HttpRequest, data: Any, *, by: User, at: datetime, participant_id: int
    ) -> tuple[int, dict[str, Any]]:
        """Of what a person or a program sent, through whichever door (crsmonitor/api/program_door.py)."""
        values = cls.shape.run_validation(data)
        rounded = cls.shape.rounded(data, values)
        kept = record_sent(request, cls.kind, values, participant_id=participant_id, by=by, at=at)
        return 200 if kept.replayed else 201, answers.recorded(kept, rounded=rounded)


class FactOneView(FactView):
    def get(self, request: Request, participant_id: int, fact_id: UUID) -> Response:
        fact, grade = fact_of(request.user, participant_id, self.kind.model, fact_id)
        return Response(answers.kept(fact, self.shape, grade))


def views_of(kind: FactKind, shape: FactSerializer) -> tuple[type[FactView], type[FactView]]:
    """The two views of one kind of fact."""
    by_key = WRITING if kind.act is Act.RECORD and kind.act_by is None else READING
    name, own = kind.model.__name__, {"kind": kind, "shape": shape, "token_scopes": by_key}
    return type(f"{name}ListView", (FactListView,), own), type(f"{name}OneView", (FactOneView,), own)
