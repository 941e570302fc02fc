"""Facts in and out: parse, scope, one service, answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.models import User
from grading.recording.api import answers
from grading.recording.api.fields import Id
from grading.recording.api.parsing import ExactJSONParser
from grading.recording.api.shapes import FactSerializer
from grading.recording.record import record
from grading.recording.selectors import ended_fact, fact_of, facts_page, step_at
from regimens.facts import Fact, Source
from regimens.models import Dose

LIMIT, MOST = 100, 500  # facts on a page


class PageSerializer(serializers.Serializer):
    """What may be asked of a list."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=LIMIT)
    after = Id(required=False, help_text="`next` of the page before.")


@dataclass(frozen=True, kw_only=True)
class Noun:
    """One kind of fact: its address, its model and the shape of its body. `ends`: the model whose facts it ends."""

    path: str
    model: type[Fact]
    shape: FactSerializer
    ends: type[Fact] | None = None


def draft_of(noun: Noun, values: dict[str, Any], *, participant_id: int, by: User) -> Fact:
    """The unsaved fact of a checked body. What it names must be the participant's own."""
    if noun.model is Dose:
        values["step"] = step_at(by, participant_id, values["step"])
    elif noun.ends is not None:
        field = noun.ends._meta.model_name
        values[field] = ended_fact(by, participant_id, noun.ends, values.pop(f"{field}_id"), field=field)
    return noun.model(participant_id=participant_id, source=Source.API, **values)


class FactView(APIView):
    """What the addresses of all facts share."""

    noun: Noun
    parser_classes = [ExactJSONParser]


class FactListView(FactView):
    def get(self, request: Request, participant_id: int) -> Response:
        asked = PageSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        page = facts_page(request.user, participant_id, self.noun.model, **asked.validated_data)
        told = [answers.kept(fact, self.noun.shape, page.grades.get(fact.id)) for fact in page.facts]
        return Response({"results": told, "next": page.next_id})

    def post(self, request: Request, participant_id: int) -> Response:
        at = timezone.now()
        values = self.noun.shape.run_validation(request.data)
        draft = draft_of(self.noun, values, participant_id=participant_id, by=request.user)
        told = record(draft, by=request.user, at=at)
        rounded = self.noun.shape.rounded(request.data, values)
        return Response(answers.recorded(told, rounded=rounded), status=200 if told.replayed else 201)


class FactOneView(FactView):
    def get(self, request: Request, participant_id: int, fact_id: UUID) -> Response:
        fact, grade = fact_of(request.user, participant_id, self.noun.model, fact_id)
        return Response(answers.kept(fact, self.noun.shape, grade))


def views_of(noun: Noun, document: Callable[[type[FactView], Noun], type[FactView]]) -> tuple[Any, Any]:
    """The two views of one kind of fact, each documented with its own body and answers."""
    name = noun.model.__name__
    many = type(f"{name}ListView", (FactListView,), {"noun": noun})
    one = type(f"{name}OneView", (FactOneView,), {"noun": noun})
    return document(many, noun).as_view(), document(one, noun).as_view()
