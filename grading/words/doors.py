"""The pages that somebody may open: those of her role's daily work stand in the menu, the others behind "More".

One question to the database for each request, however many menus and tags ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from crsmonitor.accounts.roles import MAY, Act, Role
from regimens.selectors import roles_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`address`: the name of the page. `opens`: to whoever may do one of these; `operators`: to them too."""

    address: str
    label: str | Promise
    icon: str
    opens: frozenset[Act]
    operators: bool = False


WARD = frozenset({Act.SEE_WARD})
SETS_UP = frozenset({Act.DRAFT, Act.APPROVE, Act.RUN_WARD})  # whoever does a part of it

DOORS = (
    Door(address="alerts", label=_l("Alerts"), icon="bell-fill", opens=WARD),
    Door(
        address="inbox", label=_l("Inbox"), icon="file-earmark-text",
        opens=frozenset({Act.JUDGE, Act.DRAFT, Act.ADJUDICATE}),
    ),
    Door(address="queries", label=_l("Queries"), icon="pencil-square", opens=WARD),
    Door(address="handover", label=_l("Handover"), icon="heart-pulse", opens=WARD),
    Door(address="intake", label=_l("Imports"), icon="hospital", opens=WARD),
    Door(address="rotas", label=_l("Rota"), icon="calendar-week", opens=WARD),
    Door(
        address="disagreements", label=_l("Disagreements"), icon="arrow-left-right", opens=WARD | {Act.ADJUDICATE},
    ),
    Door(address="regimens", label=_l("Regimens"), icon="prescription2", opens=frozenset({Act.SEE_STUDY})),
    Door(address="designs", label=_l("Designs"), icon="question-circle", opens=frozenset({Act.DESIGN})),
    Door(
        address="safety-reviews", label=_l("Safety review"), icon="capsule", opens=frozenset({Act.SEE_STUDY}),
    ),
    Door(
        address="evidence-list", label=pgettext_lazy("page", "Evidence"), icon="grid-3x3-gap",
        opens=frozenset({Act.SEE_STUDY}),
    ),
    Door(address="setups", label=_l("Setup"), icon="check-circle-fill", opens=SETS_UP, operators=True),
    Door(
        address="tablets", label=_l("Tablets"), icon="lock", opens=frozenset({Act.RUN_WARD}), operators=True,
    ),
    Door(address="exports", label=_l("Exports"), icon="file-earmark-arrow-down", opens=frozenset({Act.EXPORT})),
)  # fmt: skip

# What each does every day.
DAILY: Mapping[Role, frozenset[str]] = {
    Role.NURSE: frozenset({"alerts", "handover", "rotas"}),
    Role.CHARGE_NURSE: frozenset({"alerts", "handover", "rotas", "tablets"}),
    Role.INVESTIGATOR: frozenset({"alerts", "inbox", "handover", "rotas", "disagreements", "regimens"}),
    Role.DATA_MANAGER: frozenset({"inbox", "queries", "setups", "disagreements", "regimens", "exports"}),
    Role.SPONSOR: frozenset({"regimens", "designs", "exports"}),
    Role.CENTRAL: frozenset({"inbox", "disagreements", "regimens"}),
}
OF_OPERATORS = frozenset({"setups", "tablets"})


@dataclass(frozen=True, slots=True)
class Menu:
    """Every door that opens, once."""

    daily: tuple[Door, ...]
    more: tuple[Door, ...]


def acts_of(roles: frozenset[Role]) -> frozenset[Act]:
    return frozenset().union(*(MAY[role] for role in roles))


def menu_of(roles: frozenset[Role], *, operates: bool) -> Menu:
    """Of somebody in these roles; `operates`: whether she runs the server."""
    acts = acts_of(roles)
    opens = [door for door in DOORS if acts & door.opens or (operates and door.operators)]
    daily = frozenset().union(*(DAILY[role] for role in roles), OF_OPERATORS if operates else ())
    return Menu(
        daily=tuple(door for door in opens if door.address in daily),
        more=tuple(door for door in opens if door.address not in daily),
    )


def roles_here(request: HttpRequest) -> frozenset[Role]:
    """What whoever asks is. Kept for the rest of the request, for this person alone: one may sign in during it."""
    user = request.user
    kept: tuple[int | None, frozenset[Role]] | None = getattr(request, "kept_roles", None)
    if kept is None or kept[0] != user.pk:
        kept = (user.pk, roles_of(user))
        request.kept_roles = kept  # type: ignore[attr-defined]
    return kept[1]


def may_here(request: HttpRequest, act: Act) -> bool:
    """Whether whoever asks may do this anywhere at all: `regimens.selectors.may`, asked once for a request."""
    return act in acts_of(roles_here(request))
