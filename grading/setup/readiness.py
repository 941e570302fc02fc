"""Is a study ready to enrol? Facts in, rows of a checklist out. Pure: no Django, no clock; the edge gives the words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crsmonitor.accounts.roles import Role
from grading.rules.alerting.on_call.rota import OnCallRole

# Who may have an on-call role (docs/conventions.md, "who is on call as what").
ROLES_ON_CALL: dict[OnCallRole, frozenset[Role]] = {
    OnCallRole.ASSIGNED_NURSE: frozenset({Role.NURSE, Role.CHARGE_NURSE}),
    OnCallRole.CHARGE_NURSE: frozenset({Role.CHARGE_NURSE}),
    OnCallRole.ON_CALL_INVESTIGATOR: frozenset({Role.INVESTIGATOR}),
    OnCallRole.BACK_UP: frozenset({Role.NURSE, Role.CHARGE_NURSE, Role.INVESTIGATOR}),
    OnCallRole.PRINCIPAL_INVESTIGATOR: frozenset({Role.INVESTIGATOR}),
}


class Item(StrEnum):
    """The rows of the checklist, in the order in which a study is set up."""

    SITES = "sites"
    PEOPLE = "people"
    REGIMEN = "regimen"
    OBSERVATION = "observation"  # intervals, risk window and hours of observation of the regimen in force
    TIGHTENING = "tightening"
    POLICY = "policy"
    ESCALATION = "escalation"
    CHANNELS = "channels"
    ROTA = "rota"
    PHONE_TREE = "phone_tree"
    TOKENS = "tokens"


class RowStanding(StrEnum):
    """How a row stands. Only what is missing keeps anybody from being enrolled."""

    DONE = "done"
    MISSING = "missing"
    ADVICE = "advice"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One thing that is missing. `site` empty: it is the whole study's."""

    code: str
    site: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One row of the checklist. `shortfalls` empty: nothing is missing, or the row is for information."""

    item: Item
    standing: RowStanding
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What is set up at one site. `on_call`: the roles that the escalation pages, in order; empty: no turns.

    `callable`: those for which somebody of a fitting role has a tested channel. `rota_gaps`: those with an hour
    without anybody in the days to come.
    """

    code: str
    zone_known: bool
    roles: frozenset[Role]
    on_call: tuple[OnCallRole, ...]
    callable: frozenset[OnCallRole]
    rota_gaps: frozenset[OnCallRole]
    has_phone_tree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenFacts:
    """The version in force of one regimen. `missing`: field of the observation plan -> steps that lack it."""

    name: str
    missing: Mapping[str, list[str]]
    tightening_decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFacts:
    """What is set up of a study. `drafts`: versions of a regimen that wait for approval; `policy_drafted` likewise."""

    sites: tuple[SiteFacts, ...]
    has_data_manager: bool
    regimens: tuple[RegimenFacts, ...]
    drafts: tuple[str, ...]
    policy_in_force: bool
    policy_drafted: bool
    tokens: int


def checklist(facts: StudyFacts) -> tuple[ChecklistRow, ...]:
    """Every row in order. A study without a site has the rows of its sites missing, never done."""
    return tuple(_row(item, tuple(shortfalls(facts))) for item, shortfalls in _SHORTFALLS.items())


def missing_at(rows: Iterable[ChecklistRow], site: str) -> tuple[Shortfall, ...]:
    """What keeps a participant from being enrolled at this site: the study's own and the site's. Empty: ready."""
    return tuple(
        one for row in rows if row.standing is RowStanding.MISSING for one in row.shortfalls if one.site in ("", site)
    )


def _row(item: Item, shortfalls: tuple[Shortfall, ...]) -> ChecklistRow:
    if item is Item.TOKENS:
        return ChecklistRow(item=item, standing=RowStanding.INFORMATION, shortfalls=shortfalls)
    if not shortfalls:
        return ChecklistRow(item=item, standing=RowStanding.DONE)
    return ChecklistRow(
        item=item, standing=RowStanding.ADVICE if item is Item.ROTA else RowStanding.MISSING, shortfalls=shortfalls
    )


def _sites(facts: StudyFacts) -> Iterator[Shortfall]:
    if not facts.sites:
        yield Shortfall(code="no_site")
    for site in facts.sites:
        if not site.zone_known:
            yield Shortfall(code="zone_unknown", site=site.code)


def _people(facts: StudyFacts) -> Iterator[Shortfall]:
    if not facts.has_data_manager:
        yield Shortfall(code="no_data_manager")
    if not facts.sites:
        yield Shortfall(code="no_site_yet")
    for site in facts.sites:
        if not site.roles & {Role.NURSE, Role.CHARGE_NURSE}:
            yield Shortfall(code="no_nurse", site=site.code)
        if Role.INVESTIGATOR not in site.roles:
            yield Shortfall(code="no_investigator", site=site.code)


def _regimen(facts: StudyFacts) -> Iterator[Shortfall]:
    if not facts.regimens:
        yield from (Shortfall(code="regimen_waits", values={"regimen": name}) for name in facts.drafts)
        if not facts.drafts:
            yield Shortfall(code="no_regimen")


def _no_regimen_yet(facts: StudyFacts) -> Iterator[Shortfall]:
    """A draft says what it says once it is approved."""
    if not facts.regimens and facts.drafts:
        yield from (Shortfall(code="regimen_waits", values={"regimen": name}) for name in facts.drafts)
    elif not facts.regimens:
        yield Shortfall(code="no_regimen_yet")


def _observation(facts: StudyFacts) -> Iterator[Shortfall]:
    yield from _no_regimen_yet(facts)
    if any(not one.missing for one in facts.regimens):
        return  # one regimen can be enrolled under; another is refused by itself
    for one in facts.regimens:
        for name, steps in one.missing.items():
            values = {"regimen": one.name, "field": name, "steps": steps}
            yield Shortfall(code="steps_lack", values=values)


def _tightening(facts: StudyFacts) -> Iterator[Shortfall]:
    yield from _no_regimen_yet(facts)
    if any(one.tightening_decided for one in facts.regimens):
        return
    yield from (Shortfall(code="tightening_undecided", values={"regimen": one.name}) for one in facts.regimens)


def _policy(facts: StudyFacts) -> Iterator[Shortfall]:
    if not facts.policy_in_force:
        yield Shortfall(code="policy_waits" if facts.policy_drafted else "no_policy")


def _escalation(facts: StudyFacts) -> Iterator[Shortfall]:
    if not facts.sites:
        yield Shortfall(code="no_site_yet")
    yield from (Shortfall(code="no_escalation", site=site.code) for site in facts.sites if not site.on_call)


def _channels(facts: StudyFacts) -> Iterator[Shortfall]:
    if not any(site.on_call for site in facts.sites):
        yield Shortfall(code="no_escalation_yet")
    for site in facts.sites:
        for role in dict.fromkeys(site.on_call):
            if role not in site.callable:
                yield Shortfall(code="nobody_callable", site=site.code, values={"on_call_role": role.value})


def _rota(facts: StudyFacts) -> Iterator[Shortfall]:
    if not any(site.on_call for site in facts.sites):
        yield Shortfall(code="no_escalation_yet")
    for site in facts.sites:
        for role in dict.fromkeys(site.on_call):
            if role in site.rota_gaps:
                yield Shortfall(code="hours_without", site=site.code, values={"on_call_role": role.value})


def _phone_tree(facts: StudyFacts) -> Iterator[Shortfall]:
    if not facts.sites:
        yield Shortfall(code="no_site_yet")
    yield from (Shortfall(code="no_phone_tree", site=site.code) for site in facts.sites if not site.has_phone_tree)


def _tokens(facts: StudyFacts) -> Iterator[Shortfall]:
    yield Shortfall(code="tokens_live", values={"count": str(facts.tokens)})


_SHORTFALLS = {
    Item.SITES: _sites, Item.PEOPLE: _people, Item.REGIMEN: _regimen, Item.OBSERVATION: _observation,
    Item.TIGHTENING: _tightening, Item.POLICY: _policy, Item.ESCALATION: _escalation, Item.CHANNELS: _channels,
    Item.ROTA: _rota, Item.PHONE_TREE: _phone_tree, Item.TOKENS: _tokens,
}  # fmt: skip
