"""What the counts support by the evidence rule, with the model's answer beside them: the less favourable one decides.

The model is asked of one endpoint alone, and only where the version in force came from a design. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.evidence.counts import EvidenceRow, PlaceCount
from regimens.design.evidence import Counted, EvidenceRule, counted, first_supported

ANY, GRADE2 = "any", "grade2"
ENDPOINTS = (ANY, GRADE2)
# Limits that are told beside the rule's own, so that nobody reads more into a count than it holds.
LIMITS = (0.05, 0.10)
MODEL, MODEL_FREE = "model", "model_free"


@dataclass(frozen=True, slots=True)
class ModelShare:
    """Draws of the model's probability at a place, of the people it was given to, and their 95 % interval."""

    low: float
    high: float
    draws: tuple[float, ...]

    def chance_below(self, limit: float) -> float:
        return sum(one < limit for one in self.draws) / len(self.draws)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSupport:
    """One endpoint at a place against its limit. `of` None: nothing is known. `model` None: it is not asked of this.

    `p_below`: the less favourable of both, and `decided_by` whose it is.
    """

    name: str
    below: float
    confidence: float
    count: PlaceCount
    of: Counted | None
    model: ModelShare | None

    @property
    def p_of_model(self) -> float | None:
        return None if self.model is None else self.model.chance_below(self.below)

    @property
    def decided_by(self) -> str:
        of_model = self.p_of_model
        return MODEL if self.of is not None and of_model is not None and of_model < self.of.p_below else MODEL_FREE

    @property
    def p_below(self) -> float | None:
        if self.of is None:
            return None
        of_model = self.p_of_model
        return self.of.p_below if of_model is None else min(self.of.p_below, of_model)

    @property
    def reaches(self) -> bool | None:
        """None: nothing is known."""
        return None if self.p_below is None else self.p_below >= self.confidence

    @property
    def limits(self) -> tuple[tuple[float, float, bool], ...]:
        """What the count alone supports: a limit, P(below it), and whether it reaches the confidence of the rule."""
        if self.of is None:
            return ()
        chances = [(limit, self.of.of.chance_below(limit)) for limit in sorted({*LIMITS, self.below})]
        return tuple((limit, chance, chance >= self.confidence) for limit, chance in chances)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSupport:
    place: int
    any: EndpointSupport
    grade2: EndpointSupport

    @property
    def endpoints(self) -> tuple[EndpointSupport, EndpointSupport]:
        return self.any, self.grade2

    @property
    def supported(self) -> bool | None:
        """None: nothing contradicts, and something is not known."""
        reached = [one.reaches for one in self.endpoints]
        return False if False in reached else None if None in reached else True


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSupport:
    """`first`: the place from which every one is supported. `blocking`: the last one that is not."""

    rule: EvidenceRule
    places: tuple[PlaceSupport, ...]
    first: int | None
    blocking: PlaceSupport | None

    @property
    def supporting(self) -> tuple[PlaceSupport, ...]:
        return () if self.first is None else tuple(one for one in self.places if one.place >= self.first)


def support_of(
    rows: Sequence[EvidenceRow], rule: EvidenceRule, models: Mapping[tuple[int, str], ModelShare] | None = None
) -> EvidenceSupport:
    """`models`: by place and endpoint, where there are any."""
    places = tuple(_place(row, rule, models or {}) for row in rows)
    at = first_supported([one.supported for one in places])
    unsupported = [one for one in places if one.supported is not True]
    return EvidenceSupport(
        rule=rule, places=places, first=None if at is None else places[at].place,
        blocking=unsupported[-1] if unsupported else None,
    )  # fmt: skip


def _place(row: EvidenceRow, rule: EvidenceRule, models: Mapping[tuple[int, str], ModelShare]) -> PlaceSupport:
    asked_of = {
        ANY: (row.any, rule.any_below, rule.any_confidence),
        GRADE2: (row.grade2, rule.grade2_below, rule.grade2_confidence),
    }
    each = {
        name: EndpointSupport(
            name=name, below=below, confidence=confidence, count=count, model=models.get((row.place, name)),
            of=counted(count.event, count.known, below, confidence),
        )
        for name, (count, below, confidence) in asked_of.items()
    }  # fmt: skip
    return PlaceSupport(place=row.place, **each)
