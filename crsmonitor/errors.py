"""The one family of domain errors: codes with values, raised below the edge. `error_words` says them at each edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to be said: its code, and the values that its sentence needs."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


class DomainError(Exception):
    """A request that is well formed but not allowed. `message` is about all of it.

    `fields` maps a field name to its messages; empty when the error is about the whole request.
    """

    status = 409
    code = "not_allowed"

    def __init__(
        self, code: str, /, *, fields: Mapping[str, Sequence[Message | str]] | None = None, **values: object
    ) -> None:
        super().__init__(code, values) if values else super().__init__(code)
        self.message = Message(code, values)
        self.fields = {
            name: [Message(one) if isinstance(one, str) else one for one in messages]
            for name, messages in (fields or {}).items()
        }

    @classmethod
    def at(cls, name: str, code: str, /, **values: object) -> Self:
        """The error of one field: the same is said there and of the whole."""
        return cls(code, fields={name: [Message(code, values)]}, **values)


class InvalidInput(DomainError):
    """A value that cannot be kept: out of human range, contradictory, in the future."""

    status = 400
    code = "invalid"


class ConfirmationNeeded(InvalidInput):
    """A value that is possible but unusual: type it again to confirm it. Nothing real is blocked."""

    code = "confirm"


class SignatureNeeded(InvalidInput):
    """What is signed came without a signature: nobody proved again who they are."""

    code = "signature_needed"


class NotFound(DomainError):
    """No such thing for this user. A stranger and a missing row get the same answer."""

    status = 404
    code = "not_found"


class Forbidden(DomainError):
    """The user may see this, and may not do this."""

    status = 403
    code = "forbidden"


class KeyReused(DomainError):
    """The same client id came with another body, or belongs to a record this user may not see."""

    code = "client_id_reused"


class AlreadyCorrected(DomainError):
    """Somebody else corrected this record first; their version is the one to correct now."""

    code = "already_corrected"


class AlreadyAcknowledged(DomainError):
    """Somebody else took this alert first."""

    code = "already_acknowledged"


class RewritingHistory(TypeError):
    """A programming error: facts are written once and corrected by another fact."""
