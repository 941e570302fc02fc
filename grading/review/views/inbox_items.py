"""What stands in the inbox: one item for each thing that waits, in words, with what can be done about it there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.dosing.gate_words import DECISIONS, rule_lines
from grading.dosing.selectors.waiting import gates_waiting
from grading.models import About, DosePeriod, Episode, GradeDifference
from grading.review import assessment_words as ledger_words
from grading.review.selectors.episodes import sent_and_unread
from grading.review.selectors.inbox import (
    Dispute,
    differences_waiting,
    disputes,
    dosed_and_watched,
    unjudged,
    windows_to_close,
)
from grading.review.selectors.unheld import to_judge_again
from grading.review.signatures.selectors import asking_again_of_participants
from grading.review.signatures.words import lines_of
from grading.tablet import difference_words
from grading.words.wording import span
from regimens.models import Participant
from regimens.rules.gate.answer import Answer, Standing
from regimens.wording import step_text


class InboxKind(StrEnum):
    """In the order of urgency (docs/conventions.md, inbox)."""

    ALERT = "alert"  # waits for an answer
    AGAIN = "again"  # a judgement that holds no more
    TO_RECORD = "to_record"  # an answered alert of which nothing is recorded yet
    REVIEW = "review"  # a drug closed it, and no investigator has looked
    GATE = "gate"
    UNJUDGED = "unjudged"
    SIGN = "sign"  # a signature that is void
    DISPUTE = "dispute"
    QUERY = "query"
    SENT = "sent"  # to central review
    WINDOW = "window"
    TABLET = "tablet"


WORDS: dict[InboxKind, str | Promise] = {
    InboxKind.ALERT: _l("Alert"),
    InboxKind.AGAIN: _l("To be judged again"),
    InboxKind.TO_RECORD: _l("Answered, nothing recorded yet"),
    InboxKind.REVIEW: _l("To be reviewed"),
    InboxKind.GATE: _l("Dose to be released"),
    InboxKind.UNJUDGED: _l("Episode not judged"),
    InboxKind.SIGN: _l("To be signed again"),
    InboxKind.DISPUTE: _l("Investigator and central review differ"),
    InboxKind.QUERY: _l("Query"),
    InboxKind.SENT: _l("Sent to central review"),
    InboxKind.WINDOW: _l("Window to be closed"),
    InboxKind.TABLET: _l("A tablet showed another grade"),
}
ORDER = list(InboxKind)
ONLY_PEOPLE_KNOW = ("active_infection", "tocilizumab_on_site")  # criteria that no record answers


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxKey:
    """What can be done from an item. `part`: the form of the page at `address` that is opened here; empty: it is done
    at once. `sets`: a field of it with its value, or what the button itself sends. `does`: the same kind of key has the
    focus in the next item.
    """

    label: str
    does: str
    address: str
    part: str = ""
    sets: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """One thing that waits. `rank`: the grade by which it goes; `since`: from when it waits.

    `card`: an alert's card as it is drawn everywhere; empty: `headline` and `lines` tell it.
    """

    id: str
    kind: InboxKind
    participant: Participant
    since: datetime
    rank: int = 0
    headline: str = ""
    lines: Sequence[str] = ()
    card: str = ""
    page: str = ""
    is_central: bool = False  # told without site, ward and clock of the site
    keys: Sequence[InboxKey] = field(default_factory=tuple)

    @property
    def word(self) -> str:
        return str(WORDS[self.kind])

    @property
    def ward(self) -> str:
        state = getattr(self.participant, "current_state", None)
        return "" if state is None else state.ward

    @property
    def urgency(self) -> tuple[int, int, datetime, str]:
        """By kind, then the worst grade, then what has waited the longest."""
        return ORDER.index(self.kind), -self.rank, self.since, self.id


Part = Callable[[User, datetime], Iterable[InboxItem]]


def items_of(parts: Sequence[Part], user: User, *, at: datetime) -> list[InboxItem]:
    """Everything that waits for this user, the most urgent first."""
    return sorted((item for part in parts for item in part(user, at)), key=lambda item: item.urgency)


def _judge_key(participant: Participant, about: str, root: object) -> InboxKey:
    address = reverse("judge", args=[participant.pk, about, root])
    return InboxKey(label=_("Judge"), does="judge", address=address, part="form.judge")


def _episode_words(kind: str, grade: str) -> str:
    return _("%(kind)s episode: %(grade)s") % {"kind": kind.upper(), "grade": grade}


def again(user: User, at: datetime) -> Iterable[InboxItem]:
    """Of those alone who may judge it: to others the page of disagreements tells it."""
    unheld = [row for row in to_judge_again(user) if row.may_judge]
    for row, words in zip(unheld, ledger_words.rows_again(unheld), strict=True):
        one = row.assessment
        judge = _judge_key(one.participant, one.about, one.about_root)
        about = {"kind": one.kind.upper(), "about": one.get_about_display(), "grade": words["final"]}
        words_of = {"who": words["name"], "word": words["word"], "grade": words["judged_at"]}
        yield InboxItem(
            id=f"again-{one.about}-{one.kind}-{one.about_root}",
            kind=InboxKind.AGAIN,
            participant=one.participant,
            since=one.observed_at,
            rank=max(row.ledgers.final, row.ledgers.now.measure),
            headline=_("%(kind)s, %(about)s, final: %(grade)s") % about,
            lines=(_("%(who)s: %(word)s, judged at: %(grade)s") % words_of,),
            page=judge.address if row.is_central else "",
            is_central=row.is_central,
            keys=(judge,),
        )


def never_judged(user: User, at: datetime) -> Iterable[InboxItem]:
    for one in unjudged(user):
        word = ledger_words.grade_word(one.max_grade)
        if one.provisional:
            word = _("up to grade %(grade)s") % {"grade": one.axis_grade}
        yield InboxItem(
            id=f"unjudged-{one.kind}-{one.root}-{one.provisional}",
            kind=InboxKind.UNJUDGED,
            participant=one.participant,
            since=one.started_at,
            rank=one.axis_grade if one.provisional else one.max_grade,
            headline=_episode_words(one.kind, word),
            lines=(_over(one),),
            page=_episode_page(one),
            keys=(_judge_key(one.participant, About.EPISODE.value, one.root),),
        )


def _episode_page(one: Episode) -> str:
    return reverse("episode", args=[one.participant_id, one.kind, one.root])


def _over(one: Episode) -> str:
    if one.ended_at is None:
        return _("not over, or not yet known")
    return _("over after %(hours)s") % {"hours": span(one.ended_at - one.started_at)}


def disputed(user: User, at: datetime) -> Iterable[InboxItem]:
    return (_dispute(one, is_central=False) for one in disputes(user, Act.JUDGE))


def to_sign(user: User, at: datetime) -> Iterable[InboxItem]:
    """What she or another investigator signed, and is void since."""
    for line in lines_of(asking_again_of_participants(user), user):
        void = line.signature.void
        yield InboxItem(
            id=f"sign-{line.signature.pk}",
            kind=InboxKind.SIGN,
            participant=line.signature.participant,
            since=void.at,
            headline=line.kind,
            lines=(line.void,),
            page=line.link,
            keys=(InboxKey(label=_("Look and sign"), does="sign", address=line.link, part="form:has([name=seen])"),),
        )


def central(user: User, at: datetime) -> Iterable[InboxItem]:
    """What was sent to central review, and what an investigator says otherwise since."""
    for one in sent_and_unread(user):
        yield InboxItem(
            id=f"sent-{one.kind}-{one.root}",
            kind=InboxKind.SENT,
            participant=one.participant,
            since=one.started_at,
            headline=_episode_words(one.kind, ledger_words.grade_word(one.max_grade)),
            rank=one.max_grade,
            page=_episode_page(one),
            is_central=True,
            keys=(_judge_key(one.participant, About.EPISODE.value, one.root),),
        )
    yield from (_dispute(one, is_central=True) for one in disputes(user, Act.ADJUDICATE))


def _dispute(one: Dispute, *, is_central: bool) -> InboxItem:
    words = [
        _("%(who)s: %(word)s") % {"who": ledger_words.names()[name], "word": ledger_words.judged_word(each)}
        for name, each in (("investigator", one.investigator), ("central", one.central))
    ]
    return InboxItem(
        id=f"dispute-{one.episode.kind}-{one.episode.root}",
        kind=InboxKind.DISPUTE,
        participant=one.episode.participant,
        since=max(one.investigator.observed_at, one.central.observed_at),
        rank=one.episode.max_grade,
        headline=_episode_words(one.episode.kind, ledger_words.grade_word(one.episode.max_grade)),
        lines=tuple(words),
        page=_episode_page(one.episode),
        is_central=is_central,
        keys=(_judge_key(one.episode.participant, About.EPISODE.value, one.episode.root),),
    )


def windows(user: User, at: datetime) -> Iterable[InboxItem]:
    return (_window(one) for one in windows_to_close(user, at=at))


def _window(one: DosePeriod) -> InboxItem:
    address = f"{reverse('window', args=[one.participant_id])}?dose={one.dose_number}"
    close = InboxKey(
        label=_("Close the window"), does="close", address=address, part='form:has([name=do][value="close"])'
    )
    dose = {"n": one.dose_number, "step": step_text(one.step.label)}
    return InboxItem(
        id=f"window-{one.participant_id}-{one.dose_number}",
        kind=InboxKind.WINDOW,
        participant=one.participant,
        since=one.window_ends_at or one.started_at,
        headline=_("Dose %(n)s, %(step)s: the window is over") % dose,
        page=address,
        keys=(close,),
    )


def gates(user: User, at: datetime) -> Iterable[InboxItem]:
    for one in gates_waiting(dosed_and_watched(user), at=at):
        address, step = reverse("gate", args=[one.participant.pk]), one.answer.step
        shape, word = DECISIONS[one.answer.decision]
        release = InboxKey(
            label=_("Release or override"), does="release", address=address, part="form[aria-labelledby=release]"
        )
        yield InboxItem(
            id=f"gate-{one.participant.pk}",
            kind=InboxKind.GATE,
            participant=one.participant,
            since=one.planned_at,
            headline=f"{shape} {word} {step_text(step) if step else ''}".strip(),
            lines=(_("planned for this time"), *rule_lines(one.answer)),
            page=address,
            keys=(release, *_answer_keys(one.answer, address)),
        )


def _answer_keys(answer: Answer, address: str) -> Iterable[InboxKey]:
    """What a rule holds for, since only people know it, is answered beside the release."""
    if any(one.code in ONLY_PEOPLE_KNOW and one.state is Standing.UNKNOWN for one in answer.criteria):
        yield InboxKey(
            label=_("What only people know"), does="tell", address=address, part="form[aria-labelledby=asked]"
        )


def on_tablets(user: User, at: datetime) -> Iterable[InboxItem]:
    differences = differences_waiting(user)
    for row in difference_words.rows(differences):
        one: GradeDifference = row["one"]
        address = reverse("tablet-difference", args=[one.pk])
        look = InboxKey(
            label=_("Looked at"), does="looked", address=reverse("disagreements"), part=f'form[action="{address}"]'
        )
        yield InboxItem(
            id=f"tablet-{one.pk}",
            kind=InboxKind.TABLET,
            participant=one.participant,
            since=one.at,
            headline=_("%(kind)s on the tablet: %(shown)s") % row,
            lines=(_("Derived: %(derived)s") % row,),
            page=f"{reverse('participant', args=[one.participant_id])}?saved={one.pk}",
            keys=(look,),
        )
