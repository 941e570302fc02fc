"""Queries in the inbox: what an investigator answers, and what waits for whoever asked to accept the answer."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, Role
from grading.queries.selectors import SHOWN, WAITING, Thread, in_states, queries_for, threads_of
from grading.queries.words import STATES, about_text, age_text
from grading.review.views.inbox_items import InboxItem, InboxKey, InboxKind
from grading.rules.queries.thread import QueryState
from regimens.models import Membership, Participant
from regimens.selectors import participants_for


def query_items(user: User, at: datetime) -> Iterable[InboxItem]:
    """For an investigator what is open, and the answers to what an investigator asked; for a data manager all answers.

    `user` stands for everybody of her scope: her own answers are among them, for another to accept.
    """
    waiting = in_states(queries_for(user, Act.QUERY), WAITING)
    threads = threads_of(waiting.select_related("participant__current_state")[:SHOWN])
    if not threads:
        return []
    judged, managed = (_participants(user, act, threads) for act in (Act.JUDGE, Act.DRAFT))
    investigators = set(
        Membership.objects.filter(role=Role.INVESTIGATOR.value, ended_at=None).values_list("study", "user")
    )

    def is_hers(thread: Thread) -> bool:
        key, study = thread.query.participant_id, thread.query.participant.study_id
        if thread.state is QueryState.ANSWERED and key in managed:
            return True
        by_investigator = (study, thread.question.by_id) in investigators
        return key in judged and (thread.state is QueryState.OPEN or by_investigator)

    return [_item(thread, at) for thread in threads if is_hers(thread)]


def _participants(user: User, act: Act, threads: Iterable[Thread]) -> set[int]:
    keys = {thread.query.participant_id for thread in threads}
    mine: Iterable[Participant] = participants_for(user, act).filter(pk__in=keys).only("pk")
    return {one.pk for one in mine}


def _item(thread: Thread, at: datetime) -> InboxItem:
    page = reverse("query", args=[thread.query.pk])
    words = {"who": thread.last.by.get_username(), "text": thread.last.text}
    return InboxItem(
        id=f"query-{thread.query.pk}",
        kind=InboxKind.QUERY,
        participant=thread.query.participant,
        since=thread.query.opened_at,
        headline=about_text(thread),
        lines=(f"{STATES[thread.state]}, {age_text(thread.age_days(at))}", _("%(who)s: “%(text)s”") % words),
        page=page,
        keys=(InboxKey(label=_("Answer or close"), does="query", address=page, part="form.query-move"),),
    )
