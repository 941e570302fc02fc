"""One limit of guesses for every door, shared by all processes and hosts: rows of the database.

A guess is counted before it is looked at, so that many at once get no more looks than one after the other. After
FREE_TRIES each further one waits twice as long. Whose count it is:

- at a door, the name's there, for all strangers together, and the address's, which may guess MOST_OF_AN_ADDRESS times;
- in a browser where this person signed in before, a count of its own (known_devices);
- on an enrolled tablet (a PIN, a badge) the person's, on all tablets together, and the tablet's;
- inside a session (signing, proving again who one is) the session's: what others guess disturbs nobody at work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from crsmonitor.accounts.models import GuessCount, User
from crsmonitor.accounts.sign_in import known_devices
from crsmonitor.audit.events import record_event
from crsmonitor.security.addresses import client_address
from crsmonitor.security.proxies import network_of

FREE_TRIES = 5
MOST_OF_A_TABLET = 20  # of everybody who tries PINs and badges on one, in an hour
MOST_OF_AN_ADDRESS = 50  # a ward behind one address mistypes less in an hour; thirty names from one address are more
FIRST_WAIT_S, LONGEST_WAIT_S = 60, 300
FORGOTTEN_AFTER_S = 3600
UNKNOWN = "sign_in:unknown"  # the chain of the audit trail for names that nobody here has

# Nothing comes back while the guess has to wait. A count from the future is of a clock that was put back: it begins
# anew. Guesses at the same instant are a little older than what the first of them wrote, so not at once.
_COUNT = """
    INSERT INTO accounts_guesscount AS g (key, tries, at) VALUES (%(key)s, 1, %(at)s)
    ON CONFLICT (key) DO UPDATE
       SET at = EXCLUDED.at, tries = CASE WHEN g.at < %(forgotten)s OR g.at > %(ahead)s THEN 1 ELSE g.tries + 1 END
     WHERE g.tries < %(free)s OR g.at < %(forgotten)s OR g.at > %(ahead)s
        OR %(at)s >= g.at + make_interval(secs => least(%(first)s * power(2, least(g.tries - %(free)s, 20)), %(most)s))
    RETURNING tries
"""
_FORGET_OLD = """
    DELETE FROM accounts_guesscount WHERE key IN (
        SELECT key FROM accounts_guesscount WHERE at < %s ORDER BY at LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True)
class Count:
    """Whose guesses are counted together, and how many of them are free."""

    key: str
    free: int = FREE_TRIES


@dataclass
class Guess:
    """One try at a door. It may be looked at only if it `is_allowed`; then it `failed` or `succeeded`."""

    door: str
    request: HttpRequest
    name: str
    user: User | None
    counts: Sequence[Count]
    tries: int | None = None  # of the first count, with this one; None: it has to wait
    also: Mapping[str, object] = field(default_factory=dict)  # what else the trail keeps of it

    @property
    def is_allowed(self) -> bool:
        return self.tries is not None

    def failed(self) -> None:
        """It is in the trail, with the lock-out if it was the last free one."""
        details = whence(self.request, self.user) | {"door": self.door, "tries": self.tries, **self.also}
        about: dict[str, object] = {"subject": UNKNOWN, "name": hash_of(self.name)}
        if self.user is not None:
            about = {"subject": f"user:{self.user.pk}"}
        record_event("sign_in_failed", by=self.door, **about, **details)
        if self.tries == FREE_TRIES:
            record_event("locked_out", by=self.door, **about, **details)

    def succeeded(self) -> None:
        """Whose count it is begins anew; an address gets this one back."""
        own, *address = [count.key for count in self.counts]
        GuessCount.objects.filter(key=own).delete()
        _give_back(address)

    def was_none(self) -> None:
        """It shows who somebody is, and is no proof of it: whose count it is does not begin anew."""
        _give_back([count.key for count in self.counts])


def _give_back(keys: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_guesscount SET tries = greatest(tries - 1, 0) WHERE key = ANY(%s)", [[*keys]])


def at_the_door(door: str, request: HttpRequest, name: str, *, user: User | None = None) -> Guess:
    """A try from outside any session. `user`: whose name it is, where that is known already."""
    user = user or User.objects.filter(username=User.normalize_username(name)).first()
    device = known_devices.knows(request, user)
    if device is not None and user is not None:
        counts = [Count(_key("device", door, device.nonce, str(user.pk)))]
    else:
        network = network_of(client_address(request))
        counts = [Count(_key("name", door, name.casefold())), Count(_key("address", network), MOST_OF_AN_ADDRESS)]
    return _counted(Guess(door, request, name, user, counts), at=timezone.now())


def in_session(door: str, request: HttpRequest) -> Guess:
    """A try of whoever is signed in."""
    counts = [Count(_key("session", request.session.session_key or "", str(request.user.pk)))]
    return _counted(Guess(door, request, request.user.get_username(), request.user, counts), at=timezone.now())


def on_tablet(door: str, request: HttpRequest, tablet_id: int, user: User | None, *, typed: str = "") -> Guess:
    """A PIN or a badge on an enrolled tablet. `user` None: a badge that is nobody's."""
    counts = [Count(_key("tablet", str(tablet_id)), MOST_OF_A_TABLET)]
    if user is not None:
        counts.insert(0, Count(_on_tablets(user)))
    guess = Guess(door, request, typed, user, counts, also={"tablet": tablet_id})
    return _counted(guess, at=timezone.now())


def forgive_on_tablets(user: User) -> None:
    """She signed in fully: whoever tried her PIN before has all tries again, and nothing to try it by but with her."""
    GuessCount.objects.filter(key=_on_tablets(user)).delete()


def _on_tablets(user: User) -> str:
    return _key("on_tablets", str(user.pk))


def bad_key(request: HttpRequest, *, at: datetime) -> bool:
    """A key for machines that is none. False: too many from there. A good one is not counted: 256 bits are no guess."""
    address = client_address(request)
    tries = _count(Count(_key("keys", network_of(address)), MOST_OF_AN_ADDRESS), at=at)
    if tries is not None:
        record_event("key_refused", by="api", subject="api:keys", address=address, tries=tries)
    return tries is not None


def is_first_use(user: User, code: str) -> bool:
    """Whether this code was not used in the last hour: one that was looked over a shoulder is good for nothing."""
    return _count(Count(_key("code", str(user.pk), code), free=1), at=timezone.now()) == 1


def _counted(guess: Guess, *, at: datetime) -> Guess:
    """All its counts, or none of them: one that has to wait for its address costs the name nothing."""
    with transaction.atomic():
        tries = [_count(count, at=at) for count in guess.counts]
        if None in tries:
            transaction.set_rollback(True)
        else:
            guess.tries = tries[0]
    return guess


def _count(count: Count, *, at: datetime) -> int | None:
    forgotten = at - timedelta(seconds=FORGOTTEN_AFTER_S)
    values = {
        "key": count.key, "at": at, "forgotten": forgotten, "free": count.free, "first": FIRST_WAIT_S,
        "most": LONGEST_WAIT_S, "ahead": at + timedelta(seconds=LONGEST_WAIT_S),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_OLD, [forgotten])
        cursor.execute(_COUNT, values)
        row = cursor.fetchone()
    return None if row is None else row[0]


def whence(request: HttpRequest, user: User | None) -> dict[str, object]:
    """What the trail keeps of where somebody was."""
    return {"address": client_address(request), "known_device": known_devices.knows(request, user) is not None}


def hash_of(name: str) -> str:
    """Of what was typed as a name and is none: it may be a password in the wrong box."""
    # The salt is that of counts already kept: it stays, wherever this module lies.
    return salted_hmac("crsmonitor.accounts.guessing", name, algorithm="sha256").hexdigest()


def _key(*parts: str) -> str:
    return hash_of("|".join(parts))
