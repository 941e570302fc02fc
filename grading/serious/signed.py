"""What was signed of an episode: its judgements and its narrative, with who, when and what for, and what is void."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grading.models import Episode, EpisodeNarrative, GradeAssessment
from grading.review.signatures.words import KINDS, MEANINGS, PROOFS, VOIDS
from grading.serious.elements import instant_of
from grading.serious.facts import EventFacts
from grading.serious.sections import shown_at
from grading.words.wording import bracketed, phrases
from regimens.blinding import Profile
from regimens.models import Signature


def signatures_about(episode: Episode) -> list[Signature]:
    """Of an episode that the caller was let see, in all versions of what was signed, the first one first."""
    mine = {"participant": episode.participant_id, "kind": episode.kind, "about_root": episode.root}
    judged = GradeAssessment.objects.filter(**mine, about="episode").values_list("root", flat=True)
    narratives = EpisodeNarrative.objects.filter(**mine).values_list("root", flat=True)
    signed: list[Signature] = []
    for kind, roots in (("assessment", judged), ("narrative", narratives)):
        rows = Signature.objects.filter(participant=episode.participant_id, kind=kind, root__in=map(str, roots))
        signed += rows.select_related("by", "void__by")
    return sorted(signed, key=lambda one: (one.at, str(one.pk)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSignature:
    """One signature as a sheet has it. `name` None: the reader is told no names of staff."""

    signature: Signature
    name: str | None

    def as_json(self, facts: EventFacts) -> dict[str, Any]:
        signed, void = self.signature, getattr(self.signature, "void", None)
        return {
            "record": signed.kind, "meaning": signed.meaning, "name": self.name, "proof": signed.proof,
            "at": instant_of(signed.at, facts.zone), "sha256": signed.hash,
            "void_at": None if void is None else instant_of(void.at, facts.zone),
            "void_because": None if void is None else void.because,
        }  # fmt: skip

    def text(self, facts: EventFacts) -> str:
        signed, void = self.signature, getattr(self.signature, "void", None)
        record = bracketed(MEANINGS[signed.meaning], beside=KINDS[signed.kind])
        parts = [record, self.name, shown_at(signed.at, facts), PROOFS[signed.proof], f"SHA-256 {signed.hash}"]
        if void is not None:
            values = {"time": shown_at(void.at, facts), "why": VOIDS[void.because]}
            parts.append(_("VOID since %(time)s: %(why)s") % values)
        return phrases(part for part in parts if part is not None)


def sheet_signatures(facts: EventFacts, profile: Profile) -> list[SheetSignature]:
    return [
        SheetSignature(signature=one, name=f"{one.name} ({one.by.get_username()})" if profile is Profile.OPEN else None)
        for one in signatures_about(facts.episode)
    ]


def signed_narratives(signatures: Sequence[SheetSignature], profile: Profile) -> list[str]:
    """The text of each narrative whose signature holds, as it was signed. None for who is told nobody's own words."""
    return list(_texts(signatures)) if profile is Profile.OPEN else []


def _texts(signatures: Sequence[SheetSignature]) -> Iterator[str]:
    for one in signatures:
        if one.signature.kind == "narrative" and getattr(one.signature, "void", None) is None:
            yield one.signature.content["record"]["text"]
