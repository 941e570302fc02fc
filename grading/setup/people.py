"""Put people into a study, by one form or many lines: an account where there is none, a membership, an invitation."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from crsmonitor.accounts import invitations
from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, Role
from crsmonitor.accounts.sign_in import sessions
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput, Message, NotFound
from grading.alerting.delivery import outbox
from grading.models import Invitation
from regimens.models import Membership, Site, Study
from regimens.selectors import sites_of, studies_for

AT_A_SITE = frozenset({Role.NURSE, Role.CHARGE_NURSE})  # who works on a ward, and so at one site


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person in one role, as typed. `site` empty: all sites of the study. `email` empty: she has an account."""

    name: str
    email: str
    role: str
    site: str


class EntryOutcome(StrEnum):
    """What an entry would do."""

    THERE = "there"  # nothing: she has this role
    MEMBERSHIP = "membership"  # of an account that is there
    ACCOUNT = "account"  # a new account, a membership and an invitation
    ADDRESS = "address"  # the same for an account that was never taken up, under another address


Problems = list[tuple[int, str, Message]]  # number of the entry, its field, what is wrong


class _Check:
    """Entries against the people and sites that there are, and against each other."""

    def __init__(self, study: Study, entries: Sequence[Entry], by: User) -> None:
        self.study, self.by = study, by
        self.sites = {site.code: site for site in sites_of(study)}
        names = [one.name.casefold() for one in entries]
        emails = [one.email.casefold() for one in entries if one.email]
        accounts = list(User.objects.alias(low=Lower("username")).filter(low__in=names))
        self.accounts = {one.username.casefold(): one for one in accounts}
        self.owners = {
            one.email.casefold(): one for one in User.objects.alias(low=Lower("email")).filter(low__in=emails)
        }
        self.typed: dict[str, Entry] = {}  # by name
        self.names: dict[str, str] = {}  # by address
        rows = Membership.objects.filter(study=study, ended_at=None)
        self.there = {(row.user_id, row.role, row.site_id) for row in rows}
        self.elsewhere = set(
            Membership.objects.filter(user__in=accounts).exclude(study=study).values_list("user_id", flat=True)
        )

    def site(self, entry: Entry) -> Site | None:
        return self.sites.get(entry.site)

    def problems(self, entry: Entry) -> Iterator[tuple[str, Message]]:
        account = self.accounts.get(entry.name.casefold())
        yield from self._of_name(entry, account)
        yield from self._of_address(entry, account)
        if entry.role not in {role.value for role in Role}:
            yield "role", Message("no_such_role", {"known": ", ".join(role.value for role in Role)})
        if entry.site and entry.site not in self.sites:
            yield "site", Message("no_such_site")
        elif not entry.site and entry.role in AT_A_SITE:
            yield "site", Message("say_which_site")

    def _of_name(self, entry: Entry, account: User | None) -> Iterator[tuple[str, Message]]:
        try:
            UnicodeUsernameValidator()(entry.name)
        except ValidationError:
            yield "name", Message("name_not_possible")
        if len(entry.name) > 150:
            yield "name", Message("name_not_possible")
        if account is not None and (not account.is_active or account.is_machine):
            yield "name", Message("account_is_closed")
        if account == self.by:
            yield "name", Message("no_role_for_oneself")

    def _of_address(self, entry: Entry, account: User | None) -> Iterator[tuple[str, Message]]:
        first = self.typed.setdefault(entry.name.casefold(), entry)
        if first.email.casefold() != entry.email.casefold():
            yield "email", Message("two_addresses")
        elif entry.email:
            try:
                validate_email(entry.email)
            except ValidationError:
                yield "email", Message("no_address")
            owner = self.owners.get(entry.email.casefold())
            first_name = self.names.setdefault(entry.email.casefold(), entry.name)
            if owner is not None and owner != account:
                yield "email", Message("address_of_another", {"name": owner.username})
            elif first_name.casefold() != entry.name.casefold():
                yield "email", Message("address_of_another", {"name": first_name})
            elif (
                account is not None and account.email.casefold() != entry.email.casefold() and not self.is_ours(account)
            ):
                yield "email", Message("account_has_another_address")
        elif account is None:
            yield "email", Message("new_account_needs_email")

    def is_ours(self, account: User) -> bool:
        """Opened for this study alone and never taken up: its address may still be put right."""
        return invitations.is_open(account) and account.pk not in self.elsewhere

    def outcome(self, entry: Entry) -> EntryOutcome:
        account, site = self.accounts.get(entry.name.casefold()), self.site(entry)
        if account is None:
            return EntryOutcome.ACCOUNT
        if entry.email and not _has_address(account, entry):
            return EntryOutcome.ADDRESS
        there = (account.pk, entry.role, site.pk if site else None) in self.there
        return EntryOutcome.THERE if there else EntryOutcome.MEMBERSHIP


def _has_address(account: User, entry: Entry) -> bool:
    return account.email.casefold() == entry.email.casefold()


def check(study: Study, entries: Sequence[Entry], *, by: User) -> tuple[list[EntryOutcome], Problems]:
    """What the entries would do, in their order; and what is wrong with them: then they do nothing."""
    known = _Check(study, entries, by)
    problems = [(number, *problem) for number, one in enumerate(entries) for problem in known.problems(one)]
    return ([] if problems else [known.outcome(one) for one in entries]), problems


@transaction.atomic
def put_in(study: Study, entries: Sequence[Entry], *, by: User, at: datetime) -> list[EntryOutcome]:
    """Do what `check` says, all or nothing; doing it again does nothing. Raises Forbidden, InvalidInput."""
    if not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)  # one at a time
    known, outcomes = _Check(study, entries, by), []
    for one in entries:
        for field, problem in known.problems(one):
            raise InvalidInput(problem.code, fields={field: [problem]}, **problem.values)
        outcome = known.outcome(one)
        _put_in(study, one, outcome, known, by=by, at=at)
        outcomes.append(outcome)
    return outcomes


def _put_in(study: Study, entry: Entry, outcome: EntryOutcome, known: _Check, *, by: User, at: datetime) -> None:
    name, why = entry.name.casefold(), f"people of {study.code}"
    if outcome is EntryOutcome.ACCOUNT:
        known.accounts[name] = invitations.open_invited(entry.name, entry.email, by=by, reason=why)
    account, site = known.accounts[name], known.site(entry)
    with acting(by=by, reason=why):
        if outcome is EntryOutcome.ADDRESS:
            User.objects.filter(pk=account.pk).update(email=entry.email)
            account.email = entry.email
        key = (account.pk, entry.role, site.pk if site else None)
        if key not in known.there:
            Membership.objects.create(user=account, study=study, site=site, role=entry.role)
            known.there.add(key)
    if outcome in (EntryOutcome.ACCOUNT, EntryOutcome.ADDRESS):
        invite(study, account, at=at)


def invite_again(study: Study, user_id: int, *, by: User, at: datetime) -> None:
    """Another mail with a new link, once an hour at most. NotFound where nobody waits to take up an account."""
    member = _member(study, by).filter(user=user_id).select_related("user").first()
    if member is None or not invitations.is_open(member.user):
        raise NotFound("no_such_record")
    invite(study, member.user, at=at)


def end_membership(study: Study, membership_id: int, *, reason: str, by: User, at: datetime) -> None:
    """She is that no more from now on; another membership may follow. Raises NotFound, Forbidden, InvalidInput."""
    member = _member(study, by).filter(pk=membership_id).select_related("user").first()
    if member is None:
        raise NotFound("no_such_record")
    if member.user_id == by.pk:
        raise InvalidInput.at("reason", "no_end_by_oneself")
    if not reason.strip():
        raise InvalidInput.at("reason", "say_why_changed")
    with acting(by=by, reason=reason.strip()):
        if Membership.objects.filter(pk=member.pk, ended_at=None).update(ended_at=at):
            sessions.end_and_say(member.user, because="membership", by=by, at=at)


def _member(study: Study, by: User) -> QuerySet[Membership]:
    if not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    return Membership.objects.filter(study=study, ended_at=None)


def invite(study: Study, user: User, *, at: datetime) -> None:
    """A mail with the link to an account that waits for its person. Once an hour at most."""
    # The address is part of the key: one that was put right is written to at once.
    address = hashlib.sha256(user.email.encode()).hexdigest()[:12]
    key = f"invitation:{study.pk}:{user.pk}:{at:%Y%m%d%H}:{address}"
    outbox.leave([Invitation(key=key, study=study, recipient=user, queued_at=at, next_try_at=at)])
