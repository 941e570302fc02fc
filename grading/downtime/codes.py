"""What the square on a downtime sheet carries: which participant it is, by a key of ours, and when it was made.

Nothing of a person, a bed or a study: whoever reads it without an account learns a number. Signed, so that a code
that was not printed by us leads nowhere. Whether the reader may see the participant is asked as of any address.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from crsmonitor.errors import NotFound
from grading.recording.forms.base import DAYS_BACK

LASTS = timedelta(days=DAYS_BACK)  # the entry form offers no day before
_SALT = "grading.downtime.codes"  # of what is printed already: stays, wherever this module lies


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCode:
    """`made_at`: when the sheet was made, to the second."""

    participant_id: int
    made_at: datetime

    def is_old(self, *, at: datetime) -> bool:
        """Whether nothing is to be entered from it any more."""
        return at - self.made_at > LASTS


def code_of(participant_id: int, *, made_at: datetime) -> str:
    return _signer().sign(f"{participant_id:x}-{int(made_at.timestamp()):x}")


def read_code(text: str) -> SheetCode:
    """NotFound for what we never printed."""
    try:
        key, made = _signer().unsign(text).split("-")
    except BadSignature:
        raise NotFound("no_such_page") from None
    return SheetCode(participant_id=int(key, 16), made_at=datetime.fromtimestamp(int(made, 16), UTC))


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")
