"""The one family of domain errors. Raised below the edge, translated once at each edge (page, API, command)."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A request that is well formed but not allowed. Shown to the user as written.

    `fields` maps a field name to its messages; empty when the error is about the whole request.
    """

    status = 409
    code = "not_allowed"

    def __init__(self, detail: str, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}


class InvalidInput(DomainError):
    """A value that cannot be kept: out of human range, contradictory, in the future."""

    status = 400
    code = "invalid"


class ConfirmationNeeded(InvalidInput):
    """A value that is possible but unusual: type it again to confirm it. Nothing real is blocked."""

    code = "confirm"


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
