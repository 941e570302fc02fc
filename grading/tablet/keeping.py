"""Each entry of a tablet's outbox goes through the form and the service of its page, in a transaction of its own."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.error_words import detail_of
from crsmonitor.errors import AlreadyCorrected, Forbidden, InvalidInput, KeyReused, NotFound
from grading.bedside.entering import Entering
from grading.bedside.kinds import PAGES, entry_form, shown_at
from grading.bedside.selectors.bedside import bedside
from grading.effort.keeping import keep_effort
from grading.models import Grade, GradeDifference, TabletEntry
from grading.recording.record import Recorded, record
from grading.tablet.entries import SentEntry
from grading.tablet.selectors.beside import Beside, beside
from grading.tablet.selectors.kept import kept_entry, shown_otherwise
from grading.templatetags.grading import at_site
from grading.words import badges
from regimens.facts import Fact
from regimens.rules.gate.answer import Decision
from regimens.rules.tablet_clock import ClockDoubt, TabletTimes

KEPT, NEEDS_YOU, WAITS, NOT_YOURS = "kept", "needs_you", "waits", "not_yours"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """What became of an entry. `address`: where to go. `errors`: by field, "" for the whole; `again`: the fields that
    ask to be typed a second time. `grade`: the server's, in words; empty: none. `differs`: from what was shown.
    """

    id: str
    state: str
    address: str = ""
    status: int = 200
    errors: dict[str, list[str]] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    grade: str = ""
    differs: bool = False
    beside: Beside | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON, but for its instants."""
        return asdict(self)


def keep_all(entries: Iterable[SentEntry], *, by: User, at: datetime) -> list[EntryAnswer]:
    """In order. What needs somebody holds back what comes after it of the same participant, and nothing else."""
    held_back: set[int] = set()
    answers = []
    for entry in entries:
        answer = _keep(entry, held_back, by=by, at=at)
        if answer.state == NEEDS_YOU:
            held_back.add(entry.participant)
        answers.append(answer)
    return answers


def _keep(entry: SentEntry, held_back: set[int], *, by: User, at: datetime) -> EntryAnswer:
    if entry.person != by.pk:  # never as somebody else: it waits for its owner
        return EntryAnswer(id=str(entry.id), state=NOT_YOURS)
    first = _kept_before(entry, by=by, at=at)
    if first is not None:
        return first
    if entry.participant in held_back:
        return EntryAnswer(id=str(entry.id), state=WAITS)
    try:
        with transaction.atomic():
            return _through_its_page(entry, by=by, at=at)
    except (NotFound, Forbidden) as error:
        return _refused(entry, error.status, {"": [detail_of(error)]}, address=reverse("board"))
    except KeyReused:
        # Twice at once, and the other one was first; or, which a person has to see to, another entry under its id.
        first = _kept_before(entry, by=by, at=at)
        if first is not None:
            return first
        return _refused(entry, KeyReused.status, {"": [str(PAGES[entry.kind].form.reused)]})


def _through_its_page(entry: SentEntry, *, by: User, at: datetime) -> EntryAnswer:
    page, times = PAGES[entry.kind], times_of(entry, at=at)
    here = bedside(by, entry.participant, page.act, at=at)
    # As it was when it was kept: which days are offered, and which of two times a clock shows was already.
    entering = Entering(here=here, earlier=None, at=times.kept_by_server)
    form = entry_form(_typed(entry, here.participant.site), entry.kind, entering)
    if entry.gate is not None and not entry.gate.tapped_again:
        return _refused(entry, 400, {"": [_second_tap()]})
    if not form.is_valid():
        return _refused(entry, 400, _errors(form), again=form)
    draft = form.draft()
    doubts, observed_at = list(times.doubts), times.observed(draft.observed_at)
    if observed_at != draft.observed_at:
        draft.observed_at = observed_at
        doubts.append(ClockDoubt.MOVED)
    try:
        recorded = record(draft, by=by, at=at, kept_at=times.late_from)
    except (InvalidInput, AlreadyCorrected) as error:
        form.take(error)
        return _refused(entry, error.status, _errors(form), again=form)
    if recorded.replayed:  # by its page, or twice at once, and the other one was first
        differs = shown_otherwise(recorded.fact)
    else:
        if not form.is_from_paper:
            keep_effort(
                entry.kind, here.participant, by=by.pk, opened_at=entry.opened_at, at=entry.kept_at,
                text=entry.typed.get("effort", ""),
            )  # fmt: skip
        differs = _note(entry, recorded, [doubt.value for doubt in doubts], by=by, at=at)
    return _answer(entry, recorded.fact, recorded.grade, differs=differs, by=by, at=at)


def _second_tap() -> str:
    return detail_of(InvalidInput("dose_second_tap"))


def times_of(entry: SentEntry, *, at: datetime) -> TabletTimes:
    return TabletTimes(opened_at=entry.opened_at, kept_at=entry.kept_at, sent_at=entry.sent_at, received_at=at)


def _typed(entry: SentEntry, site: Any) -> Any:
    """A dose that was given on the gate's last "go", confirmed by a second tap, is not asked hours later why: that
    answer and its age are the reason, should the gate say otherwise by now.
    """
    typed, gate = entry.typed, entry.gate
    if gate is not None and gate.answer == Decision.GO and not (typed.get("despite_gate") or "").strip():
        typed["despite_gate"] = _("Without a network: on the tablet the gate said go, as of %(time)s.") % {
            "time": at_site(gate.as_of, site)
        }
    return typed


def _note(entry: SentEntry, recorded: Recorded, doubts: list[str], *, by: User, at: datetime) -> bool:
    """How it came, and whether its grade is another than was shown: for the data manager."""
    fact, grade = recorded.fact, recorded.grade
    shown = None if entry.shown is None else dict(entry.shown)
    with acting(by=by, reason="kept by a tablet"):
        TabletEntry.objects.create(
            id=fact.pk, participant_id=fact.participant_id, kind=entry.kind, recorded_by=by,
            opened_at=entry.opened_at, kept_at=entry.kept_at, sent_at=entry.sent_at, received_at=at, doubts=doubts,
            rules_version=entry.rules, shown=shown, gate=_plain_gate(entry), digest=entry.digest,
        )  # fmt: skip
        if grade is None or shown is None or not _is_another(grade, shown):
            return False
        derived = {name: getattr(grade, name) for name in ("grade", "at_least", "at_most", "flags")}
        GradeDifference.objects.create(
            id=fact.pk, participant_id=fact.participant_id, kind=grade.kind, at=at,
            shown=shown | {"version": entry.rules}, derived=derived | {"version": grade.rules_version},
        )  # fmt: skip
    return True


def _is_another(grade: Grade, shown: dict[str, Any]) -> bool:
    return any(getattr(grade, name) != shown[name] for name in ("grade", "at_least", "at_most"))


def _plain_gate(entry: SentEntry) -> dict[str, Any] | None:
    return None if entry.gate is None else asdict(entry.gate) | {"as_of": entry.gate.as_of.isoformat()}


def _kept_before(entry: SentEntry, *, by: User, at: datetime) -> EntryAnswer | None:
    """The first answer again, for whoever gave it; None: nothing is kept under this id that this person may see."""
    known = kept_entry(by, entry)
    if known is None or known.entry.digest != entry.digest:
        return None
    return _answer(entry, known.fact, known.grade, differs=known.differs, by=by, at=at)


def _answer(entry: SentEntry, fact: Fact, grade: Grade | None, *, differs: bool, by: User, at: datetime) -> EntryAnswer:
    other = beside(by, fact.participant_id, since=times_of(entry, at=at).opened_by_server)
    return EntryAnswer(
        id=str(entry.id), state=KEPT, address=shown_at(entry.kind, fact), grade=grade_text(grade), differs=differs,
        beside=other,
    )  # fmt: skip


def grade_text(grade: Grade | None) -> str:
    if grade is None:
        return ""
    badge = badges.of_grade(
        grade.kind, grade=grade.grade, at_least=grade.at_least, at_most=grade.at_most, reasons=grade.reasons,
        missing=grade.missing, flags=grade.flags,
    )  # fmt: skip
    return f"{badge.kind}: {badge.word}"


def _refused(
    entry: SentEntry, status: int, errors: dict[str, list[str]], *, address: str = "", again: Any = None
) -> EntryAnswer:
    return EntryAnswer(
        id=str(entry.id), state=NEEDS_YOU, status=status, errors=errors,
        address=address or reverse(entry.kind, args=[entry.participant]),
        again=sorted(getattr(again, "to_retype", ())),
    )  # fmt: skip


def _errors(form: Any) -> dict[str, list[str]]:
    return {("" if name == "__all__" else name): [str(text) for text in texts] for name, texts in form.errors.items()}
