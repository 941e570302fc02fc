"""The checklist in words: what each row is about, what is missing of it, who does it, and on which page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.roles import Act
from grading.models.on_call import ON_CALL_ROLES
from grading.recording.item_banks import newest_in
from grading.setup.people import EntryOutcome
from grading.setup.readiness import ChecklistRow, Item, RowStanding, Shortfall
from grading.words.wording import listed, phrases
from regimens.models import Language, Site, Study
from regimens.wording import ASKED, steps_text

TITLES: dict[Item, Promise] = {
    Item.SITES: _l("Sites and their time zones"),
    Item.PEOPLE: _l("People with their roles"),
    Item.REGIMEN: _l("Regimen, approved"),
    Item.OBSERVATION: _l("Observation plan and risk window"),
    Item.TIGHTENING: _l("Shorter intervals after a trigger"),
    Item.POLICY: _l("Threshold policy in force"),
    Item.ESCALATION: _l("Escalation"),
    Item.CHANNELS: _l("A tested channel for every role on call"),
    Item.ROTA: _l("Rota of the next seven days"),
    Item.PHONE_TREE: _l("Phone tree"),
    Item.TOKENS: _l("Keys for machines"),
}
STANDINGS: dict[RowStanding, Promise] = {
    RowStanding.DONE: _l("done"),
    RowStanding.MISSING: _l("missing"),
    RowStanding.ADVICE: _l("advice"),
    RowStanding.INFORMATION: _l("for information"),
}
# The pages where a row is done, the best first, with who may do it there: the first that there is for a user.
REGIMENS = (("setup-regimens", (Act.DRAFT, Act.APPROVE)),)
PAGES: dict[Item, tuple[tuple[str, tuple[Act, ...]], ...]] = {
    Item.SITES: (("setup-sites", (Act.DRAFT,)),),
    Item.PEOPLE: (("setup-people", (Act.DRAFT,)),),
    Item.REGIMEN: REGIMENS,
    Item.OBSERVATION: REGIMENS,
    Item.TIGHTENING: REGIMENS,
    Item.POLICY: (("policies", (Act.DRAFT, Act.APPROVE)),),
    Item.ESCALATION: (("escalation", (Act.DRAFT,)),),
    Item.CHANNELS: (("setup-people", (Act.DRAFT,)), ("contacts", (Act.ACKNOWLEDGE,))),
    Item.ROTA: (("rotas", (Act.RUN_WARD,)),),
    Item.PHONE_TREE: (("phone-trees", (Act.DRAFT,)),),
    Item.TOKENS: (),
}
DOERS: dict[Item, Promise] = {
    Item.REGIMEN: _l("a data manager drafts it, an investigator approves it"),
    Item.POLICY: _l("a data manager drafts it, an investigator approves it"),
    Item.CHANNELS: _l("each person tests their own"),
    Item.ROTA: _l("a charge nurse, an investigator or a data manager"),
    Item.TOKENS: _l("each person makes and revokes their own"),
}
OUTCOMES: dict[EntryOutcome, Promise] = {
    EntryOutcome.ACCOUNT: _l("new account, invited by mail"),
    EntryOutcome.ADDRESS: _l("other address, invited again"),
    EntryOutcome.MEMBERSHIP: _l("has an account: role added"),
    EntryOutcome.THERE: _l("is here already"),
}
A_DATA_MANAGER = _l("a data manager")
SHORTFALLS: dict[str, Promise] = {
    "no_site": _l("No site takes part yet."),
    "no_site_yet": _l("First the sites."),
    "zone_unknown": _l("The time zone is not one that is known."),
    "no_data_manager": _l("Nobody is data manager: an operator names one."),
    "no_nurse": _l("Nobody is nurse or charge nurse."),
    "no_investigator": _l("Nobody is investigator."),
    "no_regimen": _l("No regimen yet."),
    "no_regimen_yet": _l("First a regimen."),
    "regimen_waits": _l("%(regimen)s is drafted and waits for an investigator."),
    "steps_lack": _l("%(regimen)s does not say %(field)s: %(steps)s."),
    "tightening_undecided": _l("%(regimen)s says neither when intervals get shorter nor that they never do."),
    "no_policy": _l("No policy is in force: nobody is told."),
    "policy_waits": _l("A version is drafted and waits for an investigator: nobody is told."),
    "no_escalation": _l("Nobody is called by turns."),
    "no_escalation_yet": _l("First the escalation."),
    "nobody_callable": _l("Nobody who can be %(on_call_role)s has a tested channel."),
    "hours_without": _l("There are hours without anybody as %(on_call_role)s."),
    "no_phone_tree": _l("No phone tree for the hour in which messages do not arrive."),
    "tokens_live": _l("Live keys of people of this study: %(count)s. Only imports need them."),
}
ICONS = {
    RowStanding.DONE: "check-circle-fill",
    RowStanding.MISSING: "exclamation-triangle-fill",
    RowStanding.ADVICE: "question-circle",
    RowStanding.INFORMATION: "question-circle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as a page shows it. `address` empty: this user does it nowhere; `doer` says who does."""

    item: str
    standing: str
    title: Any
    word: Any
    icon: str
    texts: tuple[str, ...]
    doer: Any
    address: str


def shown(row: ChecklistRow, study: Study, *, acts: frozenset[Act]) -> ShownRow:
    """`acts`: what the user may do in this study."""
    names = tuple(name for name, needed in PAGES[row.item] if acts & set(needed))
    return ShownRow(
        item=row.item.value, standing=row.standing.value, title=TITLES[row.item], word=STANDINGS[row.standing],
        icon=ICONS[row.standing], texts=tuple(shortfall_text(one) for one in row.shortfalls),
        doer=DOERS.get(row.item, A_DATA_MANAGER), address=first_page(names, study),
    )  # fmt: skip


def shortfall_text(shortfall: Shortfall) -> str:
    """What is missing, with the site where it is."""
    values = dict(shortfall.values)
    if "on_call_role" in values:
        values["on_call_role"] = str(ON_CALL_ROLES[values["on_call_role"]])
    if "field" in values:
        values["field"] = str(ASKED[values["field"]])
    if "steps" in values:
        values["steps"] = steps_text(values["steps"])
    text = str(SHORTFALLS[shortfall.code]) % values
    return _("%(site)s: %(text)s") % {"site": shortfall.site, "text": text} if shortfall.site else text


def first_page(names: tuple[str, ...], study: Study) -> str:
    """The address of the first of these pages that there is. Empty: of none."""
    for name in names:
        for arguments in ([study.code], []):
            try:
                return reverse(name, args=arguments)
            except NoReverseMatch:
                continue
    return ""


def enrol_address(study: Study, site: Site) -> str:
    """The page where a participant is enrolled at this site."""
    return reverse("setup-enrol", args=[study.code, site.code])


def _shortfall(values: Mapping[str, Any]) -> str:
    return shortfall_text(values["shortfall"])


# What enrolment (enrolling.py) and its guard (guard.py) say; `apps.py` adds this table to the project's.
ERROR_WORDS: dict[str, Any] = {
    "setup_shortfall": _shortfall,
    "number_is_taken": _l("The study has a participant %(number)s already."),
    "first_facts_wrong": _l("Not everything can be kept as it was typed."),
    "not_a_site_of_the_study": _l("%(site)s is no site of this study."),
}


def objects_shown() -> list[tuple[str, str]]:
    """What the ward has at hand for the ICE: the sets of objects of each language, in its words."""
    newest = [(language, newest_in(language.value)) for language in Language]
    return [
        (str(language.label), phrases(listed(one) for one in bank.object_sets.values()))
        for language, bank in newest
        if bank is not None
    ]
