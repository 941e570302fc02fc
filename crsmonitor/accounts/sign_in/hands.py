"""A browser changes hands: what apps do when somebody signs in or out there, or ends all her other sessions.

Apps say what, when they are ready. It is done in the request, before the answer: whoever leaves has left.
"""

from collections.abc import Callable
from enum import Enum

from django.http import HttpRequest

from crsmonitor.accounts.models import User

Act = Callable[[HttpRequest, User], None]


class Hands(Enum):
    IN = "signs in"
    OUT = "signs out"
    ALONE = "ends all other sessions"


_acts: dict[Hands, list[Act]] = {hands: [] for hands in Hands}


def on(hands: Hands, act: Act) -> None:
    if act not in _acts[hands]:
        _acts[hands].append(act)


def run(hands: Hands, request: HttpRequest, user: User) -> None:
    for act in _acts[hands]:
        act(request, user)
